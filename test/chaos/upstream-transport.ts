import type { ChaosCase } from './rig/chaos-case';
import type { ChaosWorld } from './rig/chaos-world';
import { canMeasureMemory, forgetPeakMemory, peakMemory } from './rig/peak-memory';
import { EVERYTHING, POOL } from './upstream-limits';

const FAILING = ['dataset_failing:pools'] as const;
const MIB = 1024 * 1024;

/** Two runs under the fault: both must fail without an answer, and leave the service able to go on. */
async function expectUnavailable(world: ChaosWorld, code = /^taostats\/(unavailable|bad-payload)$/): Promise<void> {
  const run = await world.scheduled('pools');
  expect(run.state).toBe('failed');
  expect(run.reason_code).toMatch(code);
}

/** A fault of the network on every connection, new ones included. */
function network(id: string, title: string, poison: (world: ChaosWorld) => void, code?: RegExp): ChaosCase {
  return {
    id,
    title,
    inject(world) {
      poison(world);
      world.upstream.breakConnections();
    },
    expect: (world) => expectUnavailable(world, code),
    shows: FAILING,
    recoveryStepSeconds: 65,
  };
}

/** Runs that ended because the upstream could not prove who it is. */
async function untrusted(world: ChaosWorld): Promise<number> {
  const [row] = await world.rows("SELECT count(*) AS n FROM sync_runs WHERE reason_code = 'taostats/untrusted-tls'");
  return Number(row?.['n']);
}

