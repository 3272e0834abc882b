import { KILL_CASES, KILL_WORLD } from './kills';
import { describeFaults } from './rig/describe-faults';

// The whole is two hundred kills, each with a process that is started anew.
jest.setTimeout(7_200_000);

describeFaults('a process that is killed', KILL_CASES, KILL_WORLD);
