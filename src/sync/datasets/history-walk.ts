import type { EntityManager } from 'typeorm';
import { type Backfill, BackfillRepository } from '../../database';
import type { Fetched, RejectedRow } from '../../taostats';
import type { AskOptions, Setback, WorkContext } from '../dataset';
import { BACKFILL_DEADLINE_MS, type StepFailure, isWithoutTurn, stepFailure } from '../step-failure';
import { type DayRange, areAscending, lastRowOfEachDay, secondsOf, seenTo, shiftDay, wholeTo } from './history-window';

interface Dated {
  block_number: number;
  timestamp: string;
}

/** What is walked: how to ask for one scope, and how to store its days. */
export interface HistorySource<Row extends Dated> {
  dataset: string;
  ask(scope: string, options: AskOptions & { query: Record<string, string | number> }): Promise<Fetched<Row>>;
  /** Stores the last row of each day. Answers how many changed. */
  store(manager: EntityManager, scope: string, rows: readonly Row[]): Promise<number>;
  /** Days that our own answers have seen, with the newest moment of each: they need no call. */
  seenAt(scope: string): Promise<ReadonlyMap<string, Date>>;
}

/** What the steps of one run did together. */
export interface WalkTotals {
  rowsSeen: number;
  rowsChanged: number;
  rejected: RejectedRow[];
  setbacks: Setback[];
  /** Walks that could go on at once. */
  waiting: number;
}

/** One run may cost this much; the rest of the way is for the next one, so that nothing else waits for the past. */
const CALLS_A_RUN = 20;
const MS_A_RUN = 30_000;
/** Pages of one step when a single day fills more than one. */
const MOST_PAGES = 16;
const FIRST_RETRY_SECONDS = 60;
const LONGEST_RETRY_SECONDS = 21_600;

/** Everything else came first for the whole of a step's time: the past can wait, and nobody failed. */
const NO_TURN = 'no-turn';

/** Walks the open scopes, oldest days first, a page a step: a page that fails leaves the pages before it stored. */
export async function walkHistory<Row extends Dated>(
  context: WorkContext,
  source: HistorySource<Row>,
  scopes: readonly string[],
): Promise<WalkTotals> {
  const totals: WalkTotals = { rowsSeen: 0, rowsChanged: 0, rejected: [], setbacks: [], waiting: 0 };
  const backfills = context.repository(BackfillRepository);
  const open = await backfills.open(context.manager, source.dataset, scopes);
  for (const [index, walk] of open.entries()) {
    if (isSpent(context)) {
      totals.waiting += open.length - index;
      break;
    }
    const failure = await walkScope(context, source, walk, totals);
    if (failure === null) continue;
    if (failure === NO_TURN) {
      totals.waiting += open.length - index;
      break;
    }
    context.warn(`${walk.scope}: ${failure.reason}`);
    totals.setbacks.push({ ...failure, reason: `${walk.scope}: ${failure.reason}` });
    if (failure.endsRun) break;
  }
  return totals;
}

function isSpent(context: WorkContext): boolean {
  return context.calls() >= CALLS_A_RUN || context.elapsedMs() >= MS_A_RUN;
}

async function walkScope<Row extends Dated>(
  context: WorkContext,
  source: HistorySource<Row>,
  walk: Backfill,
  totals: WalkTotals,
): Promise<StepFailure | typeof NO_TURN | null> {
  const seenAt = await source.seenAt(walk.scope);
  let next: DayRange | null = await skipSeen(context, walk, seenAt);
  while (next !== null) {
    if (isSpent(context)) {
      totals.waiting += 1;
      return null;
    }
    const before = context.calls();
    try {
      const doneTo = await walkStep(context, source, { walk, range: next, totals });
      next = doneTo < next.to ? { from: shiftDay(doneTo, 1), to: next.to } : null;
    } catch (error) {
      if (isWithoutTurn(error) && context.calls() === before) return NO_TURN;
      const failure = stepFailure(error) ?? unorderedFailure(error);
      if (failure === null) throw error;
      await setBack(context, walk, failure, context.calls() - before);
      return failure;
    }
  }
  return null;
}

/** What is left of a walk behind the days that our own answers have seen; null when nothing is. */
async function skipSeen(
  context: WorkContext,
  { dataset, scope, windowFrom, windowTo, doneTo }: Backfill,
  seenAt: ReadonlyMap<string, Date>,
): Promise<DayRange | null> {
  const from = doneTo === null ? windowFrom : shiftDay(doneTo, 1);
  const seen = seenTo(seenAt, { from, to: windowTo });
  const step = { dataset, scope, pages: 0, calls: 0 };
  if (seen !== null || from > windowTo) {
    await context.write((manager) =>
      context.repository(BackfillRepository).advance(manager, { ...step, doneTo: seen ?? doneTo }),
    );
  }
  const rest = seen === null ? from : shiftDay(seen, 1);
  return rest > windowTo ? null : { from: rest, to: windowTo };
}

interface Step {
  walk: Backfill;
  range: DayRange;
  totals: WalkTotals;
}

/** Reads and stores one page of a window, more where a day is longer than a page. Answers up to which day it is whole now. */
async function walkStep<Row extends Dated>(
  context: WorkContext,
  source: HistorySource<Row>,
  { walk: { dataset, scope }, range, totals }: Step,
): Promise<string> {
  for (let maxPages = 1; ; maxPages *= 2) {
    const before = context.calls();
    const fetched = await source.ask(scope, {
      query: secondsOf(range),
      maxPages,
      priority: 'backfill',
      deadlineMs: BACKFILL_DEADLINE_MS,
      cache: 'bypass',
    });
    if (!areAscending(fetched.rows)) throw new UnorderedRowsError();
    const doneTo = wholeTo(fetched.rows, range, fetched.complete);
    if (doneTo === null && maxPages < MOST_PAGES) continue;
    // A day that even so many pages do not end is left with what is known of it.
    const reached = doneTo ?? range.from;
    const rows = lastRowOfEachDay(fetched.rows);
    totals.rowsChanged += await context.write(async (manager) => {
      const changed = await source.store(manager, scope, rows);
      const step = { dataset, scope, doneTo: reached, pages: fetched.pages, calls: context.calls() - before };
      await context.repository(BackfillRepository).advance(manager, step);
      return changed;
    });
    totals.rowsSeen += fetched.rows.length + fetched.rejected.length;
    totals.rejected.push(...fetched.rejected);
    return reached;
  }
}

/** Upstream ignored the order that was asked for: where the walk would go on is unknown. */
class UnorderedRowsError extends Error {}

function unorderedFailure(error: unknown): StepFailure | null {
  if (!(error instanceof UnorderedRowsError)) return null;
  const reason = 'the rows do not come oldest first';
  return { state: 'failed', code: 'sync/unordered-answer', reason, retryAt: null, endsRun: false };
}

async function setBack(context: WorkContext, walk: Backfill, failure: StepFailure, calls: number): Promise<void> {
  const backoff = Math.min(LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** Math.min(walk.failures, 12));
  const pause = failure.retryAt === null ? 0 : (failure.retryAt.getTime() - context.startedAt.getTime()) / 1_000;
  await context.write((manager) =>
    context.repository(BackfillRepository).setBack(manager, {
      dataset: walk.dataset,
      scope: walk.scope,
      calls,
      reason: failure.reason,
      retryInSeconds: Math.max(backoff, pause),
    }),
  );
}
