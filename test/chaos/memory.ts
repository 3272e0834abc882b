import { GOOD, POOL, expectReads, withoutRun } from './rig/database-faults';
import type { ChaosCase } from './rig/chaos-case';
import { startReplica } from './rig/replica';
import { lookAtStored } from './rig/watch';

/** Until the chain has other figures. */
const NEWS_SECONDS = 700;
/** Longer than a lease lives. */
const LEASE_IS_OVER_SECONDS = 120;
/** Enough for the service, and not for the answer below. */
const SMALL_HEAP_MIB = 160;
/** Within the limit for a body, and some two million objects. */
const CROWDED_ANSWER = `{"data":[${Array<string>(2_000_000).fill('{}').join(',')}]}`;

export const MEMORY_CASES: readonly ChaosCase[] = [
  {
    id: 'X6b',
    title: 'an answer that is too much for the memory of the process',
    async inject(world) {
      await withoutRun(world, 'pools', NEWS_SECONDS);
      const before = (await lookAtStored(world)).get('pools');
      await world.service.stop();
      const small = await startReplica(world, {
        NODE_OPTIONS: `${world.environment['NODE_OPTIONS'] ?? ''} --max-old-space-size=${SMALL_HEAP_MIB}`,
      });
      try {
        world.fault({ kind: 'body', body: CROWDED_ANSWER }, POOL);
        await world.rows("UPDATE dataset_states SET next_due_at = clock_timestamp() WHERE dataset = 'pools'");
        await small.died();
        expect(small.rawLog).toContain('heap out of memory');
        expect((await lookAtStored(world)).get('pools')).toEqual(before);
        world.simulator.clearFaults();
        // Whoever comes next takes over when the lease of the dead has run out: here the same, with as little memory.
        await world.pass(LEASE_IS_OVER_SECONDS, { renewing: false });
        await small.restart();
        await world.eventually('pools are synced again', async () => {
          const last = await world.lastRun('pools');
          return last !== null && GOOD.includes(last.state);
        });
      } finally {
        await small.stop();
        await world.service.restart();
      }
    },
    expect: expectReads,
    shows: { nothing: 'a process that is gone shows nothing' },
    exempt: { I7: 'the process died of the answer, as it has to' },
  },
];
