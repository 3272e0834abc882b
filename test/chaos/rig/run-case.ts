import type { ChaosCase } from './chaos-case';
import type { ChaosWorld } from './chaos-world';
import {
  type Stored,
  type Violation,
  findBlindness,
  findLeaks,
  findLifeSigns,
  findLostRuns,
  findOverrun,
  findStuck,
  findUnexplainedChanges,
} from './invariants';
import { MIRRORS, type Mirror, compareWithUpstream, walletMirror } from './mirror';
import { type Pack, type Run, isClosed } from './readings';
import type { CaseResult } from './results';
import { LIMIT_PER_MINUTE } from './service-environment';
import { Heart, issuesOf, lookAtStored, lookEverywhere, runsAfter } from './watch';

/** The first retry of a failed run comes after half a minute, so this is one. */
const STEP_SECONDS = 35;
/** Steps until a service that has not recovered never will. */
const STEPS = 40;
const GOOD = new Set(['applied', 'confirmed']);

/** Before every case: a minute without a fault, tokens to spend, and nothing wrong with the dataset. */
async function calm(world: ChaosWorld, dataset: string): Promise<Pack> {
  await world.heal();
  // What was learned from 429s is unlearned within ten hours; a minute gives the tokens back.
  const { learned_limit: learned } = (await world.pack).upstream;
  if (learned < LIMIT_PER_MINUTE) await world.pass((LIMIT_PER_MINUTE - learned) * 600);
  await world.pass(61);
  await whilePassing(world, () =>
    world.eventually(`${dataset} in good order`, async () => GOOD.has((await world.scheduled(dataset)).state)),
  );
  return world.eventually('a pack without this dataset among its issues', async () => {
    const pack = await world.pack;
    return pack.overall_health.issues.some(({ subject }) => subject === dataset) ? null : pack;
  });
}

/** Time goes on while `work` waits, faster than it does by itself: whoever waits for a token of the limit gets it sooner. */
async function whilePassing<T>(world: ChaosWorld, work: () => Promise<T>): Promise<T> {
  let isOver = false;
  const passing = (async () => {
    for (let waitedMs = 0; !isOver; waitedMs += PASSING_POLL_MS) {
      await new Promise((wake) => setTimeout(wake, PASSING_POLL_MS));
      if (!isOver && waitedMs >= PASSING_AFTER_MS) await world.pass(1);
    }
  })();
  try {
    return await work();
  } finally {
    isOver = true;
    await passing;
  }
}

const PASSING_POLL_MS = 100;
const PASSING_AFTER_MS = 2_000;

interface Course {
  before: Pack;
  stored: Stored;
  storedAfter: Stored;
  since: string;
  until: string;
  during: Pack;
  after: Pack;
  recoverySeconds: number | null;
  realSeconds: number;
}

/** Injects a fault, lets the case look, removes it, and judges all eight invariants, whatever the case itself found. */
export async function runCase(world: ChaosWorld, fault: ChaosCase): Promise<CaseResult & { failure: unknown }> {
  const { id, title, dataset = 'pools' } = fault;
  const reason = fault.notInjectable?.(world) ?? null;
  const unmeasured = { recoverySeconds: null, realSeconds: null, failure: undefined };
  if (reason !== null)
    return { id, title, outcome: 'not injectable', remarks: [`not injectable: ${reason}`], ...unmeasured };
  const before = await calm(world, dataset);
  const logLine = world.service.rawLog.split('\n').length;
  const heart = new Heart(world);
  const course = await take(world, fault, before);
  const pulse = await heart.stop(logLine);
  const violations = [
    ...(await judge(world, fault, course)),
    ...findLifeSigns(pulse),
    ...(await leaks(world, logLine)),
  ];
  const remarks = violations
    .filter(({ invariant }) => fault.exempt?.[invariant] === undefined)
    .map(({ invariant, detail }) => `${invariant}: ${detail}`);
  const outcome = remarks.length === 0 && course.failure === undefined ? 'held' : 'violated';
  const { recoverySeconds, realSeconds, failure } = course;
  return { id, title, outcome, remarks, recoverySeconds, realSeconds, failure };
}

async function take(world: ChaosWorld, fault: ChaosCase, before: Pack): Promise<Course & { failure: unknown }> {
  const { dataset = 'pools' } = fault;
  const since = await now(world);
  const sinceMs = world.time.nowMs();
  const stored = await lookAtStored(world);
  let failure: unknown;
  await fault.inject(world);
  const requests = (prefix?: string) => world.requests(prefix).filter((entry) => entry.atMs >= sinceMs);
  try {
    await fault.expect(world, { before, requests });
  } catch (error) {
    failure = error;
  }
  const during = await shownPack(world, fault.shows);
  const until = await now(world);
  const storedAfter = await lookAtStored(world);
  await fault.remove?.(world);
  await world.heal();
  const removedAtMs = Date.now();
  const recoverySeconds = await recover(world, dataset, fault.recoveryStepSeconds ?? STEP_SECONDS);
  const realSeconds = (Date.now() - removedAtMs) / 1000;
  const after = await clearedPack(world, fault.shows);
  return { before, stored, storedAfter, since, until, during, after, recoverySeconds, realSeconds, failure };
}