export const TRANSPORT_CASES: readonly ChaosCase[] = [
  {
    id: 'U9',
    title: '503 for ten minutes',
    inject: (world) => world.fault({ kind: 'status', status: 503 }, EVERYTHING),
    async expect(world, { requests }) {
      for (let round = 0; round < 3; round += 1) await world.scheduled('pools');
      expect(requests(POOL).length).toBeLessThanOrEqual(5);
      await world.eventually('the pack shows an open breaker', async () => {
        return (await world.pack).upstream.breakers.some(({ scope, state }) => scope === 'pool' && state === 'open');
      });
      const asked = requests(POOL).length;
      expect((await world.scheduled('pools')).calls).toBe(0);
      for (let minute = 0; minute < 10; minute += 1) await world.pass(60);
      await world.scheduled('pools');
      // One probe whenever the breaker lets one through: after 60 s, 120 s, 240 s.
      expect(requests(POOL).length - asked).toBeLessThanOrEqual(10);
    },
    shows: ['upstream_breaker_open:pool', 'dataset_failing:pools'],
    recoveryStepSeconds: 120,
  },
  {
    id: 'U10',
    title: 'every second request fails',
    inject: (world) => world.fault({ kind: 'status', status: 502 }, POOL, { probability: 0.5 }),
    async expect(world) {
      const states: string[] = [];
      for (let round = 0; round < 6; round += 1) {
        states.push((await world.scheduled('pools')).state);
        await world.pass(65);
      }
      expect(states.filter((state) => state === 'applied' || state === 'confirmed').length).toBeGreaterThanOrEqual(2);
    },
    shows: { nothing: 'retries absorb most of it, and what they do not depends on the draw' },
    recoveryStepSeconds: 65,
  },
  {
    id: 'U11',
    title: 'no headers for a minute',
    inject: (world) => world.fault({ kind: 'hang' }, POOL),
    expect: (world) => expectUnavailable(world),
    shows: FAILING,
    recoveryStepSeconds: 65,
  },
  network('U12', 'a body that drips, a byte at a time', (world) => {
    world.upstream.poison({ kind: 'slicer', bytes: 1, everyMs: 100 });
  }),
  {
    id: 'U13',
    title: 'silence in the middle of a body',
    inject: (world) => world.fault({ kind: 'stall' }, POOL),
    expect: (world) => expectUnavailable(world),
    shows: FAILING,
    recoveryStepSeconds: 65,
  },
  {
    id: 'U31',
    title: 'a body of 200 MiB, and a gzip bomb of 1:1000 that unpacks to as much',
    notInjectable: () => (canMeasureMemory() ? null : 'there is no /proc that knows the peak of memory'),
    inject: () => undefined,
    async expect(world) {
      for (const kind of ['huge', 'gzip_bomb'] as const) {
        world.simulator.clearFaults();
        world.fault({ kind, bytes: 200 * MIB }, POOL);
        await world.pass(65);
        const before = forgetPeakMemory(world.service.pid);
        const run = await world.scheduled('pools');
        expect(run).toMatchObject({ state: 'failed', reason_code: 'taostats/bad-payload', calls: 1 });
        expect(peakMemory(world.service.pid) - before).toBeLessThan(50 * MIB);
      }
    },
    shows: FAILING,
    recoveryStepSeconds: 65,
  },
  {
    id: 'U32',
    title: 'redirects: in a circle, to another host, from https to http',
    inject: (world) => world.fault({ kind: 'redirect', location: '/api/dtao/pool/latest/v1' }, POOL),
    async expect(world, { requests }) {
      for (const location of [
        '/api/dtao/pool/latest/v1',
        'https://elsewhere.example/',
        `${world.simulator.url}/stolen`,
      ]) {
        world.simulator.clearFaults();
        world.fault({ kind: 'redirect', location }, POOL);
        expect(await world.scheduled('pools')).toMatchObject({ state: 'failed', calls: 1 });
      }
      expect(requests('/stolen')).toEqual([]);
    },
    shows: FAILING,
    recoveryStepSeconds: 65,
  },
  network('U33', 'RST in the middle of an answer', (world) => {
    world.upstream.poison({ kind: 'reset_peer', afterBytes: 2_500 });
  }),
  {
    id: 'U33b',
    title: 'connections that upstream closed while they were idle',
    inject: () => undefined,
    async expect(world) {
      await world.scheduled('tao_price');
      world.upstream.breakConnections();
      expect((await world.scheduled('pools')).state).toMatch(/^(applied|confirmed)$/);
    },
    shows: { nothing: 'a fresh connection is made at once, so nothing is missing' },
  },
  {
    id: 'U34',
    title: 'connections that stay open and carry nothing any more',
    inject: (world) => world.upstream.freeze(),
    expect: (world) => expectUnavailable(world),
    async remove(world) {
      world.upstream.thaw();
      world.upstream.breakConnections();
      await Promise.resolve();
    },
    shows: FAILING,
    recoveryStepSeconds: 65,
  },
  {
    id: 'U35',
    title: 'the name of the upstream does not resolve, and then only slowly',
    async inject(world) {
      await world.time.resolve({ code: 'ENOTFOUND' });
      world.upstream.breakConnections();
    },
    async expect(world) {
      await expectUnavailable(world);
      await world.pass(65);
      await world.time.resolve({ code: 'EAI_AGAIN' });
      await expectUnavailable(world, /^taostats\/(unavailable|breaker-open)$/);
      await world.pass(130);
      await world.time.resolve({ slowMs: 3_000 });
      await expectUnavailable(world, /^taostats\/(unavailable|breaker-open)$/);
    },
    shows: FAILING,
    recoveryStepSeconds: 130,
  },
  {
    id: 'U36',
    title: 'certificates: expired, of another host, of an unknown issuer',
    notInjectable: (world) => (world.front === null ? 'no openssl on the PATH' : null),
    inject: () => undefined,
    async expect(world) {
      for (const certificate of ['expired', 'wrong_host', 'unknown_issuer'] as const) {
        const refused = await untrusted(world);
        world.front?.show(certificate);
        world.upstream.breakConnections();
        const run = await world.scheduled('pools');
        expect(run.state).toBe('failed');
        // Another dataset of the same breaker may have been the one to try.
        expect(run.reason_code).toMatch(/^taostats\/(untrusted-tls|breaker-open)$/);
        expect(run.calls).toBeLessThanOrEqual(1);
        expect(await untrusted(world)).toBeGreaterThan(refused);
        await world.eventually('a critical pack', async () => (await world.pack).overall_health.status === 'critical');
        await world.pass(901);
      }
    },
    shows: ['upstream_untrusted', 'dataset_failing:pools'],
    recoveryStepSeconds: 901,
  },
  network('U36b', 'a handshake that never ends', (world) => {
    world.upstream.poison({ kind: 'stall', afterBytes: 0 });
  }),
];
