import { MEMORY_CASES } from './memory';
import { describeFaults } from './rig/describe-faults';

describeFaults('a process with little memory', MEMORY_CASES);
