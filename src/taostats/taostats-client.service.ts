import { createHash } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { type Cached, ReadThroughCache, type StaleUse, type Stamped, cacheKey } from '../cache';
import { CLOCK, type Clock } from '../common';
import { Settings } from '../config';
import { checkQuery } from './check-query';
import type { Endpoint } from './endpoint';
import type { Fetched, FetchRequest } from './fetch-request';
import { type Answer, type Keepable, isNegative, isOutage, keepRefusal, throwRefusal } from './kept-answer';
import { readKeptPage } from './kept-page';
import { newestUpstream } from './newest-upstream';
import { type PageRows, readPage } from './page-rows';
import { PageWalk, PagesDriftedError } from './page-walk';
import { PagesAhead } from './pages-ahead';
import { TaostatsError } from './taostats-errors';
import { TaostatsTransport } from './transport/taostats-transport.service';
import { UpstreamStatus } from './upstream-status.service';

/** What every page of one call shares. */
interface Call {
  signal: AbortSignal;
  deadlineAtMs: number;
  attempts: number;
}

/** Pages that contradict each other are read once more from the start: upstream may have been in the middle of a block. */
const WALKS = 2;
/** Of a call that renews what a reader was given stale: nobody waits for it. */
const RENEWAL_DEADLINE_MS = 30_000;
const ERROR_AGE_TTLS = 3;
const MINUTE_MS = 60_000;

/** Asks TaoStats. The only door to it: everything that comes out is complete, validated and what was asked for. */
@Injectable()
export class TaostatsClient {
  private readonly logger = new Logger(TaostatsClient.name);

