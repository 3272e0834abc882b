import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database';
import { SyncModule } from '../sync';
import { TaostatsModule } from '../taostats';
import { DueJobs } from './due-jobs.service';
import { QuoteSpotCheck } from './quote-spot-check.service';
import { Reconciler } from './reconciler.service';
import { ReconciliationIntake } from './reconciliation-intake.service';
import { ReconciliationLedger } from './reconciliation-ledger.service';
import { ReconciliationSchedule } from './reconciliation-schedule.service';
import { ReconciliationWorker } from './reconciliation-worker.service';
import { ReconciliationController } from './reconciliation.controller';
import { Repairs } from './repairs.service';
import { WalletComparison } from './wallet-comparison.service';

/** Compares what is stored with a second reading, tells a price drift from a missing balance, and mends what broke. */
@Module({
  imports: [DatabaseModule.register(), SyncModule, TaostatsModule],
  controllers: [ReconciliationController],
  providers: [
    DueJobs,
    QuoteSpotCheck,
    Reconciler,
    ReconciliationIntake,
    ReconciliationLedger,
    ReconciliationSchedule,
    ReconciliationWorker,
    Repairs,
    WalletComparison,
  ],
})
export class ReconciliationModule {}
