import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { AlertsModule } from '../../src/alerts';
import type { AlertFinding } from '../../src/alerts/alert-finding';
import { AlertPlanner } from '../../src/alerts/alert-planner.service';
import { AlertSender } from '../../src/alerts/alert-sender.service';
import { CacheModule } from '../../src/cache';
import { ProblemFilter } from '../../src/common';
import { ConfigModule, type Environment } from '../../src/config';
import { DatabaseClock, DatabaseReadiness } from '../../src/database';
import { MetricsModule, PrometheusMetrics } from '../../src/metrics';
import { createTestDatabase, type TestDatabase } from './test-database';

/** The database's clock, standing still until it is moved. */
export class FakeDatabaseClock implements Pick<DatabaseClock, 'now'> {
  constructor(public ms = Date.now()) {}

  now(): Promise<Date> {
    return Promise.resolve(new Date(this.ms));
  }
}

export const finding = (fields: Partial<AlertFinding> = {}): AlertFinding => ({
  key: 'dataset_stale:pools',
  code: 'dataset_stale',
  subject: 'pools',
  severity: 'warning',
  message: 'pools is stale.',
  since: null,
  ...fields,
});

/** The alerts of one process over a real database, with findings and a clock that the test sets. Nothing runs by itself. */
export class AlertRig {
  /** What is wrong, at the next look. */
  findings: AlertFinding[] = [];

  private constructor(
    readonly app: NestFastifyApplication,
    readonly database: TestDatabase,
    readonly clock: FakeDatabaseClock,
  ) {}

  /** Several rigs on one database and one clock are replicas. */
  static async start(environment: Environment, beside?: AlertRig): Promise<AlertRig> {
    const database = beside?.database ?? (await createTestDatabase());
    const clock = beside?.clock ?? new FakeDatabaseClock();
    const module = await Test.createTestingModule({
      imports: [
        ConfigModule.register({
          TAOSTATS_API_KEY: 'tao-test-key:00000000',
          DATABASE_URL: database.url,
          ALERT_ALLOW_PRIVATE_TARGETS: 'true',
          ...environment,
        }),
        MetricsModule,
        CacheModule,
        AlertsModule,
      ],
    })
      .overrideProvider(DatabaseClock)
      .useValue(clock)
      .compile();
    const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
    app.useLogger(false);
    app.useGlobalFilters(new ProblemFilter());
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    await app.get(DatabaseReadiness, { strict: false }).whenReady();
    return new AlertRig(app, database, clock);
  }

  get store(): DataSource {
    return this.app.get(DataSource, { strict: false });
  }

  get planner(): AlertPlanner {
    return this.app.get(AlertPlanner, { strict: false });
  }

  get sender(): AlertSender {
    return this.app.get(AlertSender, { strict: false });
  }

  /** One look at what is wrong, and what is due is sent. */
  async look(): Promise<void> {
    await this.planner.plan(this.findings, true);
    await this.sender.send();
  }

  /** Lets time pass with a look every ten seconds, and two at the end of a longer time, as if there had been more. */
  async pass(seconds: number): Promise<void> {
    const looks = seconds <= 120 ? Array.from({ length: Math.ceil(seconds / 10) }, () => 10) : [seconds, 1];
    for (const step of looks) {
      this.clock.ms += step * 1000;
      await this.look();
    }
  }

  async ask<Body>(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    payload?: object,
  ): Promise<{ status: number; body: Body; headers: Record<string, unknown> }> {
    const answer = await this.app.inject({
      method,
      url: `/api/v1/alerts${path}`,
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: answer.statusCode, body: answer.json(), headers: answer.headers };
  }

  async metric(line: RegExp): Promise<string | undefined> {
    const text = await this.app.get(PrometheusMetrics, { strict: false }).registry.metrics();
    return text.split('\n').find((entry) => line.test(entry));
  }

  async stop({ keepDatabase = false } = {}): Promise<void> {
    await this.app.close();
    if (!keepDatabase) await this.database.drop();
  }
}
