import { PROCESS_CASES } from './process';
import { describeFaults } from './rig/describe-faults';

// The kills of the whole suite take an hour.
jest.setTimeout(process.env['CHAOS_FULL'] === '1' ? 7_200_000 : 300_000);

describeFaults('a process', PROCESS_CASES);
