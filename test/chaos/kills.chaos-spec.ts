import { KILL_CASES, KILL_WORLD } from './kills';
import { describeFaults } from './rig/describe-faults';

// Two hundred kills, each with a process that is started anew.
jest.setTimeout(7_200_000);

if (process.env['CHAOS_FULL'] === '1') describeFaults('a process that is killed', KILL_CASES, KILL_WORLD);
else it.skip('kills at any moment of a run: takes long, runs with CHAOS_FULL=1', () => undefined);
