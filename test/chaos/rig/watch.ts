import { UNHANDLED } from './process-clock';
import type { ChaosWorld } from './chaos-world';
import type { Pack } from './readings';
import { CURRENT_TABLES, type Pulse, type Stored, type WritingRun } from './invariants';

const BEAT_MS = 100;
/** For which Kubernetes goes without an answer before it restarts: three probes, ten seconds apart. */
const BEAT_LIMIT_MS = 30_000;

/** Asks the liveness probe all the time. */
export class Heart {
  private readonly missed: string[] = [];
  private beats = 0;
  private stopped = false;
  private readonly beating: Promise<void>;

  constructor(private readonly world: ChaosWorld) {
    this.beating = this.beat();
  }

  /** Ends the asking; answers what it heard, and what the process said of exceptions since `logLine`. */
  async stop(logLine: number): Promise<Pulse> {
    this.stopped = true;
    await this.beating;
    const lines = this.world.service.rawLog.split('\n').slice(logLine);
    const uncaught = lines.filter((line) => line.includes(UNHANDLED) || line.includes('"uncaught exception"'));
    return { missed: this.missed, beats: this.beats, uncaught: uncaught.map((line) => line.slice(0, 300)) };
  }

  private async beat(): Promise<void> {
    while (!this.stopped) {
      this.beats += 1;
      try {
        const answer = await fetch(`${this.world.service.url}/livez`, { signal: AbortSignal.timeout(BEAT_LIMIT_MS) });
        if (answer.status !== 200)
          this.missed.push(`livez answered ${answer.status}: ${(await answer.text()).slice(0, 200)}`);
      } catch (error) {
        this.missed.push(`livez did not answer: ${String(error)}`);
      }
      await new Promise((wake) => setTimeout(wake, BEAT_MS));
    }
  }
}

/** Every current row with a digest of all its bytes. */
export async function lookAtStored(world: ChaosWorld): Promise<Stored> {
  const stored = new Map<string, Map<string, string>>();
  for (const table of Object.keys(CURRENT_TABLES)) {
    const [found] = await world.rows(
      `SELECT string_agg(a.attname, ', ' ORDER BY k.position) AS columns FROM pg_index i
         CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, position)
         JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
        WHERE i.indrelid = $1::regclass AND i.indisprimary`,
      [table],
    );
    const rows = await world.rows(
      `SELECT concat_ws('/', ${found?.['columns']}) AS key, md5(t::text) AS digest FROM ${table} t`,
    );
    stored.set(table, new Map(rows.map((row) => [row['key'] ?? '', row['digest'] ?? ''])));
  }
  return stored;
}

/** Runs that were closed after the run `since`. */
export async function runsAfter(world: ChaosWorld, since: string): Promise<WritingRun[]> {
  const rows = await world.rows(
    "SELECT dataset, state, rows_changed FROM sync_runs WHERE finished_at > $1::timestamptz AND state <> 'queued'",
    [since],
  );
  return rows.map((row) => ({
    dataset: row['dataset'] ?? '',
    state: row['state'] ?? '',
    rowsChanged: Number(row['rows_changed']),
  }));
}

/** The issues and notices of a pack, each as `code` and as `code:subject`. */
export function issuesOf(pack: Pack): string[] {
  const { issues, notices } = pack.overall_health;
  return [...issues, ...notices].flatMap(({ code, subject }) => [code, `${code}:${subject}`]);
}

const PLACES = [
  '/api/v1/trust-pack',
  '/api/v1/health',
  '/metrics',
  '/api/v1/runs?limit=50',
  '/api/v1/config',
  '/api/v1/budget',
];

/** Everything that a stranger could read: answers, metrics, the log, and what is stored as text. */
export async function lookEverywhere(world: ChaosWorld, logLine: number): Promise<Map<string, string>> {
  const seen = new Map<string, string>();
  for (const path of PLACES) {
    const answer = await fetch(world.service.url + path).catch(() => null);
    if (answer !== null) seen.set(path, JSON.stringify([...answer.headers]) + (await answer.text()));
  }
  seen.set('the log', world.service.rawLog.split('\n').slice(logLine).join('\n'));
  for (const table of [
    'quarantine',
    'sync_runs',
    'dataset_states',
    'upstream_keys',
    'pools',
    'subnets',
    'subnet_identities',
  ]) {
    const [row] = await world.rows(`SELECT string_agg(t::text, ' ') AS text FROM ${table} t`);
    seen.set(`table ${table}`, row?.['text'] ?? '');
  }
  return seen;
}
