import { loadSettings } from '../../config';
import { inspectDatabase, migrate } from '../../database';
import { CommandError, EXIT } from '../exit';
import { Progress } from '../progress';
import type { Report } from '../status';
import type { CommandContext } from '../terminal';
import { environmentOf, reasonOf } from './environment';

/** Runs what is pending. Needs DATABASE_URL alone: neither the key nor a running service. */
export async function runMigrations(context: CommandContext): Promise<Report> {
  const url = databaseUrlOf(context);
  const progress = new Progress(context.terminal);
  try {
    const { pending } = await inspectDatabase(url);
    progress.show('migrations', 0, pending.length);
    const ran = await migrate(url);
    const text = ran.length === 0 ? 'The schema is current.' : [`${ran.length} migrations ran:`, ...ran].join('\n  ');
    return { text, json: { ran }, exitCode: EXIT.ok };
  } catch (error) {
    throw new CommandError('cli/not-migrated', `The database was not migrated: ${reasonOf(error)}`);
  } finally {
    progress.end();
  }
}

function databaseUrlOf(context: CommandContext): string {
  const { DATABASE_URL, DATABASE_URL_FILE } = environmentOf(context);
  let url: string | undefined;
  try {
    url = loadSettings({ DATABASE_URL, DATABASE_URL_FILE, TAOSTATS_API_KEY: 'not-used' }).databaseUrl;
  } catch (error) {
    throw new CommandError('config/invalid', error instanceof Error ? error.message : '', EXIT.configuration);
  }
  if (url !== undefined) return url;
  const fix = 'set DATABASE_URL; the embedded database is migrated by the service when it starts';
  throw new CommandError('config/no-database', 'DATABASE_URL is not set', EXIT.configuration, fix);
}
