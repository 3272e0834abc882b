import { DEMO_WALLETS } from '../simulator';
import { describeFaults } from './rig/describe-faults';
import { LIMIT_CASES } from './upstream-limits';

describeFaults('an upstream that limits', LIMIT_CASES, { wallets: DEMO_WALLETS.slice(2, 3) });
