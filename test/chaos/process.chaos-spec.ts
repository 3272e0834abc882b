import { PROCESS_CASES } from './process';
import { describeFaults } from './rig/describe-faults';

describeFaults('a process', PROCESS_CASES);
