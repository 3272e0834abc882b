import { POSTGRES_CASES } from './postgres';
import { describeFaults } from './rig/describe-faults';

describeFaults('a PostgreSQL', POSTGRES_CASES, { ownPostgres: true });
