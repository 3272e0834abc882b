import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { ProblemFilter } from '../../src/common';
import { ConfigModule, type Environment } from '../../src/config';
import { DatabaseModule, DatabaseReadiness } from '../../src/database';
import { MetricsModule } from '../../src/metrics';
import { TreasuryModule } from '../../src/treasury';
import { createTestDatabase, type TestDatabase } from './test-database';

export interface Answer<Body> {
  status: number;
  headers: Record<string, string | undefined>;
  text: string;
  body: Body;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** The treasury's routes on a database of their own: without syncs, so that a test decides what was ever synced. */
export class TreasuryService {
  private constructor(
    private readonly app: NestFastifyApplication,
    private readonly database: TestDatabase,
    readonly dataSource: DataSource,
  ) {}

  static async start(environment: Environment = {}): Promise<TreasuryService> {
    const database = await createTestDatabase();
    const module = await Test.createTestingModule({
      imports: [
        ConfigModule.register({
          TAOSTATS_API_KEY: 'tao-test-key:00000000',
          DATABASE_URL: database.url,
          ...environment,
        }),
        MetricsModule,
        DatabaseModule.register(),
        TreasuryModule,
      ],
    }).compile();
    const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
    app.useLogger(false);
    app.useGlobalFilters(new ProblemFilter());
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    await app.get(DatabaseReadiness).whenReady();
    return new TreasuryService(app, database, app.get(DataSource));
  }

  async request<Body>(
    method: Method,
    path: string,
    { headers = {}, body }: { headers?: Record<string, string>; body?: object } = {},
  ): Promise<Answer<Body>> {
    const answer = await this.app.inject({
      method,
      url: `/api/v1${path}`,
      headers,
      ...(body === undefined ? {} : { payload: body }),
    });
    const isJson = String(answer.headers['content-type'] ?? '').includes('json');
    return {
      status: answer.statusCode,
      headers: answer.headers as Record<string, string | undefined>,
      text: answer.body,
      body: (isJson ? JSON.parse(answer.body) : null) as Body,
    };
  }

  resolve<Service>(type: new (...parts: never[]) => Service): Service {
    return this.app.get(type, { strict: false });
  }

  get<Body>(path: string, headers: Record<string, string> = {}): Promise<Answer<Body>> {
    return this.request<Body>('GET', path, { headers });
  }

  /** Lets a dataset be as if it had been synced at these times; a date in the past is an age. */
  async synced(dataset: string, { intervalSeconds = 300, at = new Date() } = {}): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO dataset_states (dataset, interval_seconds, is_core, last_success_at, applied_run_id)
       VALUES ($1, $2, false, $3, gen_random_uuid())
       ON CONFLICT (dataset) DO UPDATE SET last_success_at = excluded.last_success_at,
         applied_run_id = excluded.applied_run_id`,
      [dataset, intervalSeconds, at],
    );
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.database.drop();
  }
}
