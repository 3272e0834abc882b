import { GOOD, POOL, withoutRun } from './rig/database-faults';
import type { ChaosCase } from './rig/chaos-case';
import type { ChaosWorld } from './rig/chaos-world';
import { lookAtStored } from './rig/watch';
import { startReplica } from './rig/replica';

/** Until the chain has other figures. */
const NEWS_SECONDS = 700;
/** Longer than a lease lives. */
const LEASE_IS_OVER_SECONDS = 120;
const RESTARTED = { I7: 'the process was killed or stopped on purpose' };

const killed = { nothing: 'a process that is gone shows nothing' };

/** The pools' run is under way, and waits for its answer. */
async function underWay(world: ChaosWorld, latencyMs: number): Promise<string> {
  world.fault({ kind: 'latency', ms: latencyMs }, POOL, { times: 1 });
  await world.rows("UPDATE dataset_states SET next_due_at = clock_timestamp() WHERE dataset = 'pools'");
  const run = await world.eventually('a run is under way', async () => {
    const last = await world.lastRun('pools');
    return last?.state === 'running' ? last : null;
  });
  const asked = world.requests(POOL).length;
  await world.eventually('it has asked', () => world.requests(POOL).length >= asked);
  return run.id;
}

export const PROCESS_CASES: readonly ChaosCase[] = [
  {
    id: 'X2',
    title: 'SIGTERM in the middle of a page, and a second signal',
    async inject(world) {
      const id = await underWay(world, 20_000);
      expect(await world.service.stop()).toBe(0);
      const [run] = await world.rows('SELECT state FROM sync_runs WHERE id = $1', [id]);
      expect(run?.['state']).toBe('interrupted');
      const [lease] = await world.rows(
        "SELECT expires_at <= clock_timestamp() AS released FROM leases WHERE name = 'pools'",
      );
      expect(lease?.['released']).toBe('t');
      world.simulator.clearFaults();
      await world.service.restart();
      await world.idle('pools');
      process.kill(world.service.pid, 'SIGTERM');
      process.kill(world.service.pid, 'SIGTERM');
      await world.service.stop();
      await world.service.restart();
    },
    expect: () => Promise.resolve(),
    shows: killed,
    exempt: RESTARTED,
  },
  {
    id: 'X4',
    title: 'a zombie: stopped beyond its lease, then continued',
    async inject(world) {
      await withoutRun(world, 'pools', NEWS_SECONDS);
      const id = await underWay(world, 300);
      const zombie = world.service.pid;
      process.kill(zombie, 'SIGSTOP');
      // Whatever happens here: a process that stands still cannot be ended either.
      const thaw = setTimeout(() => process.kill(zombie, 'SIGCONT'), 60_000);
      await world.pass(LEASE_IS_OVER_SECONDS, { renewing: false, process: false });
      const heir = await startReplica(world);
      const taken = await world.eventually('another process has taken over', async () => {
        const last = await world.lastRun('pools');
        return last !== null && last.id !== id && GOOD.includes(last.state) ? last : null;
      });
      const before = (await lookAtStored(world)).get('pools');
      clearTimeout(thaw);
      process.kill(zombie, 'SIGCONT');
      await world.eventually('the zombie is told', () => world.service.rawLog.includes('"state":"fenced"'));
      const [run] = await world.rows('SELECT state FROM sync_runs WHERE id = $1', [id]);
      expect(run?.['state']).toBe('interrupted');
      expect((await world.lastRun('pools'))?.id).toBe(taken.id);
      expect((await lookAtStored(world)).get('pools')).toEqual(before);
      expect(await heir.stop()).toBe(0);
    },
    expect: () => Promise.resolve(),
    shows: killed,
    exempt: RESTARTED,
  },
  {
    id: 'X5',
    title: 'the clock of the process is an hour wrong, ahead and behind',
    inject: (world) => world.pass(3600, { database: false }),
    async expect(world) {
      const due = await world.secondsUntilDue('pools');
      expect(GOOD).toContain((await world.scheduled('pools')).state);
      await world.pass(-7200, { database: false });
      expect(GOOD).toContain((await world.scheduled('pools')).state);
      // Still an interval away, by the only clock that matters.
      expect(await world.secondsUntilDue('pools')).toBeGreaterThan(due - 120);
    },
    remove: (world) => world.pass(3600, { database: false }),
    shows: { nothing: 'leases, limits, due times and ages are by the clock of the database' },
  },
  {
    id: 'X6',
    title: 'the event loop stands still for seconds',
    async inject(world) {
      process.kill(world.service.pid, 'SIGSTOP');
      await world.eventually('it does not answer', () =>
        fetch(`${world.service.url}/livez`, { signal: AbortSignal.timeout(3_000) }).then(
          () => false,
          () => true,
        ),
      );
      process.kill(world.service.pid, 'SIGCONT');
    },
    async expect(world) {
      expect(GOOD).toContain((await world.scheduled('pools')).state);
    },
    shows: { nothing: 'it is over before the next look; a process that stays late is shown by event_loop_blocked' },
    exempt: RESTARTED,
  },
];
