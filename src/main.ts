import { endInOrder } from './end-on-signal';
import 'reflect-metadata';
import { existsSync } from 'node:fs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger, ensureDirectory, messageOf, redactText } from './common';
import { ConfigError, EXIT_CONFIG, loadSettings, type Settings } from './config';
import { createApp } from './create-app';

async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const settings = loadSettings(process.env);
  prepareDirectories(settings);
  const logger = createLogger({ level: settings.logLevel, directory: settings.logDir });
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'uncaught exception');
    process.exit(1);
  });
  const app = await createApp(process.env, logger);
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  endInOrder();
  await listen(app, settings);
  logger.info({ url: await app.getUrl() }, `TAO Treasury listens on ${await app.getUrl()}`);
}

/** A port that is taken is told apart from a crash, and what was started already is ended in order. */
async function listen(app: NestFastifyApplication, { host, port }: Settings): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    await app.close();
    throw new Error(`cannot listen on ${host}:${port} (HOST, PORT): ${messageOf(error)}`, { cause: error });
  }
}

/** What a check of the text cannot know: whether the directories can be written to. */
function prepareDirectories({ dataDir, databaseUrl, logDir }: Settings): void {
  const wanted = {
    ...(databaseUrl === undefined ? { DATA_DIR: dataDir } : {}),
    ...(logDir === undefined ? {} : { LOG_DIR: logDir }),
  };
  const problems = Object.entries(wanted).flatMap(([name, directory]) => {
    try {
      ensureDirectory(directory);
      return [];
    } catch (error) {
      return [`${name}=${directory}: expected a writable directory (${messageOf(error)})`];
    }
  });
  if (problems.length > 0) throw new ConfigError(problems);
}

main().catch((error: unknown) => {
  const text =
    error instanceof ConfigError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  process.stderr.write(`${redactText(text)}\n`);
  process.exit(error instanceof ConfigError ? EXIT_CONFIG : 1);
});
