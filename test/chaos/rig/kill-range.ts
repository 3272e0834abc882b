import type { ChaosWorld } from './chaos-world';
import { GOOD, withoutRun } from './database-faults';
import { compareWithUpstream, MIRRORS } from './mirror';
import { type Replica, type Replicas, pidOf } from './replicas';
import { lookAtStored } from './watch';
import { CURRENT_TABLES, type Stored } from './invariants';

/** Until the chain has other figures. */
const NEWS_SECONDS = 700;
/** Longer than a lease lives, shorter than any interval. */
const LEASE_IS_OVER_SECONDS = 120;
/** How long upstream takes for an answer that is to be interrupted. */
const SLOW_ANSWER_MS = 250;
/** From the commit to the end of what follows it: the job, the lease, the log. */
const AFTERWARDS_MS = 40;
const MEASURED_RUNS = 3;

/** What has to have happened before the clock of a kill begins. */
export type Aim = 'any' | 'begun' | 'asked' | 'storing' | 'stored';

/** Where a kill found the run, as seen from outside of the process. */
export type Landing =
  | 'before it was planned'
  | 'before it began'
  | 'before the fetch'
  | 'during the fetch'
  | 'between fetch and storing'
  | 'in the transaction'
  | 'while it committed'
  | 'after the commit';

export interface Shot {
  dataset: string;
  /** The last run before this one. */
  last: string;
  /** Everything as it was before. */
  before: Stored;
  state: string;
  /** Requests that had reached the upstream before. */
  asked: number;
  /** The kill comes within so many milliseconds from here. */
  spanMs: number;
}

interface Course {
  calls: number;
  spanMs: number;
}

/** Kills processes in the middle of runs, one run at a time, and looks at what each left behind. */
export class KillRange {
  private readonly courses = new Map<string, Course>();
  private readonly restarting = new Map<Replica, Promise<void>>();

  constructor(
    private readonly world: ChaosWorld,
    private readonly replicas: Replicas,
  ) {}

  /** How long a run takes from the moment that it is due, and how often it asks. */
  async measure(datasets: readonly string[]): Promise<void> {
    for (const dataset of new Set(datasets)) {
      const courses: Course[] = [];
      for (let left = MEASURED_RUNS; left > 0; left -= 1) {
        await this.quiet();
        const fromMs = Date.now();
        const run = await this.world.scheduled(dataset);
        courses.push({ calls: run.calls, spanMs: Date.now() - fromMs });
      }
      const [, median] = courses.sort((a, b) => a.spanMs - b.spanMs);
      if (median !== undefined) this.courses.set(dataset, median);
    }
  }

  /** Makes the dataset due and waits until its run is as far as the aim wants it. */
  async begin(dataset: string, aim: Aim): Promise<Shot> {
    await this.world.eventually('two processes are alive', () => this.living().length >= 2);
    await this.quiet();
    const shot: Shot = {
      dataset,
      last: (await this.world.lastRun(dataset))?.id ?? '',
      before: await lookAtStored(this.world),
      state: await this.stateOf(dataset),
      asked: this.world.requests().length,
      spanMs: 0,
    };
    if (aim === 'asked') this.world.fault({ kind: 'latency', ms: SLOW_ANSWER_MS }, '/api', { times: 1 });
    await this.world.rows('UPDATE dataset_states SET next_due_at = clock_timestamp() WHERE dataset = $1', [dataset]);
    await this.reach(shot, aim);
    return { ...shot, spanMs: this.spanOf(dataset, aim) };
  }

  /** Freezes the process of the run, looks how far it is, and kills it with -9; `chance` chooses where nobody owns it yet. */
  async kill(shot: Shot, chance: number): Promise<Landing> {
    const { world, replicas } = this;
    const owner = (await this.runOf(shot))?.['owner'] ?? null;
    const living = this.living();
    const victim = replicas.ownerOf(owner) ?? living[Math.floor(chance * living.length)];
    if (victim === undefined) throw new Error('there is nobody to kill');
    process.kill(victim.service.pid, 'SIGSTOP');
    const frozen = await this.look(shot, victim);
    await replicas.kill(victim);
    world.simulator.clearFaults();
    this.restart(victim);
    const isStored = await this.isStored(shot);
    if (frozen === 'after the commit' || !isStored) return frozen;
    return pidOf((await this.runOf(shot))?.['owner'] ?? null) === pidOf(owner) ? 'while it committed' : frozen;
  }

