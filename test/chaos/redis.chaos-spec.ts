import { REDIS_CASES } from './redis';
import { describeFaults } from './rig/describe-faults';

describeFaults('a Redis', REDIS_CASES, { environment: { ENABLE_CLIENT_SIDE_SLIPPAGE: 'false' } });
