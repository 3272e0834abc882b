import { describeFaults } from './rig/describe-faults';
import { TRANSPORT_CASES } from './upstream-transport';

describeFaults('an upstream behind a broken network', TRANSPORT_CASES);