  /** All of the new rows, with their history and their line in the ledger, or all of the old ones. */
  async findHalves(shot: Shot): Promise<string[]> {
    const run = await this.runOf(shot);
    // Of a run that was not the victim's another process makes more at this moment.
    if (!this.replicas.killed.has(pidOf(run?.['owner'] ?? null))) return [];
    if (GOOD.includes(run?.['state'] ?? '')) return this.findDifferences(shot);
    const after = await lookAtStored(this.world);
    const changed = [...shot.before].filter(([table, rows]) => textOf(rows) !== textOf(after.get(table)));
    const state = await this.stateOf(shot.dataset);
    return [
      ...changed.map(([table]) => `${table} changed and the run of ${shot.dataset} is ${run?.['state']}`),
      ...(state === shot.state ? [] : [`${shot.dataset} went from ${shot.state} to ${state}`]),
      ...(await this.unwritten()),
    ];
  }

  /** What is stored against what upstream sent, and the history against the ledger. */
  async findDifferences({ dataset }: Shot): Promise<string[]> {
    const mirrors = MIRRORS.filter(({ table }) => CURRENT_TABLES[table] === dataset);
    const found: string[] = [];
    for (const mirror of mirrors) {
      found.push(...(await compareWithUpstream(this.world, mirror)).map(({ detail }) => detail));
    }
    return [...found, ...(await this.unwritten())];
  }

  /** The lease of the dead runs out: the slot is then stored, and stored once. */
  async takeOver(shot: Shot): Promise<void> {
    const { world } = this;
    await world.pass(LEASE_IS_OVER_SECONDS, { renewing: false });
    const runs = await world.eventually(`the slot of ${shot.dataset} is stored or lost`, async () => {
      const since = await this.runsOf(shot);
      const isOver = !since.some(({ state }) => state === 'queued' || state === 'running');
      return isOver && since.some(({ state }) => state !== 'interrupted') && since;
    });
    const [stored, ...more] = runs.filter(({ state }) => state !== 'interrupted');
    if (stored !== undefined && GOOD.includes(stored.state) && more.length === 0) return;
    throw new Error(`a slot of ${shot.dataset} ended as ${JSON.stringify(runs)}`);
  }

  /** Slots of which, long after, the ledger has more or less than one good run. */
  async findSecondRuns(shots: readonly Shot[]): Promise<string[]> {
    const faults: string[] = [];
    for (const [index, { dataset, last }] of shots.entries()) {
      const next = shots.slice(index + 1).find((shot) => shot.dataset === dataset)?.last ?? 'z';
      const good = await this.world.rows(
        `SELECT id FROM sync_runs WHERE dataset = $1 AND id::text > $2 AND id::text <= $3
            AND state IN ('applied', 'confirmed')`,
        [dataset, last, next],
      );
      if (good.length !== 1) faults.push(`${good.length} good runs of ${dataset} after ${last}`);
    }
    return faults;
  }

  /** Until everybody who was killed is there again. */
  async restarted(): Promise<void> {
    await Promise.all(this.restarting.values());
  }

  private restart(victim: Replica): void {
    const restarted = victim.service.restart().then(() => {
      this.restarting.delete(victim);
    });
    // Whoever waits for it hears of a failure; until then it must not end the rig.
    restarted.catch(() => undefined);
    this.restarting.set(victim, restarted);
  }

  private living(): Replica[] {
    return this.replicas.all.filter((replica) => !this.restarting.has(replica));
  }

  /** Other figures upstream, and no other dataset that would be due meanwhile. */
  private async quiet(): Promise<void> {
    await this.world.rows("UPDATE dataset_states SET next_due_at = clock_timestamp() + interval '1 day'");
    await this.world.eventually('no run is open', async () => {
      const open = await this.world.rows("SELECT 1 FROM sync_runs WHERE state IN ('queued', 'running')");
      return open.length === 0;
    });
    await this.world.rows("UPDATE dataset_states SET next_due_at = clock_timestamp() + interval '1 day'");
    await withoutRun(this.world, 'pools', NEWS_SECONDS);
  }

