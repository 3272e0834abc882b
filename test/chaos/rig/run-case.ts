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
import { MIRRORS, compareWithUpstream, walletMirror } from './mirror';
import { putOff, takeUp } from './quiet';
import { type Pack, type Run, isClosed } from './readings';
import type { CaseResult } from './results';
import { LIMIT_PER_MINUTE } from './service-environment';
import { Heart, issuesOf, lookAtStored, lookEverywhere, runsAfter } from './watch';
import { whilePassing } from './while-passing';

/** The first retry of a failed run comes after half a minute, so this is one. */
const STEP_SECONDS = 35;
/** Steps until a service that has not recovered never will. */
const STEPS = 40;
const GOOD = new Set(['applied', 'confirmed']);

/** Before every case: a minute without a fault, tokens to spend, nothing wrong with the dataset, and nothing else due. */
async function calm(world: ChaosWorld, { dataset = 'pools', shows }: ChaosCase): Promise<Pack> {
  await world.heal();
  await putOff(world);
  // What the cases before taught limiter and breakers would decide how often this one may ask.
  await world.rows("DELETE FROM upstream_keys WHERE scope NOT LIKE 'plan %'");
  await world.pass(61);
  await whilePassing(world, () =>
    world.eventually(`${dataset} in good order`, async () => GOOD.has((await world.scheduled(dataset)).state)),
  );
  const awaited = 'nothing' in shows ? [] : shows;
  return world.eventually('a pack without issues of this dataset and of this fault', async () => {
    const pack = await world.pack;
    const isTroubled = pack.overall_health.issues.some(({ subject }) => subject === dataset);
    return isTroubled || issuesOf(pack).some((issue) => awaited.includes(issue)) ? null : pack;
  });
}

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
  const { id, title } = fault;
  const reason = fault.notInjectable?.(world) ?? null;
  const unmeasured = { recoverySeconds: null, realSeconds: null, failure: undefined };
  if (reason !== null)
    return { id, title, outcome: 'not injectable', remarks: [`not injectable: ${reason}`], ...unmeasured };
  const before = await calm(world, fault);
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
  await takeUp(world);
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
    const run = await whilePassing(world, () => settled(world, dataset));
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

/** Looks of the trust pack in which a fault has to show: one that may be under way, and one that begins afterwards. */
const SHOWN_WITHIN = 2;
/** In which it has to go: one under way, and two that do not see it any more. */
const CLEARED_WITHIN = 3;

async function shownPack(world: ChaosWorld, shows: ChaosCase['shows']): Promise<Pack> {
  if ('nothing' in shows) return world.pack;
  return lookFor(world, SHOWN_WITHIN, (issues) => shows.every((issue) => issues.includes(issue)));
}

async function clearedPack(world: ChaosWorld, shows: ChaosCase['shows']): Promise<Pack> {
  if ('nothing' in shows) return world.pack;
  return lookFor(world, CLEARED_WITHIN, (issues) => !shows.some((issue) => issues.includes(issue)));
}

/** The first pack that is as wanted, or that of the last look that is waited for. */
async function lookFor(world: ChaosWorld, looks: number, wanted: (issues: string[]) => boolean): Promise<Pack> {
  let { judged_at: judgedAt } = (await world.pack).overall_health;
  let left = looks;
  return world.eventually(`${looks} looks of the trust pack`, async () => {
    const pack = await world.pack;
    if (pack.overall_health.judged_at !== judgedAt) left -= 1;
    judgedAt = pack.overall_health.judged_at;
    return left === 0 || wanted(issuesOf(pack)) ? pack : null;
  });
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
  for (const mirror of mirrors) found.push(...(await compareWithUpstream(world, mirror)));
  return found;
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
