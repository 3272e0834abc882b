import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { type RunningSimulator, type SimulatorOptions, startSimulator } from '../simulator';
import { BLOCK_MS } from '../simulator/chain';
import { freePort } from './free-port';
import { ServiceProcess } from './service-process';
import { createTestDatabase, type TestDatabase } from './test-database';
import { type TextRow, textRows } from './text-rows';

export interface FaultRequest {
  match: string;
  times?: number;
  fault: { kind: string } & Record<string, unknown>;
}

interface Run {
  id: string;
  dataset: string;
  state: string;
  reason_code: string | null;
}

export interface WorldOptions extends Pick<SimulatorOptions, 'replay' | 'startAt' | 'speed' | 'activity'> {
  /** What happened before the service was started for the first time. */
  prepare?: (simulator: RunningSimulator) => void;
}

const OPEN = new Set(['queued', 'running']);

/** A database of its own, the simulator, and the service as a process: all that an end-to-end test needs. */
export class TreasuryWorld {
  private constructor(
    readonly database: TestDatabase,
    readonly simulator: RunningSimulator,
    readonly service: ServiceProcess,
    readonly logDir: string,
    private readonly client: Client,
  ) {}

  static async start(environment: Record<string, string> = {}, options: WorldOptions = {}): Promise<TreasuryWorld> {
    const { prepare, ...simulated } = options;
    const database = await createTestDatabase();
    const simulator = await startSimulator({ port: 0, ratePerMinute: 600, ...simulated });
    prepare?.(simulator);
    const logDir = mkdtempSync(join(tmpdir(), 'treasury-log-'));
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const service = await ServiceProcess.start(await freePort(), {
      TAOSTATS_API_KEY: 'tao-test-key:00000000',
      TAOSTATS_BASE_URL: simulator.url,
      ALLOW_INSECURE_UPSTREAM: 'true',
      TAOSTATS_RATE_LIMIT_PER_MINUTE: '600',
      // A test syncs a dataset as often as it has something to see.
      SYNC_REQUEST_INTERVAL_SECONDS: '0',
      DATABASE_URL: database.url,
      LOG_DIR: logDir,
      ...environment,
    });
    return new TreasuryWorld(database, simulator, service, logDir, client);
  }

  /** Waits until every dataset has been applied once. */
  async firstSync(): Promise<void> {
    await this.service.until<{ datasets: Record<string, { last_success_at: string | null }> }>(
      '/api/v1/trust-pack',
      (pack) => {
        const datasets = Object.values(pack.datasets);
        return datasets.length >= 3 && datasets.every((dataset) => dataset.last_success_at !== null);
      },
    );
  }

  /** Waits until `condition` holds of something outside the service. */
  async eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
    const limit = Date.now() + 30_000;
    while (!(await condition())) {
      if (Date.now() > limit) throw new Error('it never came to be');
      await new Promise((wake) => setTimeout(wake, 20));
    }
  }

  async fault(request: FaultRequest): Promise<void> {
    await fetch(`${this.simulator.url}/__faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    });
  }

  async clearFaults(): Promise<void> {
    await fetch(`${this.simulator.url}/__faults`, { method: 'DELETE' });
  }

  /** Syncs one dataset now and waits for its run to end; with `state`, fails unless it ended so. */
  async sync(dataset: string, state?: string): Promise<Run> {
    const accepted = await this.service.json<{ run_ids: string[] }>(`/api/v1/tasks/sync?datasets=${dataset}`, {
      method: 'POST',
    });
    const id = accepted.run_ids[0] ?? '';
    const run = await this.service.until<Run>(`/api/v1/runs/${id}`, (candidate) => !OPEN.has(candidate.state));
    if (state !== undefined && run.state !== state)
      throw new Error(`${dataset}: ${JSON.stringify(run)}, expected ${state}`);
    return run;
  }

  /** Syncs the positions as of a newer block than is stored: an answer of the same block would only be confirmed. */
  async syncNewPositions(): Promise<void> {
    const [newest] = await this.rows('SELECT extract(epoch FROM max(upstream_at)) * 1000 AS ms FROM positions');
    await this.eventually(() => Date.now() > Number(newest?.['ms']) + BLOCK_MS);
    await this.sync('positions', 'applied');
  }

  /** Ends every pause and breaker, as if their time had passed. */
  async openUpstream(): Promise<void> {
    await this.rows("UPDATE upstream_keys SET blocked_until = 'epoch'");
  }

  async resetMetrics(): Promise<void> {
    await fetch(`${this.service.url}/api/v1/metrics/reset`, { method: 'POST' });
  }

  /** Rows of a query against the service's database, as text exactly as PostgreSQL prints them. */
  rows(sql: string, parameters: unknown[] = []): Promise<TextRow[]> {
    return textRows(this.client, sql, parameters);
  }

  /** A digest of every stored byte of the given tables, to compare before and after. */
  async fingerprint(...tables: string[]): Promise<string> {
    const digests: string[] = [];
    for (const table of tables) {
      const [row] = await this.rows(
        `SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS digest FROM ${table} t`,
      );
      digests.push(`${table}=${row?.['digest']}`);
    }
    return digests.join(' ');
  }

  async stop(): Promise<void> {
    await this.service.stop();
    await this.simulator.close();
    await this.client.end();
    await this.database.drop();
    rmSync(this.logDir, { recursive: true, force: true });
  }
}
