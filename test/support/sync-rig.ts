import type { DynamicModule, Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { CLOCK } from '../../src/common';
import { ConfigModule, Settings } from '../../src/config';
import {
  DatasetStateRepository,
  LeaseRepository,
  type SyncRun,
  SyncRunRepository,
  UnitOfWork,
} from '../../src/database';
import { TreasuryDataSource } from '../../src/database/treasury-data-source';
import { MetricsLedger, MetricsModule } from '../../src/metrics';
import { SyncModule } from '../../src/sync';
import { SyncRunner } from '../../src/sync/sync-runner.service';
import { TaostatsClient } from '../../src/taostats';
import { FakeClock } from './fake-clock';
import { FakeUpstream } from './fake-upstream';

const NEVER = new AbortController().signal;
const ENVIRONMENT = { TAOSTATS_API_KEY: 'tao-test-key:00000000', LOG_LEVEL: 'silent' };
export const INTERVAL_SECONDS = 600;

export interface SyncRigOptions {
  settings?: Partial<Settings>;
  upstream?: FakeUpstream;
  /** Instead of the fake upstream, for example the real client on the simulator. */
  client?: Pick<TaostatsClient, 'fetchAll'>;
  /** Modules that build on the sync. */
  modules?: (Type | DynamicModule)[];
  /** Address of an upstream that is asked by the real client, in real time. */
  url?: string;
}

function upstreamAt(url: string | undefined): Record<string, string> {
  if (url === undefined) return {};
  return { TAOSTATS_BASE_URL: url, ALLOW_INSECURE_UPSTREAM: 'true', TAOSTATS_RATE_LIMIT_PER_MINUTE: '10000' };
}

/** The sync of one process over a real database, with an upstream and a clock that the test sets. Nothing runs by itself. */
export class SyncRig {
  private constructor(
    readonly module: TestingModule,
    readonly upstream: FakeUpstream,
    readonly clock: FakeClock,
  ) {}

  static async create(dataSource: DataSource, options: SyncRigOptions = {}): Promise<SyncRig> {
    const { settings = {}, upstream = new FakeUpstream() } = options;
    const clock = new FakeClock();
    const { url } = dataSource.options as { url?: string };
    const building = Test.createTestingModule({
      imports: [
        ConfigModule.register({ ...ENVIRONMENT, ...upstreamAt(options.url), DATABASE_URL: url ?? '' }),
        MetricsModule,
        SyncModule,
        ...(options.modules ?? []),
      ],
    })
      .overrideProvider(TreasuryDataSource)
      .useValue(dataSource);
    if (options.url === undefined) {
      building.overrideProvider(TaostatsClient).useValue(options.client ?? upstream);
      building.overrideProvider(CLOCK).useValue(clock);
    }
    const module = await building.compile();
    Object.assign(module.get(Settings), settings);
    return new SyncRig(module, upstream, clock);
  }

  get runner(): SyncRunner {
    return this.module.get(SyncRunner);
  }

  get runs(): SyncRunRepository {
    return this.module.get(SyncRunRepository, { strict: false });
  }

  get states(): DatasetStateRepository {
    return this.module.get(DatasetStateRepository, { strict: false });
  }

  get leases(): LeaseRepository {
    return this.module.get(LeaseRepository, { strict: false });
  }

  get unitOfWork(): UnitOfWork {
    return this.module.get(UnitOfWork, { strict: false });
  }

  get metrics(): MetricsLedger {
    return this.module.get(MetricsLedger, { strict: false });
  }

  async register(...datasets: string[]): Promise<void> {
    await this.states.register(
      datasets.map((dataset) => ({ dataset, intervalSeconds: INTERVAL_SECONDS, isCore: true })),
    );
  }

  async queue(dataset: string): Promise<SyncRun> {
    const request = { dataset, mode: 'refresh' as const, trigger: 'request' as const };
    const [run] = await this.unitOfWork.run((manager) => this.runs.open(manager, [request]));
    if (run === undefined) throw new Error(`no run of ${dataset} was opened`);
    return run;
  }

  /** Queues a run, runs it, and answers its line in the ledger. */
  async sync(dataset: string, ending: AbortSignal = NEVER): Promise<SyncRun> {
    const { id } = await this.queue(dataset);
    await this.runner.run(id, ending);
    return this.runOf(id);
  }

  async runOf(id: string): Promise<SyncRun> {
    const run = await this.runs.find(id);
    if (run === null) throw new Error(`no run ${id}`);
    return run;
  }

  /** Seconds from now to the next due time of a dataset. */
  async dueInSeconds(dataset: string): Promise<number> {
    const [row] = await this.query<{ seconds: number }>(
      `SELECT extract(epoch FROM next_due_at - clock_timestamp())::float8 AS seconds FROM dataset_states
        WHERE dataset = '${dataset}'`,
    );
    return row?.seconds ?? NaN;
  }

  /** Every stored byte of these tables, to compare before and after. */
  async contents(...tables: string[]): Promise<string> {
    const parts: string[] = [];
    for (const table of tables) {
      const [row] = await this.query<{ digest: string }>(
        `SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS digest FROM ${table} t`,
      );
      parts.push(`${table} ${row?.digest}`);
    }
    return parts.join('\n');
  }

  query<Row>(sql: string): Promise<Row[]> {
    return this.module.get(DataSource, { strict: false }).query<Row[]>(sql);
  }
}
