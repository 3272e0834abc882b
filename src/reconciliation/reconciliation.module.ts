import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { TREASURY_STATEMENTS, type TreasuryStatements } from '../analysis';
import { DatabaseModule } from '../database';
import { SyncModule } from '../sync';
import { TaostatsModule } from '../taostats';
import { DueJobs } from './due-jobs.service';
import { LedgerComparison } from './ledger-comparison.service';
import { QuoteSpotCheck } from './quote-spot-check.service';
import { Reconciler } from './reconciler.service';
import { ReconciliationIntake } from './reconciliation-intake.service';
import { ReconciliationLedger } from './reconciliation-ledger.service';
import { ReconciliationSchedule } from './reconciliation-schedule.service';
import { ReconciliationWorker } from './reconciliation-worker.service';
import { ReconciliationController } from './reconciliation.controller';
import { Repairs } from './repairs.service';
import { WalletComparison } from './wallet-comparison.service';

/**
 * Compares what is stored with a second reading, tells a price drift from a missing balance, and mends what broke. The
 * composition root says whose books it closes.
 */
@Module({})
export class ReconciliationModule {
  static register(books: { imports: Type[]; from: Type<TreasuryStatements> }): DynamicModule {
    return {
      module: ReconciliationModule,
      imports: [DatabaseModule.register(), SyncModule, TaostatsModule, ...books.imports],
      controllers: [ReconciliationController],
      providers: [
        DueJobs,
        LedgerComparison,
        QuoteSpotCheck,
        Reconciler,
        ReconciliationIntake,
        ReconciliationLedger,
        ReconciliationSchedule,
        ReconciliationWorker,
        Repairs,
        WalletComparison,
        { provide: TREASURY_STATEMENTS, useClass: books.from },
      ],
    };
  }
}
