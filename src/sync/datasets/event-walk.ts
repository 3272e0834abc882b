import type { EntityManager } from 'typeorm';
import { type EventCursor, type EventGap, EventRepository, type UnreadStretch, WalletRepository } from '../../database';
import { type Endpoint, type RejectedRow, TaostatsError } from '../../taostats';
import type { WorkContext, WorkOutcome } from '../dataset';
import { type MappedRows, mapRows, timeFault } from '../map-rows';
import { netuidIn, stretchAround } from './rejected-event';
import { BACKFILL_DEADLINE_MS, type StepFailure, isWithoutTurn, stepFailure } from '../step-failure';
import {
  type EventWindow,
  FIRST_EVENT_AT,
  type NextReading,
  type PlannedWindow,
  isSmallest,
  planWindow,
  readTo,
  toSeconds,
} from './event-windows';

/** Wire rows of events: each is dated. */
interface EventPayload {
  id: string;
  timestamp: string;
}

/** What tells delegations and transfers apart. */
export interface EventKind<P extends EventPayload, Row extends object> {
  dataset: string;
  endpoint: Endpoint<P>;
  /** Parameter that names the wallet. */
  parameter: string;
  findFault?(payload: P): string | null;
  toRow(payload: P, runId: string): Row;
  store(events: EventRepository, manager: EntityManager, rows: readonly Row[]): Promise<number>;
  count(events: EventRepository, manager: EntityManager, wallets: readonly string[]): Promise<number>;
}

/** Pages of one walk, 200 rows each; a wallet with more events is read in several. */
const MOST_PAGES = 10;
/** Calls of one run: a back-fill that needs more goes on in the next. */
const MOST_CALLS = 20;
const MOST_MS = 30_000;
const AGAIN_SECONDS = 30;
/** Failures in a row, at the smallest window, after which reading goes on behind it. */
const PATIENCE = 3;
const GAP_RETRY_MS = 6 * 3_600_000;
/** Only what is wrong with the answer itself is stepped over; a bad day of upstream's is waited for. */
const STUBBORN = new Set(['taostats/bad-payload', 'taostats/contract', 'taostats/drifted', 'taostats/bad-request']);
/** The events of every active wallet, as far as one run's calls allow. */
export async function followEvents<P extends EventPayload, Row extends object>(
  kind: EventKind<P, Row>,
  context: WorkContext,
): Promise<WorkOutcome> {
  const { manager, repository } = context;
  const events = repository(EventRepository);
  const wallets = (await repository(WalletRepository).active(manager)).map((wallet) => wallet.address);
  const walk = new EventWalk(kind, context, events);
  if (wallets.length > 0) {
    const cursors = await context.write((tx) => events.cursors(tx, kind.dataset, { wallets, from: FIRST_EVENT_AT }));
    for (const cursor of cursors) await walk.follow(cursor);
    for (const gap of await events.openGaps(manager, kind.dataset, wallets)) await walk.retry(gap);
  }
  return { ...walk.outcome, recordCount: await kind.count(events, manager, wallets) };
}

class EventWalk<P extends EventPayload, Row extends object> {
  readonly outcome: WorkOutcome & { rejected: RejectedRow[] } = {
    recordCount: 0,
    rowsSeen: 0,
    rowsChanged: 0,
    rejected: [],
    // A wallet may be quiet for weeks: nothing here is as old as its newest event.
    upstreamAt: null,
    upstreamBlock: null,
    setback: null,
  };

  private wasCut = false;

  constructor(
    private readonly kind: EventKind<P, Row>,
    private readonly context: WorkContext,
    private readonly events: EventRepository,
  ) {}

  /** Walks on from a cursor until it is current or the run has made its calls. */
  async follow(cursor: EventCursor): Promise<void> {
    for (let reading = cursor; ;) {
      if (this.isSpent()) {
        this.outcome.againInSeconds = AGAIN_SECONDS;
        return;
      }
      const window = planWindow(reading, this.context.startedAt);
      const completeTo = await this.step(reading, window);
      if (completeTo === null || completeTo <= reading.completeTo) return;
      // Up to what upstream has indexed: the rest is for the next run.
      if (window.isLast && !this.wasCut) return;
      reading = { ...reading, completeTo, failures: 0, state: 'behind', pages: reading.pages + 1 };
    }
  }

  /** Reads a stretch again that could not be read before. */
  async retry(gap: EventGap): Promise<void> {
    const waited = this.context.startedAt.getTime() - gap.lastTriedAt.getTime();
    if (waited < GAP_RETRY_MS || this.isSpent()) return;
    const window = { from: gap.gapFrom, to: gap.gapTo };
    const target = { dataset: this.kind.dataset, wallet: gap.wallet };
    try {
      const { mapped, fetched } = await this.ask(gap.wallet, window, true);
      const next = readTo({ window, complete: fetched.complete, timestamps: timesOf(mapped, fetched.rows) }, null);
      await this.context.write(async (tx) => {
        this.outcome.rowsChanged += await this.kind.store(this.events, tx, mapped.rows);
        if (next === null || mapped.rejected.length > 0) await this.events.recordGap(tx, stretchOf(target, gap));
        else await this.events.closeGaps(tx, target, { from: gap.gapFrom, to: next.completeTo });
      });
    } catch (error) {
      const { code: reasonCode, reason } = ownFailure(error);
      const stretch = { ...stretchOf(target, gap), reasonCode, reason };
      await this.context.write((tx) => this.events.recordGap(tx, stretch));
    }
  }

