import { randomInt } from 'node:crypto';
import { DEMO_WALLETS } from '../simulator';
import { unit } from '../simulator/random';
import type { ChaosCase } from './rig/chaos-case';
import type { ChaosOptions, ChaosWorld } from './rig/chaos-world';
import { type Pack, isClosed } from './rig/readings';
import { type Replica, Replicas, inPairs } from './rig/replicas';
import { LIMIT_PER_MINUTE } from './rig/service-environment';
import { SharedHour } from './rig/shared-hour';

/** Beside the one that every world has. */
const OTHERS = 9;
const THIRD_SECONDS = 1_200;
const KILL_EVERY_SECONDS = 120;
const DEAD_SECONDS = 60;
/** Counters are stored every five seconds: kill -9 takes what was counted since. */
const UNSTORED_MS = 5_000;
const SEED = Number(process.env['CHAOS_SEED'] ?? randomInt(2 ** 31));

const MINUTES = { price: 1, wallet: 1, pools: 2, subnets: 3, flow: 10, validator: 15 };
const INTERVALS = {
  tao_price: MINUTES.price * 60,
  positions: MINUTES.wallet * 60,
  pools: MINUTES.pools * 60,
  subnets: MINUTES.subnets * 60,
  tao_flow: MINUTES.flow * 60,
  subnet_emission: MINUTES.flow * 60,
  validators: MINUTES.validator * 60,
};
const LONGEST_INTERVAL_SECONDS = Math.max(...Object.values(INTERVALS));

export const REPLICA_WORLD: ChaosOptions = {
  // Ten processes need most of the connections that a server gives.
  ownPostgres: true,
  // One wallet, so that a run of the positions is one answer, of one block.
  wallets: DEMO_WALLETS.slice(2, 3),
  // Every case begins with a sync of its own.
  unsynced: true,
  environment: {
    PRICE_REFRESH_MINUTES: String(MINUTES.price),
    WALLET_REFRESH_MINUTES: String(MINUTES.wallet),
    POOLS_REFRESH_MINUTES: String(MINUTES.pools),
    SUBNETS_REFRESH_MINUTES: String(MINUTES.subnets),
    FLOW_REFRESH_MINUTES: String(MINUTES.flow),
    VALIDATOR_REFRESH_MINUTES: String(MINUTES.validator),
    // Nothing of the network is at fault here, so a machine that is busy with ten processes is waited for.
    API_CONNECT_TIMEOUT_SECONDS: '20',
    API_READ_TIMEOUT_SECONDS: '30',
    // Ten processes that look four times as often would be busy with looking.
    CHAOS_INTERVAL_DIVISOR: '1',
  },
};

/** What all replicas say was called, once they all say the same: `accepted` of how many the upstream saw. */
async function calls(world: ChaosWorld, { all }: Replicas, accepted: (total: number) => boolean): Promise<number> {
  const services = [world.service, ...all.map(({ service }) => service)];
  return world.eventually('all replicas count the same', async () => {
    const packs = await Promise.all(services.map((service) => service.json<Pack>('/api/v1/trust-pack')));
    const totals = packs.map(({ api_health }) => api_health.total_calls);
    const [total = -1] = totals;
    return totals.every((other) => other === total) && accepted(total) ? total : null;
  });
}

async function ledgerCalls(world: ChaosWorld, sinceMs: number): Promise<number> {
  const [row] = await world.rows(
    'SELECT coalesce(sum(calls), 0) AS calls FROM sync_runs WHERE queued_at >= to_timestamp($1::float8 / 1000)',
    [sinceMs],
  );
  return Number(row?.['calls']);
}

/** A third of an hour without a kill: everything adds up to the last request. Answers how many there were. */
async function passUndisturbed(world: ChaosWorld, replicas: Replicas, hour: SharedHour): Promise<number> {
  const seen = world.requests().length;
  const counted = await calls(world, replicas, () => true);
  const sinceMs = await hour.resume();
  await hour.pass(THIRD_SECONDS);
  const faults = await hour.findSlotFaults(sinceMs);
  await hour.quiet();
  expect(faults).toEqual([]);
  const requests = world.requests().length - seen;
  await calls(world, replicas, (total) => total - counted === requests);
  expect(await ledgerCalls(world, sinceMs)).toBe(requests);
  return requests;
}

/** One of the others dies every two minutes and is there again after a while. */
class Killer {
  /** Requests whose count may have died with a process. */
  uncounted = 0;
  kills = 0;
  private readonly seen: { atMs: number; requests: number }[] = [];
  private dead: { replica: Replica; atSeconds: number } | null = null;
  private restarting: Promise<void>[] = [];

  constructor(
    private readonly world: ChaosWorld,
    private readonly replicas: Replicas,
    private readonly hour: SharedHour,
  ) {}

  async at(seconds: number): Promise<void> {
    this.seen.push({ atMs: Date.now(), requests: this.world.requests().length });
    if (this.dead !== null && seconds - this.dead.atSeconds >= DEAD_SECONDS) this.revive(this.dead.replica);
    if (this.dead !== null || seconds < this.kills * KILL_EVERY_SECONDS) return;
    await Promise.all(this.restarting);
    const chosen = Math.floor(unit(SEED, this.kills) * this.replicas.all.length);
    const replica = this.replicas.all[chosen];
    if (replica === undefined) return;
    await this.replicas.kill(replica);
    this.hour.expectUnsent();
    this.kills += 1;
    this.dead = { replica, atSeconds: seconds };
    const stored = this.seen.findLast(({ atMs }) => Date.now() - atMs > UNSTORED_MS);
    this.uncounted += this.world.requests().length - (stored?.requests ?? 0);
  }

