import type { DatabaseInspection } from '../../database';
import { type Attempt, type Check, ok, trouble } from './check';

/** PostgreSQL's own number of the oldest release that is supported. */
const OLDEST_VERSION = 140_000;

/** `database` is null without DATABASE_URL: then the service brings its own, which runs only while it does. */
export function checkDatabase(database: Attempt<DatabaseInspection> | null, serviceUrl: string): Check {
  if (database === null) return ok('database', `embedded: it runs with the service, see \`status\` at ${serviceUrl}`);
  if ('problem' in database) {
    const fix = 'start PostgreSQL, or correct host, user, password and name in DATABASE_URL';
    return trouble('database', 'failed', database.problem, fix);
  }
  const { serverVersion, roundTripMs } = database.value;
  const version = `PostgreSQL ${Math.floor(serverVersion / 10_000)}.${serverVersion % 10_000}`;
  if (serverVersion < OLDEST_VERSION) {
    return trouble('database', 'failed', `${version} is too old`, 'use PostgreSQL 14 or newer');
  }
  return ok('database', `${version} answers in ${Math.ceil(roundTripMs)} ms`);
}

export function checkMigrations(database: Attempt<DatabaseInspection> | null): Check {
  if (database === null) return ok('migrations', 'embedded: they run when the service starts');
  if ('problem' in database) {
    return trouble('migrations', 'skipped', 'the database does not answer', 'mend the database first');
  }
  const { pending, unknown } = database.value;
  if (unknown.length > 0) {
    const message = `a newer build was here (${unknown.join(', ')}), so this one will not start`;
    return trouble('migrations', 'failed', message, 'start the newer build');
  }
  if (pending.length > 0) {
    const fix = 'run `tao-treasury migrate`, or start the service, which does it too';
    return trouble('migrations', 'warning', `${pending.length} have not run`, fix);
  }
  return ok('migrations', 'current');
}
