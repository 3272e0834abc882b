import type { Fault } from '../simulator';
import type { ChaosCase } from './rig/chaos-case';
import type { ChaosWorld } from './rig/chaos-world';

export const POOL = '/api/dtao/pool/latest';
export const EVERYTHING = '/api/';

const PAUSED = ['upstream_paused'] as const;

export function throttled(headers: Record<string, string> = {}, status = 429): Fault {
  return { kind: 'status', status, headers };
}

/** Seconds until the service will ask again. */
export async function pauseSeconds(world: ChaosWorld): Promise<number> {
  return world.eventually('a pause', async () => {
    const [row] = await world.rows(
      "SELECT max(extract(epoch FROM blocked_until - clock_timestamp())) AS s FROM upstream_keys WHERE reason IN ('rate_limited', 'auth')",
    );
    const seconds = Number(row?.['s'] ?? 0);
    return seconds > 0 ? seconds : null;
  });
}

/** The margin that is added to what was asked for: 1 s and up to a tenth. */
function expectPause(seconds: number, asked: number): void {
  expect(seconds).toBeGreaterThan(asked - 3);
  expect(seconds).toBeLessThanOrEqual(asked * 1.1 + 1);
}

export const LIMIT_CASES: readonly ChaosCase[] = [
  {
    id: 'U1',
    title: '429 storm, Retry-After 30',
    inject: (world) => world.fault(throttled({ 'retry-after': '30' }), EVERYTHING),
    async expect(world, { requests }) {
      await world.scheduled('pools');
      expectPause(await pauseSeconds(world), 30);
      for (let probes = requests().length, round = 1; round <= 3; round += 1) {
        expect((await world.scheduled('pools')).calls).toBe(0);
        expect(requests()).toHaveLength(probes);
        await world.pass(36);
        await world.scheduled('pools');
        await pauseSeconds(world);
        probes += 1;
        expect(requests()).toHaveLength(probes);
      }
      const answer = await world.service.json<{ data: unknown[] }>('/api/v1/subnets?limit=5');
      expect(answer.data).toHaveLength(5);
    },
    shows: PAUSED,
  },
];
