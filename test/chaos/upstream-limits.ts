import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Fault } from '../simulator';
import type { ServiceProcess } from '../support/service-process';
import type { ChaosCase } from './rig/chaos-case';
import type { ChaosWorld } from './rig/chaos-world';
import { expectReads } from './rig/database-faults';
import { putOff } from './rig/quiet';
import { startReplica } from './rig/replica';

export const POOL = '/api/dtao/pool/latest';
export const EVERYTHING = '/api/';

const PAUSED = ['upstream_paused'] as const;
/** Requests a minute. */
const LOWERED_TO = 5;

let replica: ServiceProcess | null = null;
/** Of the newest question: more than anybody else asks about, so that no answer is kept. */
let tao = 1_000;

/** Why this process could not say what TaoStats says of a trade. */
async function quoteRefusal(service: ServiceProcess | null): Promise<string | undefined> {
  tao += 1;
  const answer = await service?.json<{ data: { upstream: { error: { code: string } | null } | null } }>(
    `/api/v1/subnets/1/slippage?direction=stake&amount=${tao}`,
  );
  return answer?.data.upstream?.error?.code;
}

/** As many different questions, one right after the other; answers how many TaoStats was asked. */
async function ask(world: ChaosWorld, questions: number): Promise<number> {
  const asked = world.requests().length;
  for (let question = 1; question <= questions; question += 1) {
    await quoteRefusal(world.service);
  }
  return world.requests().length - asked;
}

export function throttled(headers: Record<string, string> = {}, status = 429): Fault {
  return { kind: 'status', status, headers };
}

interface Pause {
  /** Seconds from the refusal to its end. */
  whole: number;
  /** Seconds that are left of it. */
  left: number;
}

/** The pause that the service keeps. */
function pauseOf(world: ChaosWorld): Promise<Pause> {
  return world.eventually('a pause', async () => {
    const [row] = await world.rows(
      `SELECT extract(epoch FROM blocked_until - struck_at) AS whole, extract(epoch FROM blocked_until - clock_timestamp()) AS left
         FROM upstream_keys WHERE reason IN ('rate_limited', 'auth') AND blocked_until > clock_timestamp()`,
    );
    return row === undefined ? null : { whole: Number(row['whole']), left: Number(row['left']) };
  });
}

/** What was asked for, a second, and up to a tenth. */
function expectPause({ whole }: Pause, asked: number): void {
  expect(whole).toBeGreaterThanOrEqual(asked + 1 - ROUNDING);
  expect(whole).toBeLessThanOrEqual(asked * 1.1 + 1 + ROUNDING);
}

/** Times are stored in microseconds, and reckoned in parts of milliseconds. */
const ROUNDING = 0.002;

/** Refused once with each header in turn; every pause is let pass in full. */
async function pausesOf(
  world: ChaosWorld,
  headers: readonly Record<string, string>[],
  statusOf: (index: number) => number = () => 429,
): Promise<Pause[]> {
  const pauses: Pause[] = [];
  for (const [index, header] of headers.entries()) {
    world.simulator.clearFaults();
    world.fault(throttled(header, statusOf(index)), EVERYTHING);
    await world.scheduled('pools');
    const pause = await pauseOf(world);
    pauses.push(pause);
    await world.pass(pause.left + 1);
  }
  // Refused once more, so that the pack has something to show.
  await world.scheduled('pools');
  return pauses;
}

/** Expects a pause for each of the seconds that were asked for. */
function expectPauses(pauses: readonly Pause[], asked: readonly number[]): void {
  expect(pauses).toHaveLength(asked.length);
  for (const [index, pause] of pauses.entries()) expectPause(pause, asked[index] ?? 0);
}

const refusedForEver = (world: ChaosWorld): void => world.fault(throttled(), EVERYTHING);

/** A date of RFC 9110 in each of its three spellings. */
function datesOf(ms: number): string[] {
  const [day = '', date = '', month = '', year = '', time = ''] = new Date(ms).toUTCString().split(/[ ,]+/);
  const long = new Date(ms).toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' });
  return [
    `${day}, ${date} ${month} ${year} ${time} GMT`,
    `${long}, ${date}-${month}-${year.slice(2)} ${time} GMT`,
    `${day} ${month} ${String(Number(date)).padStart(2, ' ')} ${time} ${year}`,
  ];
}

