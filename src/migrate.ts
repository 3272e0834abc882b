import 'reflect-metadata';
import { createLogger, messageOf, redactText } from './common';
import { ConfigError, EXIT_CONFIG, loadSettings } from './config';
import { migrate } from './database';

/**
 * Brings DATABASE_URL to this build's schema and ends: the migration job of a roll-out. Safe beside running replicas and
 * beside itself. Exit code 78 when the configuration is not valid, 1 when the database refuses.
 */
async function main(): Promise<void> {
  const { DATABASE_URL, DATABASE_URL_FILE, LOG_LEVEL } = process.env;
  // Nothing else is needed, least of all the key.
  const settings = loadSettings({ DATABASE_URL, DATABASE_URL_FILE, LOG_LEVEL, TAOSTATS_API_KEY: 'not-used' });
  const logger = createLogger({ level: settings.logLevel, directory: undefined });
  if (settings.databaseUrl === undefined) {
    throw new ConfigError(['DATABASE_URL is not set: there is no database to migrate but the embedded one']);
  }
  const ran = await migrate(settings.databaseUrl);
  logger.info({ migrations: ran }, `the schema is current, ${ran.length} migrations ran`);
}

main().catch((error: unknown) => {
  const text = error instanceof AggregateError ? error.errors.map(messageOf).join('; ') : messageOf(error);
  process.stderr.write(`${redactText(text)}\n`);
  process.exitCode = error instanceof ConfigError ? EXIT_CONFIG : 1;
});
