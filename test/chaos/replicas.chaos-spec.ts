import { REPLICA_CASES, REPLICA_WORLD } from './replicas';
import { describeFaults } from './rig/describe-faults';

// An hour that passes ten times as fast, on ten processes that are started one after the other.
jest.setTimeout(2_400_000);

if (process.env['CHAOS_FULL'] === '1') describeFaults('ten replicas', REPLICA_CASES, REPLICA_WORLD);
else it.skip('ten replicas for an hour: takes minutes, runs with CHAOS_FULL=1', () => undefined);
