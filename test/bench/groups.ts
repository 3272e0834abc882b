import type { BenchGroup } from './figure';
import * as history from './history';
import * as parse from './parse';
import * as serve from './serve';

/** In the order in which they run. */
export const GROUPS: readonly BenchGroup[] = [parse, serve, history];
