import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database';
import { TaostatsModule } from '../taostats';
import { AnswerGate } from './answer-gate.service';
import { BudgetedIntervals } from './budgeted-intervals.service';
import { HistoryUpkeep } from './history-upkeep.service';
import { JobQueue } from './job-queue.service';
import { RefusalApproval } from './refusal-approval.service';
import { RepositoryShelf } from './repository-shelf.service';
import { RunReporter } from './run-reporter.service';
import { SnapshotRuns } from './snapshot-runs.service';
import { SnapshotStore } from './snapshot-store.service';
import { StepwiseRuns } from './stepwise-runs.service';
import { SyncAdmission } from './sync-admission.service';
import { SyncClocks } from './sync-clocks';
import { SyncLedger } from './sync-ledger.service';
import { SyncPlan } from './sync-plan.service';
import { SyncQueue } from './sync-queue.service';
import { SyncRunner } from './sync-runner.service';
import { SyncScheduler } from './sync-scheduler.service';
import { SyncUpkeep } from './sync-upkeep.service';
import { WalletSeeding } from './wallet-seeding.service';
import { SyncWorkers } from './sync-workers.service';

/** Keeps the stored data in step with TaoStats: schedule, queue, runs, guards, storing. */
@Module({
  imports: [DatabaseModule.register(), TaostatsModule],
  providers: [
    AnswerGate,
    BudgetedIntervals,
    HistoryUpkeep,
    JobQueue,
    RefusalApproval,
    RepositoryShelf,
    RunReporter,
    SnapshotRuns,
    SnapshotStore,
    StepwiseRuns,
    SyncAdmission,
    SyncClocks,
    SyncLedger,
    SyncPlan,
    SyncQueue,
    SyncRunner,
    SyncScheduler,
    SyncUpkeep,
    SyncWorkers,
    WalletSeeding,
  ],
  exports: [BudgetedIntervals, RefusalApproval, SyncPlan, SyncQueue],
})
export class SyncModule {}
