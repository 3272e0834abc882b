import type { BenchGroup } from './figure';
import * as history from './history';
import * as parse from './parse';

/** In the order in which they run. */
export const GROUPS: readonly BenchGroup[] = [parse, history];
