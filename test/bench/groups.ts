import type { BenchGroup } from './figure';
import * as history from './history';
import * as overhead from './overhead';
import * as parse from './parse';
import * as scale from './scale';
import * as serve from './serve';
import * as slippage from './slippage';
import * as sync from './sync';
import * as write from './write';

/** In the order in which they run. */
export const GROUPS: readonly BenchGroup[] = [parse, write, sync, serve, slippage, overhead, scale, history];
