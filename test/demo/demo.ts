import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DEMO_WALLETS } from '../simulator';
import { freePort, isFree } from '../support/free-port';
import { ChildProgram } from './child-program';
import { getJson } from './get-json';
import { watchHistory } from './history-watch';
import { Progress } from './progress';
import { watchReconciliation } from './reconciliation-watch';

const START_LIMIT_MS = 180_000;
const POLL_MS = 250;
/** A large plan, so that a year of history is there within a minute instead of a quarter of an hour. */
const RATE_PER_MINUTE = '600';
const ROOT = resolve(__dirname, '../..');

interface DemoOptions {
  replay: string | undefined;
  port: number;
}

function readOptions(): DemoOptions {
  const { values } = parseArgs({ options: { replay: { type: 'string' }, port: { type: 'string' } } });
  const port = Number(values.port ?? process.env['PORT'] ?? 8050);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`--port ${values.port}: expected 1 to 65535`);
  return { replay: values.replay === undefined ? undefined : resolve(values.replay), port };
}

/** Only what a program needs to run: settings of the machine's own must not leak into the demo. */
function bareEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG, TMPDIR, SystemRoot } = process.env;
  return { PATH, HOME, LANG, TMPDIR, SystemRoot };
}

function startSimulator(port: number, replay: string | undefined): ChildProgram {
  const options = [
    '--port',
    String(port),
    '--busy',
    '45',
    '--rate',
    RATE_PER_MINUTE,
    ...(replay === undefined ? [] : ['--replay', replay]),
  ];
  return new ChildProgram('simulator', [join(ROOT, 'test/simulator/main.ts'), ...options], bareEnvironment());
}

function startService(port: number, simulatorPort: number, dataDir: string): ChildProgram {
  return new ChildProgram('service', [join(ROOT, 'src/main.ts')], {
    ...bareEnvironment(),
    PORT: String(port),
    DATA_DIR: dataDir,
    LOG_LEVEL: 'warn',
    TAOSTATS_API_KEY: 'simulated-key',
    TAOSTATS_BASE_URL: `http://127.0.0.1:${simulatorPort}`,
    ALLOW_INSECURE_UPSTREAM: 'true',
    TAOSTATS_RATE_LIMIT_PER_MINUTE: RATE_PER_MINUTE,
    WALLET_ADDRESSES: DEMO_WALLETS.join(','),
    WALLET_REFRESH_MINUTES: '0.5',
    PRICE_REFRESH_MINUTES: '0.5',
    POOLS_REFRESH_MINUTES: '0.5',
    SUBNETS_REFRESH_MINUTES: '2',
    ENABLE_RECONCILIATION: 'true',
    RECONCILIATION_INTERVAL_HOURS: '0.05',
    QUOTE_CHECK_INTERVAL_HOURS: '0.05',
  });
}

interface TrustPack {
  overall_health: { status: string };
  datasets: Record<string, { is_core: boolean; last_success_at: string | null; record_count: number | null }>;
}

/** Asks until `ready` is true of the answer; gives up when a program ends or the limit passes. */
async function waitFor<T>(url: string, ready: (answer: T) => boolean, programs: ChildProgram[]): Promise<T> {
  const until = Date.now() + START_LIMIT_MS;
  while (Date.now() < until) {
    const answer = await getJson<T>(url);
    if (answer !== null && ready(answer)) return answer;
    for (const program of programs) program.assertRunning();
    await new Promise((wake) => setTimeout(wake, POLL_MS));
  }
  throw new Error(`${url} did not answer as expected within ${START_LIMIT_MS / 1000} s`);
}

async function run(options: DemoOptions, programs: ChildProgram[], dataDir: string): Promise<void> {
  if (!(await isFree(options.port))) {
    throw new Error(`port ${options.port} is taken; choose another: npm run demo -- --port 8051`);
  }
  const progress = new Progress();
  const simulatorPort = await freePort();
  programs.push(startSimulator(simulatorPort, options.replay));
  await waitFor(`http://127.0.0.1:${simulatorPort}/api/status/v1`, () => true, programs);
  progress.step(
    options.replay === undefined ? 'simulated TaoStats answers' : `TaoStats answers replayed from ${options.replay}`,
  );

  programs.push(startService(options.port, simulatorPort, dataDir));
  const base = `http://127.0.0.1:${options.port}`;
  await waitFor(`${base}/livez`, () => true, programs);
  progress.step('service is live');
  await waitFor(`${base}/readyz`, () => true, programs);
  progress.step('embedded PostgreSQL is up and migrated');
  const pack = await waitFor<TrustPack>(`${base}/api/v1/trust-pack`, firstSyncApplied, programs);
  progress.step(`first sync applied: ${describeDatasets(pack)}`);
  process.stdout.write(invitation(base, simulatorPort));
  void watchHistory(base, progress);
  void watchReconciliation(base, progress);
}

/** The core and what the wallets hold; the rest comes within seconds. */
function firstSyncApplied(pack: TrustPack): boolean {
  const needed = Object.entries(pack.datasets).filter(([name, { is_core }]) => is_core || name === 'positions');
  return needed.length > 3 && needed.every(([, dataset]) => dataset.last_success_at !== null);
}

function describeDatasets(pack: TrustPack): string {
  return Object.entries(pack.datasets)
    .filter(([, dataset]) => dataset.record_count)
    .map(([name, dataset]) => `${dataset.record_count} ${name}`)
    .join(', ');
}

function invitation(base: string, simulatorPort: number): string {
  return `
TAO Treasury runs on simulated data. Open or curl:
  ${base}/                         the page
  ${base}/docs                     every endpoint
  ${base}/api/v1/trust-pack        how old each figure is and how far it can be trusted
  ${base}/api/v1/portfolio         what three wallets are worth, and what could be taken out
  ${base}/api/v1/positions         their 40 positions
  ${base}/api/v1/reconciliation/latest   whether a second reading agrees, check by check
  ${base}/api/v1/subnets           129 subnets with their pools

Break it and look at the trust pack:
  curl -X POST http://127.0.0.1:${simulatorPort}/__faults -H 'content-type: application/json' \\
    -d '{"match":"/api/dtao/pool/latest","times":5,"fault":{"kind":"empty_data"}}'
  curl -X POST ${base}/api/v1/tasks/sync

Ctrl-C ends it; nothing is kept.
`;
}

async function main(): Promise<void> {
  const options = readOptions();
  const dataDir = mkdtempSync(join(tmpdir(), 'tao-treasury-demo-'));
  const programs: ChildProgram[] = [];
  let ending: Promise<void> | undefined;
  const end = (code: number): void => {
    ending ??= (async () => {
      for (const program of [...programs].reverse()) await program.stop();
      rmSync(dataDir, { recursive: true, force: true });
      process.exit(code);
    })();
  };
  process.on('SIGINT', () => end(0));
  process.on('SIGTERM', () => end(0));
  try {
    await run(options, programs, dataDir);
    for (const program of programs) program.onUnexpectedEnd(() => end(1));
  } catch (error) {
    if (ending === undefined) process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    end(1);
  }
}

void main();