  private spanOf(dataset: string, aim: Aim): number {
    const spanMs = this.courses.get(dataset)?.spanMs ?? 0;
    switch (aim) {
      case 'any':
        return spanMs;
      case 'asked':
        return SLOW_ANSWER_MS;
      case 'stored':
        return AFTERWARDS_MS;
      case 'begun':
      case 'storing':
        return 0;
    }
  }

  private async reach(shot: Shot, aim: Aim): Promise<void> {
    const { world } = this;
    if (aim === 'any') return;
    await world.eventually(`${shot.dataset} is ${aim}`, async () => {
      const { length } = world.requests();
      if (aim === 'asked') return length > shot.asked;
      const state = (await this.runOf(shot))?.['state'];
      if (aim === 'begun') return state !== undefined && state !== 'queued';
      if (state !== undefined && state !== 'queued' && state !== 'running') return true;
      return aim === 'storing' && length > shot.asked && (await this.writers()).length > 0;
    });
  }

  private async look(shot: Shot, victim: Replica): Promise<Landing> {
    const run = await this.runOf(shot);
    const answered = this.world
      .requests()
      .slice(shot.asked)
      .filter(({ status }) => status !== 0);
    if (run === undefined) return 'before it was planned';
    if (run['state'] === 'queued') return 'before it began';
    if (run['state'] !== 'running') return 'after the commit';
    if ((await this.writers()).includes(victim.name)) return 'in the transaction';
    if (this.world.requests().length === shot.asked) return 'before the fetch';
    const isFetched = answered.length >= (this.courses.get(shot.dataset)?.calls ?? 1);
    return isFetched ? 'between fetch and storing' : 'during the fetch';
  }

  /** Who has written current rows in a transaction that is still open. */
  private async writers(): Promise<string[]> {
    const rows = await this.world.rows(
      `SELECT DISTINCT a.application_name AS name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
        WHERE l.relation = ANY(ARRAY['pools', 'subnets', 'tao_prices']::regclass[]) AND l.mode = 'RowExclusiveLock'
          AND l.granted AND a.datname = current_database()`,
    );
    return rows.map((row) => row['name'] ?? '');
  }

  /** The run that the dataset was made due for. */
  private async runOf({ dataset, last }: Shot): Promise<Record<string, string | null> | undefined> {
    const [run] = await this.world.rows(
      'SELECT state, owner FROM sync_runs WHERE dataset = $1 AND id::text > $2 ORDER BY id LIMIT 1',
      [dataset, last],
    );
    return run;
  }

  private async runsOf({ dataset, last }: Shot): Promise<{ state: string; reason: string | null }[]> {
    const rows = await this.world.rows(
      'SELECT state, reason FROM sync_runs WHERE dataset = $1 AND id::text > $2 ORDER BY id',
      [dataset, last],
    );
    return rows.map((row) => ({ state: row['state'] ?? '', reason: row['reason'] ?? null }));
  }

  private async isStored(shot: Shot): Promise<boolean> {
    return GOOD.includes((await this.runOf(shot))?.['state'] ?? '');
  }

  /** What a run moves in its storing transaction and nowhere else. */
  private async stateOf(dataset: string): Promise<string> {
    const [row] = await this.world.rows(
      `SELECT concat_ws(' ', applied_run_id, upstream_block, answer_sha256, record_count) AS state
         FROM dataset_states WHERE dataset = $1`,
      [dataset],
    );
    return row?.['state'] ?? '';
  }

  /** Runs whose history is not what the ledger says that they stored. */
  private async unwritten(): Promise<string[]> {
    const rows = await this.world.rows(
      `SELECT r.id, r.state, r.rows_changed, count(h.run_id) AS appended FROM sync_runs r
         LEFT JOIN pool_history h ON h.run_id = r.id WHERE r.dataset = 'pools'
        GROUP BY r.id HAVING count(h.run_id) <> r.rows_changed`,
    );
    return rows.map(
      (row) => `run ${row['id']} is ${row['state']}, changed ${row['rows_changed']} pools, appended ${row['appended']}`,
    );
  }
}

function textOf(rows: ReadonlyMap<string, string> | undefined): string {
  return JSON.stringify([...(rows ?? [])].sort());
}