  async end(): Promise<void> {
    if (this.dead !== null) this.revive(this.dead.replica);
    await Promise.all(this.restarting);
  }

  private revive({ service }: Replica): void {
    this.dead = null;
    const restarted = service.restart();
    restarted.catch(() => undefined);
    this.restarting.push(restarted);
  }
}

async function passWithKills(world: ChaosWorld, replicas: Replicas, hour: SharedHour): Promise<string> {
  const seen = world.requests().length;
  const counted = await calls(world, replicas, () => true);
  const killer = new Killer(world, replicas, hour);
  const sinceMs = await hour.resume();
  await hour.pass(THIRD_SECONDS, (seconds) => killer.at(seconds));
  const faults = await hour.findSlotFaults(sinceMs);
  await killer.end();
  await hour.quiet();
  expect(faults).toEqual([]);
  const requests = world.requests().length - seen;
  const total = await calls(world, replicas, () => true);
  const lost = requests - (total - counted);
  expect(lost).toBeGreaterThanOrEqual(0);
  expect(lost).toBeLessThanOrEqual(killer.uncounted);
  return `${requests} requests, ${killer.kills} kills, ${lost} of the requests not counted`;
}

function busiestMinute(world: ChaosWorld): number {
  const times = world.requests().map(({ atMs }) => atMs);
  return Math.max(...times.map((from) => times.filter((atMs) => atMs >= from && atMs < from + 60_000).length));
}

export const REPLICA_CASES: readonly ChaosCase[] = [
  {
    id: 'X3',
    title: 'ten replicas for an hour on one key, some of them killed',
    async inject(world) {
      const replicas = await Replicas.start(world, OTHERS);
      try {
        const hour = new SharedHour(world, replicas, INTERVALS);
        await hour.quiet();
        const first = await passUndisturbed(world, replicas, hour);
        const second = await passWithKills(world, replicas, hour);
        const third = await passUndisturbed(world, replicas, hour);
        expect(await hour.granted()).toBe(world.requests().length + hour.unsent);
        expect(world.requests().filter(({ status }) => status !== 200)).toEqual([]);
        expect(await findUnwritten(world)).toEqual([]);
        await hour.resume();
        expect(replicas.findFaults()).toEqual([]);
        const busiest = busiestMinute(world);
        process.stderr.write(
          `X3: ${OTHERS + 1} replicas with CHAOS_SEED=${SEED}: ${first} requests; ${second}; ${third} requests. ` +
            `${hour.unsent} tokens unused; at most ${busiest} of ${LIMIT_PER_MINUTE} requests in 60 s\n`,
        );
      } finally {
        await replicas.stop();
      }
    },
    expect: () => Promise.resolve(),
    shows: { nothing: 'nine others go on where one is killed' },
  },
  {
    id: 'X3b',
    title: 'all ten replicas stopped for three intervals: each dataset is caught up once',
    async inject(world) {
      const replicas = await Replicas.start(world, OTHERS);
      try {
        await world.idle('pools');
        const halves = replicas.all.map((replica, index) =>
          index % 2 === 0 ? replicas.kill(replica) : replica.service.stop(),
        );
        await Promise.all([...halves, world.service.stop()]);
        await world.pass(3 * LONGEST_INTERVAL_SECONDS, { renewing: false });
        const sinceMs = world.time.nowMs();
        await inPairs([world.service, ...replicas.all.map(({ service }) => service)], (service) => service.restart());
        for (const [dataset, seconds] of Object.entries(INTERVALS))
          await expectOneCatchUp(world, { dataset, seconds, sinceMs });
        expect(replicas.findFaults()).toEqual([]);
      } finally {
        await replicas.stop();
      }
    },
    expect: () => Promise.resolve(),
    shows: { nothing: 'nobody was there to show it, and the first run ends it' },
    exempt: { I7: 'the processes were stopped on purpose' },
  },
];

/** One run between the outage and the next slot, whoever of the ten was first. */
async function expectOneCatchUp(
  world: ChaosWorld,
  { dataset, seconds, sinceMs }: { dataset: string; seconds: number; sinceMs: number },
): Promise<void> {
  await world.eventually(`${dataset} is caught up`, async () => {
    const last = await world.lastRun(dataset);
    return last !== null && isClosed(last) && (await world.secondsUntilDue(dataset)) > 0;
  });
  const runs = await world.rows(
    `SELECT state FROM (
       SELECT state, started_at, min(started_at) OVER () AS first FROM sync_runs
        WHERE dataset = $1 AND started_at >= to_timestamp($2::float8 / 1000)) AS since
      WHERE started_at < first + make_interval(secs => $3)`,
    [dataset, sinceMs, seconds],
  );
  expect({ dataset, states: runs.map((row) => row['state']) }).toEqual({ dataset, states: ['applied'] });
}

/** Runs that stored something else than they said. */
function findUnwritten(world: ChaosWorld): Promise<unknown[]> {
  return world.rows(
    `SELECT r.id FROM sync_runs r LEFT JOIN pool_history h ON h.run_id = r.id WHERE r.dataset = 'pools'
      GROUP BY r.id HAVING count(h.run_id) <> r.rows_changed`,
  );
}
