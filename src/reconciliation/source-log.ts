import { checkCoverage, type CheckResult } from '../analysis';
import type { RecordedSource } from '../database';
import { stepFailure } from '../sync';
import type { Endpoint, Fetched, Priority, TaostatsClient } from '../taostats';

/** Bound of one call, pauses and the wait for a turn included. */
const CALL_DEADLINE_MS = 300_000;
const PLAN_GATED = 'taostats/plan-gated';

export interface Question<P extends object> {
  endpoint: Endpoint<P>;
  query?: Readonly<Record<string, string | number>>;
  /** The wallet that is asked about. */
  wallet?: string;
  /** Another source will do when our plan does not include this one. */
  replaceable?: boolean;
}

/** Asks for the second reading, never from the cache, and keeps what became of every question: a failure is R12's. */
export class SourceLog {
  readonly sources: RecordedSource[] = [];
  readonly checks: CheckResult[] = [];
  calls = 0;
  private ended = false;

  constructor(
    private readonly client: Pick<TaostatsClient, 'fetchAll'>,
    private readonly options: { runId: string; signal: AbortSignal; priority: Priority },
  ) {}

  /** The whole answer, or null. Rejects with what is no failure of the source. */
  async ask<P extends object>({ endpoint, query, wallet, replaceable }: Question<P>): Promise<Fetched<P> | null> {
    if (this.ended) return null;
    const source = { source: endpoint.path, wallet: wallet ?? null };
    const subject = wallet === undefined ? endpoint.path : `${endpoint.path} ${wallet}`;
    let attempts = 0;
    try {
      const fetched = await this.client.fetchAll(endpoint, {
        ...(query === undefined ? {} : { query }),
        ...this.options,
        deadlineMs: CALL_DEADLINE_MS,
        cache: 'bypass',
        onAttempt: () => (attempts += 1),
      });
      attempts = Math.max(attempts, fetched.calls);
      this.sources.push({ ...source, rows: fetched.rows.length, blockNumber: fetched.upstreamBlock, errorCode: null });
      this.checks.push(
        ...checkCoverage({
          source: subject,
          pagesFetched: fetched.pages,
          // A walk that ended early knows of at least one page more.
          totalPages: fetched.complete ? fetched.pages : fetched.pages + 1,
          rowCount: fetched.rows.length,
          distinctKeyCount: new Set(fetched.rows.map(endpoint.naturalKey)).size,
          rejectedCount: fetched.rejected.length,
        }),
      );
      return fetched;
    } catch (error) {
      const failure = stepFailure(error);
      if (failure === null) throw error;
      this.sources.push({ ...source, rows: 0, blockNumber: null, errorCode: failure.code });
      if (replaceable === true && failure.code === PLAN_GATED) return null;
      this.ended = failure.endsRun;
      this.fail(subject, `${failure.code}: ${failure.reason}`);
      return null;
    } finally {
      this.calls += attempts;
    }
  }

  /** Why nothing can be shown. */
  fail(subject: string, reason: string): void {
    this.checks.push({
      check: 'R12',
      subject,
      severity: 'fail',
      expected: null,
      actual: null,
      difference: null,
      tolerance: null,
      unit: 'count',
      reason,
    });
  }
}
