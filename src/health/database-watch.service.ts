import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock, messageOf, redactText } from '../common';
import {
  type BudgetReading,
  DatabaseReadiness,
  type ReconciliationReading,
  ReconciliationReadingRepository,
  DatabaseUnavailableError,
  type TrustReading,
  TrustReadingRepository,
  UnitOfWork,
  UpstreamSpendRepository,
} from '../database';
import type { DatabaseReading } from './trust-inputs';

/** What one look reads. */
type Look = TrustReading & { budget: BudgetReading; reconciliation: ReconciliationReading };

/** A look that takes longer counts as no answer; nobody waits for it. */
const LOOK_LIMIT_MS = 2_000;

/** Looks at the datasets from time to time and keeps the newest answer, so that readers go on while PostgreSQL is away. */
@Injectable()
export class DatabaseWatch {
  private newest: (Look & { takenMs: number }) | null = null;
  private pending: Promise<Look> | null = null;
  private downSince: Date | null = null;
  private problem: string | null = null;
  private reachable = false;

  constructor(
    private readonly readiness: DatabaseReadiness,
    private readonly unitOfWork: UnitOfWork,
    private readonly repository: TrustReadingRepository,
    private readonly spend: UpstreamSpendRepository,
    private readonly reconciliations: ReconciliationReadingRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** One look. Never rejects. */
  async look(): Promise<void> {
    try {
      const reading = await this.readWithin(LOOK_LIMIT_MS);
      this.newest = { ...reading, takenMs: this.clock.monotonicMs() };
      this.reachable = true;
      this.downSince = null;
      this.problem = null;
    } catch (error) {
      this.downSince ??= this.now();
      this.reachable = false;
      this.problem =
        this.readiness.lastError ??
        redactText(messageOf(error instanceof DatabaseUnavailableError ? (error.cause ?? error) : error));
    }
  }

  /** The database's time as of the newest look, moved on by what has passed since; the process clock before the first. */
  now(): Date {
    if (this.newest === null) return new Date(this.clock.nowMs());
    return new Date(this.newest.now.getTime() + this.clock.monotonicMs() - this.newest.takenMs);
  }

  datasets(): TrustReading['datasets'] {
    return this.newest?.datasets ?? [];
  }

  /** Credits spent and wanted, as of the newest look. */
  budget(): BudgetReading | null {
    return this.newest?.budget ?? null;
  }

  /** How reconciliation stood at the newest look. */
  reconciliation(): ReconciliationReading | null {
    return this.newest?.reconciliation ?? null;
  }

  reading(): DatabaseReading {
    return {
      reachable: this.reachable,
      opened: this.readiness.isReady(),
      downSince: this.downSince,
      readAt: this.newest?.now ?? null,
      problem: this.problem,
      readOnly: this.newest?.readOnly ?? false,
      diskFullForMs: this.readiness.diskFullForMs,
    };
  }

  private async readWithin(limitMs: number): Promise<Look> {
    // A frozen server keeps the first look's connection; a second look would take another one out of the pool.
    this.pending ??= this.unitOfWork
      .run(async (manager) => ({
        ...(await this.repository.read(manager)),
        budget: await this.spend.read(manager),
        reconciliation: await this.reconciliations.read(manager),
      }))
      .finally(() => {
        this.pending = null;
      });
    const waiting = new AbortController();
    const tooLate = this.clock.sleep(limitMs, waiting.signal).then(() => {
      throw new Error(`PostgreSQL did not answer within ${limitMs} ms`);
    });
    tooLate.catch(() => undefined);
    try {
      return await Promise.race([this.pending, tooLate]);
    } finally {
      waiting.abort(new Error('answered'));
    }
  }
}