/** Lets time pass, and nothing else, until a scheduled run of the dataset is good. Null when none ever is. */
async function recover(world: ChaosWorld, dataset: string, stepSeconds: number): Promise<number | null> {
  const fromMs = world.time.nowMs();
  const last = (await world.lastRun(dataset))?.id ?? '';
  const isGood = (run: Run | null): boolean =>
    run !== null && run.id > last && run.trigger !== 'request' && GOOD.has(run.state);
  for (let step = 0; step < STEPS; step += 1) {
    const dueInSeconds = await world.secondsUntilDue(dataset);
    await world.pass(Math.min(Math.max(dueInSeconds + 1, 1), stepSeconds));
    const run = await settled(world, dataset);
    if (isGood(run)) return (world.time.nowMs() - fromMs) / 1000;
  }
  return null;
}

/** The newest run once what was due has ended. */
function settled(world: ChaosWorld, dataset: string): Promise<Run | null> {
  return world.eventually(`what was due of ${dataset} has ended`, async () => {
    const run = await world.lastRun(dataset);
    return (run === null || isClosed(run)) && (await world.secondsUntilDue(dataset)) > 0 && run;
  });
}

/** The pack once it shows what it has to show: issues are looked for every 2 s of the service, which here is half a second. */
async function shownPack(world: ChaosWorld, shows: ChaosCase['shows']): Promise<Pack> {
  if ('nothing' in shows) return world.pack;
  return lookFor(world, (issues) => shows.every((issue) => issues.includes(issue)));
}

async function clearedPack(world: ChaosWorld, shows: ChaosCase['shows']): Promise<Pack> {
  if ('nothing' in shows) return world.pack;
  return lookFor(world, (issues) => !shows.some((issue) => issues.includes(issue)));
}

/** Cycles of the trust pack that an issue may need to appear or to go, with one to spare for a look under way. */
const LOOKS = 4;
const LOOK_MS = 500;

/** The first pack that is as wanted, or the last one that was not. */
async function lookFor(world: ChaosWorld, wanted: (issues: string[]) => boolean): Promise<Pack> {
  for (let left = (LOOKS * LOOK_MS) / 50; ; left -= 1) {
    const pack = await world.pack;
    if (wanted(issuesOf(pack)) || left <= 0) return pack;
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

async function judge(world: ChaosWorld, fault: ChaosCase, course: Course): Promise<Violation[]> {
  const { dataset = 'pools', shows } = fault;
  const runs = (await runsAfter(world, course.since)).filter((run) => run.state !== 'running');
  const wanted = 'nothing' in shows ? null : shows;
  const { issues } = course.during.overall_health;
  return [
    ...findUnexplainedChanges(course.stored, course.storedAfter, runs),
    ...findOverrun(
      world.requests().map((entry) => entry.atMs),
      LIMIT_PER_MINUTE,
    ),
    ...findLostRuns(await runningRuns(world)),
    ...(await mirrorFaults(world)),
    ...findBlindness({
      wanted,
      before: issuesOf(course.before),
      during: issuesOf(course.during),
      after: issuesOf(course.after),
      statusDuring: course.during.overall_health.status,
      counts: wanted?.some((code) => issues.some((issue) => code.startsWith(issue.code))) ?? false,
    }),
    ...findStuck(dataset, course.recoverySeconds, await world.lastRun(dataset)),
  ];
}

async function mirrorFaults(world: ChaosWorld): Promise<Violation[]> {
  const [wallet] = world.wallets;
  const mirrors = wallet === undefined ? MIRRORS : [...MIRRORS, walletMirror(wallet)];
  const found: Violation[] = [];
  for (const mirror of mirrors) found.push(...(await compareTwice(world, mirror)));
  return found;
}

/** A run may be applied between the look at the upstream and the look at the table: then the second comparison is right. */
async function compareTwice(world: ChaosWorld, mirror: Mirror): Promise<Violation[]> {
  const found = await compareWithUpstream(world, mirror);
  return found.length === 0 ? found : compareWithUpstream(world, mirror);
}

async function runningRuns(world: ChaosWorld) {
  const rows = await world.rows(
    `SELECT r.id, r.dataset, l.name IS NOT NULL AS leased FROM sync_runs r
       LEFT JOIN leases l ON l.name = r.dataset AND l.owner = r.owner AND l.fence = r.fence
        AND l.expires_at > clock_timestamp() WHERE r.state = 'running'`,
  );
  return rows.map((row) => ({ id: row['id'] ?? '', dataset: row['dataset'] ?? '', leased: row['leased'] === 't' }));
}

async function leaks(world: ChaosWorld, logLine: number): Promise<Violation[]> {
  return findLeaks(await lookEverywhere(world, logLine), world.secret);
}

async function now(world: ChaosWorld): Promise<string> {
  const [row] = await world.rows('SELECT clock_timestamp() AS now');
  return row?.['now'] ?? '';
}
