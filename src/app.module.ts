import { type DynamicModule, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { AccessModule } from './access';
import { AlertsModule } from './alerts';
import { CacheModule } from './cache';
import { ConfigModule, type Environment } from './config';
import { DashboardModule } from './dashboard';
import { DatabaseModule } from './database';
import { HealthModule } from './health';
import { MetricsModule } from './metrics';
import { MetricsServer } from './metrics-server';
import { ReconciliationModule } from './reconciliation';
import { SlippageModule, SubnetsModule } from './subnets';
import { SyncModule, TaostatsQuotes } from './sync';
import { TaostatsModule } from './taostats';
import { TasksModule } from './tasks';
import { PortfolioModule, TreasuryBooks, TreasuryModule } from './treasury';

/** The composition root. Takes the environment as a parameter so that every start, tests included, is explicit. */
@Module({})
export class AppModule {
  static register(environment: Environment): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.register(environment),
        ScheduleModule.forRoot(),
        MetricsModule,
        DatabaseModule.register(),
        CacheModule,
        AccessModule,
        TaostatsModule,
        SyncModule,
        SubnetsModule,
        TreasuryModule,
        SlippageModule.register({ imports: [TaostatsModule], from: TaostatsQuotes }),
        HealthModule,
        AlertsModule,
        TasksModule,
        ReconciliationModule.register({ imports: [PortfolioModule], from: TreasuryBooks }),
        DashboardModule,
      ],
      providers: [MetricsServer],
    };
  }
}
