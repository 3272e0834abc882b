import { KILL_CASES } from './kills';
import { describeFaults } from './rig/describe-faults';

// Two hundred kills, each with a process that is started anew.
jest.setTimeout(process.env['CHAOS_FULL'] === '1' ? 3_600_000 : 300_000);

describeFaults('a process that is killed', KILL_CASES);
