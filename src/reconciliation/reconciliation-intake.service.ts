import { Injectable } from '@nestjs/common';
import { AppError } from '../common';
import { Settings } from '../config';
import {
  type ReconciliationRun,
  ReconciliationRunRepository,
  SyncRequestRepository,
  UnitOfWork,
  WalletRepository,
} from '../database';
import { admitRequests, RECONCILIATION_JOB, reconciliationCalls } from '../sync';
import { ReconciliationWorker } from './reconciliation-worker.service';

/** Where people ask for a reconciliation. */
@Injectable()
export class ReconciliationIntake {
  constructor(
    private readonly settings: Settings,
    private readonly unitOfWork: UnitOfWork,
    private readonly runs: ReconciliationRunRepository,
    private readonly requests: SyncRequestRepository,
    private readonly wallets: WalletRepository,
    private readonly worker: ReconciliationWorker,
  ) {}

  /**
   * The open run, queued now unless there is one. A new one is paid for out of what requests for syncs may spend: throws
   * `reconciliation/asked-too-soon` (429) while that is spent.
   */
  async request(): Promise<ReconciliationRun> {
    const run = await this.unitOfWork.run(async (manager) => {
      const log = await this.requests.lock(manager);
      const open = await this.runs.findOpen(manager);
      if (open !== null) return open;
      const plannedCalls = reconciliationCalls((await this.wallets.active(manager)).length);
      const { refused, admitted, paidUntilMs } = admitRequests([{ dataset: RECONCILIATION_JOB, plannedCalls }], log, {
        intervalMs: this.settings.syncRequestIntervalSeconds * 1000,
        limitPerMinute: this.settings.taostatsRateLimitPerMinute,
      });
      const [refusal] = refused;
      if (refusal !== undefined) throw askedTooSoon(refusal.retryInMs);
      await this.requests.record(manager, admitted, paidUntilMs);
      return this.runs.open(manager, { trigger: 'request' });
    });
    this.worker.wake();
    return run;
  }
}

function askedTooSoon(retryInMs: number): AppError {
  const retryAfterSeconds = Math.max(1, Math.ceil(retryInMs / 1000));
  const message = `A reconciliation was asked for a moment ago: ask again in ${retryAfterSeconds} s`;
  return new AppError('reconciliation/asked-too-soon', message, { status: 429, retryAfterSeconds });
}