const run = promisify(execFile);

/** The delay that the service reads from these headers, in each of these time zones, by its own code. */
async function delaysIn(
  zones: readonly string[],
  headers: readonly string[],
  nowMs: number,
): Promise<(number | null)[]> {
  const program = `
    const { parseRetryAfter } = require('./src/common');
    const delayOf = (text) => parseRetryAfter(text, { dateHeader: undefined, nowMs: ${nowMs} }).delayMs;
    console.log(JSON.stringify(${JSON.stringify(headers)}.map(delayOf)));`;
  const answers = zones.map(async (TZ) => {
    const { stdout } = await run(process.execPath, ['-r', '@swc-node/register', '-e', program], {
      env: { ...process.env, TZ },
    });
    return JSON.parse(stdout) as (number | null)[];
  });
  return (await Promise.all(answers)).flat();
}

export const LIMIT_CASES: readonly ChaosCase[] = [
  {
    id: 'U1',
    title: '429 storm, Retry-After 30, for two replicas',
    async inject(world) {
      replica = await startReplica(world);
      await putOff(world);
      world.fault(throttled({ 'retry-after': '30' }), EVERYTHING);
    },
    async expect(world, { requests }) {
      for (let probes = 1; probes <= 4; probes += 1) {
        // What TaoStats says of a trade is asked by the process that is asked: the first is the probe.
        expect(await quoteRefusal(world.service)).toBe('taostats/rate-limited');
        const pause = await pauseOf(world);
        expectPause(pause, 30);
        for (const service of [world.service, replica])
          expect(await quoteRefusal(service)).toBe('taostats/rate-limited');
        expect((await world.scheduled('pools')).calls).toBe(0);
        expect(requests()).toHaveLength(probes);
        await expectReads(world);
        if (probes < 4) await world.pass(pause.left + 1);
      }
    },
    async remove() {
      await replica?.stop();
      replica = null;
    },
    shows: PAUSED,
  },
  {
    id: 'U2',
    title: '429 without any header',
    inject: refusedForEver,
    async expect(world, { before }) {
      const pauses = await pausesOf(
        world,
        Array.from({ length: 6 }, () => ({})),
      );
      expectPauses(pauses, [60, 120, 240, 480, 900, 900]);
      const counted = before.api_health.total_rate_limits + 6;
      await world.eventually('six more in the count', async () => {
        return (await world.pack).api_health.total_rate_limits >= counted;
      });
    },
    shows: PAUSED,
    recoveryStepSeconds: 300,
  },
  {
    id: 'U3',
    title: '429 with a Retry-After that says nothing: soon, empty, 1_000, 2.5, 0x10',
    inject: refusedForEver,
    async expect(world, { before }) {
      const values = ['soon', '', '1_000', '2.5', '0x10'];
      const pauses = await pausesOf(
        world,
        values.map((value) => ({ 'retry-after': value })),
      );
      expectPauses(pauses, [60, 120, 240, 480, 900]);
      const invalid = before.upstream.invalid_retry_after_total + values.length;
      await world.eventually('each of them counted as invalid', async () => {
        return (await world.pack).upstream.invalid_retry_after_total >= invalid;
      });
    },
    shows: PAUSED,
    recoveryStepSeconds: 300,
  },
  {
    id: 'U4',
    title: '429 with a Retry-After that is negative or zero',
    inject: refusedForEver,
    async expect(world, { requests }) {
      // A second is the least that is ever waited.
      expectPauses(await pausesOf(world, [{ 'retry-after': '-5' }, { 'retry-after': '0' }]), [60, 1]);
      expect(requests()).toHaveLength(3);
    },
    shows: PAUSED,
  },
  {
    id: 'U5',
    title: '429 with a huge Retry-After: an hour, 10^9 s, thirty nines',
    inject: refusedForEver,
    async expect(world) {
      const pauses = await pausesOf(world, [{ 'retry-after': '3600' }, { 'retry-after': '1000000000' }]);
      expectPauses(pauses.slice(0, 1), [3600]);
      expect(pauses[1]?.whole).toBeCloseTo(86_400, 2);
      world.simulator.clearFaults();
      world.fault(throttled({ 'retry-after': '999999999' }), POOL);
      await world.scheduled('pools');
      expect((await pauseOf(world)).whole).toBeCloseTo(86_400, 2);
      expect((await world.scheduled('pools')).calls).toBe(0);
      // More digits than any clamp needs: the largest delay there is, never a timer that fires at once.
      expect(await delaysIn(['UTC'], ['9'.repeat(30)], 0)).toEqual([999_999_999_000]);
    },
    shows: ['upstream_paused', 'upstream_pause_clamped'],
    recoveryStepSeconds: 6 * 3600,
  },
  {
    id: 'U6',
    title: '429 with an HTTP date in three spellings and four time zones',
    inject: refusedForEver,
    async expect(world) {
      const nowMs = Date.UTC(2026, 10, 3, 12);
      const zones = ['UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland'];
      expect(await delaysIn(zones, datesOf(nowMs + 599_000), nowMs)).toEqual(Array<number>(12).fill(599_000));
      const date = new Date(nowMs).toUTCString();
      const headers = datesOf(nowMs + 120_000).map((retryAfter) => ({ 'retry-after': retryAfter, date }));
      expectPauses(await pausesOf(world, headers), [120, 120, 120]);
    },
    shows: PAUSED,
  },
  {
    id: 'U7',
    title: "429 with a date in the past, and with an upstream's clock that is an hour wrong",
    inject: refusedForEver,
    async expect(world) {
      const ms = Date.now();
      const at = (offsetMs: number): string => new Date(ms + offsetMs).toUTCString();
      const hour = 3_600_000;
      const pauses = await pausesOf(world, [
        { 'retry-after': at(-hour), date: at(0) },
        { 'retry-after': at(hour + 90_000), date: at(hour) },
        { 'retry-after': at(90_000 - hour), date: at(-hour) },
      ]);
      expectPauses(pauses, [1, 90, 90]);
    },
    shows: PAUSED,
  },
  {
    id: 'U8',
    title: '503 with Retry-After, and RateLimit headers',
    inject: refusedForEver,
    async expect(world) {
      const policy = '"default";r=0;t=20';
      const pauses = await pausesOf(
        world,
        [{ 'retry-after': '45' }, { ratelimit: policy }, { ratelimit: policy, 'retry-after': '70' }],
        (index) => (index === 0 ? 503 : 429),
      );
      expectPauses(pauses, [45, 20, 70]);
    },
    shows: PAUSED,
  },
  {
    id: 'U37',
    title: '401 in the middle of the day, later the key is good again',
    inject: (world) => world.fault({ kind: 'status', status: 401 }, EVERYTHING),
    async expect(world, { requests }) {
      expect((await world.scheduled('pools')).reason_code).toBe('taostats/auth-rejected');
      expect((await pauseOf(world)).whole).toBeCloseTo(900, 2);
      const asked = requests().length;
      expect((await world.scheduled('subnets')).calls).toBe(0);
      await world.pass(901);
      await world.scheduled('pools');
      await pauseOf(world);
      expect(requests()).toHaveLength(asked + 1);
      await world.eventually('a critical pack', async () => (await world.pack).overall_health.status === 'critical');
    },
    shows: ['upstream_auth_rejected'],
    recoveryStepSeconds: 905,
  },
  {
    id: 'U38',
    title: 'the limit is lowered from 60 to 5 a minute without a word',
    inject: (world) => world.fault({ kind: 'limit_lowered', perMinute: LOWERED_TO }, EVERYTHING),
    async expect(world, { requests }) {
      const refusals = (): number => requests().filter(({ status }) => status === 429).length;
      // The second refusal in a row tells how many there may be: as many as the window held without it.
      for (let refused = 1; refused <= 2; refused += 1) {
        expect(await ask(world, LOWERED_TO + 2)).toBe(LOWERED_TO + 1);
        expect(refusals()).toBe(refused);
        await world.pass((await pauseOf(world)).left + 1);
      }
      await world.eventually('what was learned is shown', async () => {
        return (await world.pack).upstream.learned_limit === LOWERED_TO;
      });
      expect(await ask(world, LOWERED_TO + 2)).toBe(LOWERED_TO);
      expect(refusals()).toBe(2);
    },
    shows: ['upstream_limit_learned'],
    exempt: { I5: 'what was learned is unlearned by one a minute every ten minutes, hours later' },
    recoveryStepSeconds: 120,
  },
];
