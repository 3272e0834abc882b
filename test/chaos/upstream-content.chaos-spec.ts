import { describeFaults } from './rig/describe-faults';
import { CONTENT_CASES } from './upstream-content';

describeFaults('an upstream that answers wrongly', CONTENT_CASES);
