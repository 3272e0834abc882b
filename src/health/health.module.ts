import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { CacheModule } from '../cache';
import { DatabaseModule } from '../database';
import { BudgetController } from './budget.controller';
import { DatabaseWatch } from './database-watch.service';
import { Drain } from './drain';
import { HealthController } from './health.controller';
import { LiveEventsController } from './live-events.controller';
import { LiveHistoryController } from './live-history.controller';
import { LiveHub } from './live-hub.service';
import { IssueLog } from './issue-log.service';
import { MetricsResetController } from './metrics-reset.controller';
import { ProbesController } from './probes.controller';
import { ServiceIndicators } from './service-indicators';
import { TrustGauges } from './trust-gauges';
import { TrustIndicators } from './trust-indicators';
import { TrustInputsReader } from './trust-inputs.service';
import { TrustPackController } from './trust-pack.controller';
import { TrustSnapshot } from './trust-snapshot.service';

/** Probes, health and the trust pack. */
@Module({
  imports: [TerminusModule.forRoot({ logger: false }), DatabaseModule, CacheModule],
  controllers: [
    ProbesController,
    HealthController,
    TrustPackController,
    BudgetController,
    MetricsResetController,
    LiveEventsController,
    LiveHistoryController,
  ],
  providers: [
    Drain,
    ServiceIndicators,
    TrustIndicators,
    DatabaseWatch,
    IssueLog,
    TrustGauges,
    TrustInputsReader,
    TrustSnapshot,
    LiveHub,
  ],
  exports: [TrustSnapshot, Drain],
})
export class HealthModule {}
