import { CALLER_CASES } from './callers';
import { describeFaults } from './rig/describe-faults';

describeFaults('a caller', CALLER_CASES);