  /** One walk, stored with its cursor in one transaction. Answers how far reading has come; null when it must stop. */
  private async step(cursor: EventCursor, window: PlannedWindow): Promise<Date | null> {
    const callsBefore = this.context.calls();
    try {
      return await this.walk(cursor, window, callsBefore);
    } catch (error) {
      if (cursor.pages > 0 && isWithoutTurn(error) && this.context.calls() === callsBefore) {
        this.outcome.againInSeconds = AGAIN_SECONDS;
        return null;
      }
      return this.setBack(cursor, window, { ...ownFailure(error), calls: this.context.calls() - callsBefore });
    }
  }

  private async walk(cursor: EventCursor, window: PlannedWindow, callsBefore: number): Promise<Date | null> {
    const { dataset } = this.kind;
    const { wallet } = cursor;
    const { mapped, fetched } = await this.ask(wallet, window, cursor.pages > 0 && cursor.state === 'behind');
    const indexedTo = await this.events.indexedTo(this.context.manager);
    const next = readTo({ window, complete: fetched.complete, timestamps: timesOf(mapped, fetched.rows) }, indexedTo);
    if (next === null) throw new TaostatsError('drifted', `${dataset}: the rows of a long walk came in no order`);
    const wantedTo = this.context.startedAt;
    this.wasCut = next.cutAt !== null;
    await this.context.write(async (tx) => {
      this.outcome.rowsChanged += await this.kind.store(this.events, tx, mapped.rows);
      await this.events.advance(tx, {
        dataset,
        wallet,
        walkedFrom: window.from,
        completeTo: next.completeTo,
        wantedTo,
        state: this.wasCut || !window.isLast ? 'behind' : 'current',
        pages: fetched.pages,
        calls: this.context.calls() - callsBefore,
        rowsRead: fetched.rows.length,
      });
      for (const gap of this.unread({ dataset, wallet }, window, { next, mapped }))
        await this.events.recordGap(tx, gap);
    });
    return next.completeTo;
  }

  /** What of the window was not read although the walk ended well. */
  private unread(
    target: { dataset: string; wallet: string },
    window: EventWindow,
    { next, mapped }: { next: NextReading; mapped: MappedRows<Row> },
  ): UnreadStretch[] {
    const unread: UnreadStretch[] = [];
    for (const { key, raw, reason } of mapped.rejected) {
      unread.push({
        ...target,
        ...stretchAround(raw, window),
        reasonCode: 'sync/row-rejected',
        reason: `row ${key ?? 'without an id'}: ${reason}`,
        netuid: netuidIn(raw),
      });
    }
    if (next.cutAt !== null && next.cutAt < window.to) {
      const reason = `more than ${MOST_PAGES} pages: the rest is read next`;
      unread.push({ ...target, from: next.cutAt, to: window.to, reasonCode: 'sync/walk-cut', reason });
    }
    return unread.filter(({ from, to }) => from < to);
  }

  private async ask(wallet: string, window: EventWindow, isBackfill: boolean) {
    const { endpoint, parameter } = this.kind;
    const query = {
      [parameter]: wallet,
      timestamp_start: toSeconds(window.from),
      timestamp_end: toSeconds(window.to),
    };
    const fetched = await this.context.ask(endpoint, {
      query,
      maxPages: MOST_PAGES,
      ...(isBackfill ? { priority: 'backfill', deadlineMs: BACKFILL_DEADLINE_MS } : {}),
    });
    const mapped = mapRows(fetched, {
      keyOf: (payload) => payload.id,
      findFault: (payload) => timeFault('timestamp', payload.timestamp) ?? this.kind.findFault?.(payload) ?? null,
      toRow: (payload) => this.kind.toRow(payload, this.context.runId),
    });
    this.outcome.rowsSeen += fetched.rows.length + fetched.rejected.length;
    this.outcome.rejected.push(...mapped.rejected);
    return { fetched, mapped };
  }

  private async setBack(
    cursor: EventCursor,
    window: EventWindow,
    { state, code, reason, retryAt, calls }: StepFailure & { calls: number },
  ): Promise<Date | null> {
    const { dataset } = this.kind;
    const { wallet, completeTo } = cursor;
    const stretch = { dataset, wallet, from: completeTo, to: window.to, reasonCode: code, reason };
    const stepsOver = STUBBORN.has(code) && isSmallest(cursor, window) && cursor.failures + 1 >= PATIENCE;
    await this.context.write(async (tx) => {
      await this.events.setBack(tx, stretch, calls);
      if (stepsOver) await this.events.skip(tx, { dataset, wallet, to: window.to });
    });
    this.context.warn(`${wallet}: events from ${completeTo.toISOString()} could not be read: ${reason}`);
    this.outcome.setback ??= { state, code, reason: `${wallet}: ${reason}`, retryAt };
    return stepsOver ? window.to : null;
  }

  private isSpent(): boolean {
    return this.context.calls() >= MOST_CALLS || this.context.elapsedMs() >= MOST_MS;
  }
}

/** What a walk failed with, if that concerns this wallet alone; anything else is thrown on. */
function ownFailure(error: unknown): StepFailure {
  const failure = stepFailure(error);
  if (failure === null || failure.endsRun) throw error;
  return failure;
}

function timesOf(mapped: MappedRows<object>, rows: readonly EventPayload[]): Date[] {
  return rows.length === 0 || mapped.rows.length === 0 ? [] : rows.map((row) => new Date(row.timestamp));
}

function stretchOf(target: { dataset: string; wallet: string }, gap: EventGap): UnreadStretch {
  const { gapFrom: from, gapTo: to, reasonCode, reason, netuid } = gap;
  return { ...target, from, to, reasonCode, reason, netuid };
}