  constructor(
    private readonly transport: TaostatsTransport,
    private readonly cache: ReadThroughCache,
    private readonly status: UpstreamStatus,
    private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Every row of an answer, page by page. Rows that fail validation come back apart, with their reason. Throws
   * `TaostatsError`; when `request.signal` aborts, its reason.
   */
  async fetchAll<P extends object>(endpoint: Endpoint<P>, request: FetchRequest): Promise<Fetched<P>> {
    checkQuery(endpoint, request);
    const over = new AbortController();
    const call = this.startCall(endpoint, request, over.signal);
    try {
      const reading = this.read(endpoint, request, call);
      // A call that joined another's flight still ends at its own deadline; an old answer may be better than none.
      const answer = await (request.mayBeStale === true ? reading : Promise.race([reading, rejectionOf(call.signal)]));
      const { value, fetchedAt, upstreamAt, origin } = answer;
      return { ...value, calls: call.attempts, fetchedAt, upstreamAt, origin };
    } finally {
      over.abort(new Error('the call is over'));
    }
  }

  private startCall<P extends object>(endpoint: Endpoint<P>, request: FetchRequest, over: AbortSignal): Call {
    const deadline = new AbortController();
    this.clock.sleep(request.deadlineMs, over).then(
      () =>
        deadline.abort(new TaostatsError('deadline', `${endpoint.path}: no answer within ${request.deadlineMs} ms`)),
      () => undefined,
    );
    return {
      signal: AbortSignal.any([deadline.signal, ...(request.signal === undefined ? [] : [request.signal])]),
      deadlineAtMs: this.clock.monotonicMs() + request.deadlineMs,
      attempts: 0,
    };
  }

  private async read<P extends object>(
    endpoint: Endpoint<P>,
    request: FetchRequest,
    call: Call,
  ): Promise<Cached<Answer<P>>> {
    const fetch = (): Promise<Stamped<Answer<P>>> => this.walkUntilConsistent(endpoint, request, call);
    const mode = endpoint.ttlMs === 0 ? 'bypass' : (request.cache ?? 'use');
    if (mode === 'bypass') return { ...(await fetch()), origin: 'network' };
    const { path: namespace, ttlMs } = endpoint;
    const read = { namespace, key: this.cacheKeyOf(endpoint, request), ttlMs, refresh: mode === 'refresh', isNegative };
    if (request.mayBeStale !== true) return throwRefusal(await this.cache.read<Keepable<P>>({ ...read, fetch }));
    const stale = this.staleUse(endpoint, request, call.signal);
    const keep = (error: unknown): Stamped<Keepable<P>> => keepRefusal(error, new Date(this.clock.nowMs()));
    return throwRefusal(await this.cache.read<Keepable<P>>({ ...read, fetch: () => fetch().catch(keep), stale }));
  }

  /** Old answers are shown until data of that age counts as critically stale. */
  private staleUse<P extends object>(endpoint: Endpoint<P>, request: FetchRequest, giveUp: AbortSignal): StaleUse {
    const { signal: _signal, ...question } = request;
    const deadlineMs = RENEWAL_DEADLINE_MS;
    return {
      onErrorForMs: Math.max(ERROR_AGE_TTLS * endpoint.ttlMs, this.settings.syncStalenessCriticalMinutes * MINUTE_MS),
      revalidate: () => this.fetchAll(endpoint, { ...question, cache: 'refresh', priority: 'scheduled', deadlineMs }),
      giveUp,
      covers: isOutage,
    };
  }

  private cacheKeyOf<P extends object>(endpoint: Endpoint<P>, request: FetchRequest): string {
    const { query, body, order = endpoint.order, pageSize, maxPages } = request;
    return cacheKey({
      method: endpoint.method,
      path: endpoint.path,
      params: {
        ...query,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(order === null ? {} : { order }),
        limit: pageSize ?? endpoint.pageSize ?? 'all',
        pages: maxPages ?? 'all',
        checked: this.settings.enableResponseValidation,
      },
      // Another key may see other rows, and so may another upstream.
      scope: this.status.scopesOf(endpoint).key,
    });
  }

  private async walkUntilConsistent<P extends object>(
    endpoint: Endpoint<P>,
    request: FetchRequest,
    call: Call,
  ): Promise<Stamped<Answer<P>>> {
    for (let walk = 1; ; walk += 1) {
      try {
        return await this.walk(endpoint, walk === 1 ? request : { ...request, kept: () => null }, call);
      } catch (error) {
        if (!(error instanceof PagesDriftedError)) throw error;
        this.logger.warn(
          { endpoint: endpoint.path, reason: error.message, walk, run_id: request.runId },
          'TaoStats pages do not belong together',
        );
        if (walk < WALKS) continue;
        const message = `${endpoint.path}: ${error.message}`;
        throw new TaostatsError('drifted', message, { endpoint: endpoint.path, cause: error });
      }
    }
  }

  private async walk<P extends object>(
    endpoint: Endpoint<P>,
    request: FetchRequest,
    call: Call,
  ): Promise<Stamped<Answer<P>>> {
    const walk = new PageWalk(endpoint, request.maxPages);
    const digest = createHash('sha256');
    let keptSince: Date | null = null;
    const fetch = (page: number, signal: AbortSignal) => this.fetchPage(endpoint, request, { call, page, signal });
    const pages = new PagesAhead(fetch, call.signal);
    try {
      for (let page: number | null = 1; page !== null;) {
        const { rows, sha256, keptAt } = await pages.take(page, walk.lastForeseen);
        if (keptAt !== null && (keptSince === null || keptAt < keptSince)) keptSince = keptAt;
        digest.update(sha256);
        page = walk.add(page, rows, sha256);
      }
    } finally {
      await pages.end();
    }
    const { upstreamAt, upstreamBlock } = newestUpstream(walk.rows);
    const { rows, rejected, totalItems, complete } = walk;
    const sha256 = digest.digest('hex');
    const value = { rows, rejected, totalItems, pages: walk.pages, complete, upstreamBlock, sha256 };
    return { value, fetchedAt: keptSince ?? new Date(this.clock.nowMs()), upstreamAt };
  }

  private async fetchPage<P extends object>(
    endpoint: Endpoint<P>,
    request: FetchRequest,
    { call, page, signal }: { call: Call; page: number; signal: AbortSignal },
  ): Promise<{ rows: PageRows<P>; sha256: string; keptAt: Date | null }> {
    const { query = {}, body: asked } = request;
    const expectation = { query, body: asked, validate: this.settings.enableResponseValidation };
    const question = this.cacheKeyOf(endpoint, request);
    const kept = request.kept?.(question, page) ?? null;
    const keptRows = kept === null ? null : readKeptPage(endpoint, kept, expectation);
    if (kept !== null && keptRows !== null) {
      await request.onPage?.({ question, page, ...kept, isKept: true });
      return { rows: keptRows, sha256: kept.sha256, keptAt: kept.receivedAt };
    }
    const read: { page: PageRows<P> | null } = { page: null };
    const { body, sha256 } = await this.transport.send({
      endpoint: endpoint as unknown as Endpoint<object>,
      params: paramsOf(endpoint, request, page),
      ...(request.body === undefined ? {} : { body: request.body }),
      priority: request.priority,
      signal,
      deadlineAtMs: call.deadlineAtMs,
      ...(request.runId === undefined ? {} : { runId: request.runId }),
      onAttempt: () => {
        call.attempts += 1;
        request.onAttempt?.();
      },
      inspect: (value) => {
        const rows = readPage(endpoint, value, expectation);
        if ('violation' in rows) return rows.violation;
        read.page = rows;
        return null;
      },
    });
    if (read.page === null) throw new TaostatsError('contract', `${endpoint.path}: no page was read`);
    const receivedAt = new Date(this.clock.nowMs());
    await request.onPage?.({ question, page, body, sha256, isKept: false, receivedAt });
    return { rows: read.page, sha256, keptAt: null };
  }
}

/** Paging and order are always explicit: defaults differ between endpoints and have changed before. */
function paramsOf<P extends object>(
  endpoint: Endpoint<P>,
  request: FetchRequest,
  page: number,
): Record<string, string | number> {
  const order = request.order ?? endpoint.order;
  const paging = endpoint.pageSize === null ? {} : { page, limit: request.pageSize ?? endpoint.pageSize };
  return { ...request.query, ...paging, ...(order === null ? {} : { order }) };
}

/** Rejects with the signal's reason; stays pending while it does not abort. */
function rejectionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    else signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
