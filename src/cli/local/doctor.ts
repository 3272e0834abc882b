import { probeRedis } from '../../cache';
import { ConfigError, type Environment, isBittensorAddress, loadSettings, type Settings } from '../../config';
import { type DatabaseInspection, inspectDatabase } from '../../database';
import { type KeyProbe, probeKey } from '../../taostats';
import { EXIT, type ExitCode } from '../exit';
import type { ServiceClient } from '../service-client';
import type { Report } from '../status';
import { type CommandContext, plain } from '../terminal';
import { type Attempt, type Check, ok, trouble } from './check';
import { checkClocks, type ClockReading, readClock } from './clock-check';
import { checkChannels } from './channel-checks';
import { checkDatabase, checkMigrations } from './database-checks';
import { environmentOf, reasonOf } from './environment';
import { checkKey, checkPlan, type UpstreamView } from './upstream-checks';

/** Looks at everything that the service stands on. Changes nothing; costs one request to TaoStats. */
export async function examine(context: CommandContext, service: ServiceClient): Promise<Report> {
  const environment = environmentOf(context);
  const loaded = load(environment);
  const wallets = checkWallets(environment['WALLET_ADDRESSES'] ?? '');
  const checks =
    loaded instanceof ConfigError
      ? [...loaded.problems.map(toCheck), wallets]
      : [ok('configuration', 'valid'), ...(await examineParts(loaded, service)), wallets];
  return {
    text: checks.map(lineOf).join('\n'),
    json: { checks },
    exitCode: loaded instanceof ConfigError ? EXIT.configuration : exitCodeOf(checks),
  };
}

/** 1 when something failed, 3 when something is worth a look, else 0. */
export function exitCodeOf(checks: readonly Pick<Check, 'state'>[]): ExitCode {
  if (checks.some(({ state }) => state === 'failed')) return EXIT.error;
  return checks.some(({ state }) => state === 'warning') ? EXIT.degraded : EXIT.ok;
}

function load(environment: Environment): Settings | ConfigError {
  try {
    return loadSettings(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

function toCheck(problem: string): Check {
  return trouble('configuration', 'failed', problem, 'set it as said, in the environment or in .env; see .env.example');
}

async function examineParts(settings: Settings, service: ServiceClient): Promise<Check[]> {
  const [key, database, redis, upstream, channels] = await Promise.all([
    attempt(() => probeKey(settings)),
    settings.databaseUrl === undefined ? null : attempt(() => inspectDatabase(settings.databaseUrl ?? '')),
    checkRedis(settings.redisUrl),
    upstreamOf(service),
    checkChannels(settings),
  ]);
  return [
    checkKey(key),
    checkPlan(upstream, service.url),
    checkClocks(clocksOf(key, database)),
    checkDatabase(database, service.url),
    checkMigrations(database),
    redis,
    ...channels,
  ];
}

async function attempt<T>(look: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await look() };
  } catch (error) {
    return { problem: plain(reasonOf(error)) };
  }
}

function clocksOf(key: Attempt<KeyProbe>, database: Attempt<DatabaseInspection> | null): ClockReading[] {
  const readings: ClockReading[] = [];
  if ('value' in key && key.value.date !== null) {
    readings.push(readClock('TaoStats', key.value.date, key.value.readAt, key.value.roundTripMs));
  }
  if (database !== null && 'value' in database) {
    const { now, readAt, roundTripMs } = database.value;
    readings.push(readClock('PostgreSQL', now, readAt, roundTripMs));
  }
  return readings;
}

async function checkRedis(url: string | undefined): Promise<Check> {
  if (url === undefined) return ok('redis', 'not configured; the cache is in memory');
  const answer = await attempt(() => probeRedis(url));
  if ('value' in answer) return ok('redis', `answers in ${Math.ceil(answer.value)} ms`);
  const message = `does not answer, so every cached answer would be fetched again: ${answer.problem}`;
  return trouble('redis', 'warning', message, 'start Redis, or correct or remove REDIS_URL');
}

/** Null while the service does not answer; then nobody knows what TaoStats was seen to allow. */
async function upstreamOf(service: ServiceClient): Promise<UpstreamView | null> {
  const pack = await attempt(() => service.json<{ upstream: UpstreamView }>('/api/v1/trust-pack'));
  return 'value' in pack ? pack.value.upstream : null;
}

function checkWallets(text: string): Check {
  const addresses = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const wrong = addresses.filter((address) => !isBittensorAddress(address));
  if (wrong.length > 0) {
    const fix = 'copy the address again: a character is mistyped, or it belongs to another network';
    return trouble('wallets', 'failed', `no valid checksum: ${plain(wrong.join(', '))}`, fix);
  }
  if (addresses.length === 0)
    return ok('wallets', 'none in WALLET_ADDRESSES; `tao-treasury wallet list` has the others');
  return ok('wallets', `${addresses.length} in WALLET_ADDRESSES, each with a valid checksum`);
}

const MARKS = { ok: 'ok', warning: 'warning', failed: 'FAILED', skipped: 'skipped' } as const;

function lineOf({ name, state, message, fix }: Check): string {
  const line = `${MARKS[state].padEnd(8)} ${name.padEnd(13)}  ${message}`;
  return fix === null ? line : `${line}\n${' '.repeat(24)}to fix: ${fix}`;
}
