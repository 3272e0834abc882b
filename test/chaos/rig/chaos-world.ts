import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { migrate } from '../../../src/database';
import { type Fault, type LoggedRequest, type RunningSimulator, startSimulator } from '../../simulator';
import { freePort } from '../../support/free-port';
import { type Redis, startRedis } from '../../support/redis-server';
import { ServiceProcess } from '../../support/service-process';
import { TcpRelay } from '../../support/tcp-relay';
import { createTestDatabase } from '../../support/test-database';
import { type TextRow, textRows } from '../../support/text-rows';
import { type ThrowAwayPostgres, startEmbeddedServer } from '../../support/throw-away-postgres';
import { type Jump, MovedTime } from './moved-time';
import { type Pack, type Run, isClosed, toRun } from './readings';
import { LIMIT_PER_MINUTE, environmentOf } from './service-environment';
import { TlsFront } from './tls-front';

/** Until what must come by itself is given up, in real time: how busy the machine is must not decide. */
const PATIENCE_MS = 180_000;
const POLL_MS = 20;

export interface ChaosOptions {
  environment?: Record<string, string>;
  /** Wallets that are followed from the start. */
  wallets?: readonly string[];
  /** A PostgreSQL server for this world alone, which may be killed. */
  ownPostgres?: boolean;
  /** Do not wait until everything was synced once. */
  unsynced?: boolean;
}

interface Parts {
  environment: Record<string, string>;
  secret: string;
  wallets: readonly string[];
  time: MovedTime;
  postgres: ThrowAwayPostgres | null;
  database: { url: string; drop(): Promise<void> };
  client: Client;
  simulator: RunningSimulator;
  front: TlsFront | null;
  upstream: TcpRelay;
  databaseNetwork: TcpRelay;
  redis: Redis | null;
  service: ServiceProcess;
}

/**
 * One service as in production (a process, PostgreSQL, Redis, https upstream through a network that can be broken), all on
 * one time that the rig moves. The chain stands still between moves, so every answer can be asked for again.
 */
export class ChaosWorld {
  readonly secret: string;
  readonly wallets: readonly string[];
  readonly time: MovedTime;
  /** The rig's own connection, past the network that can be broken. */
  client: Client;
  readonly simulator: RunningSimulator;
  /** The network between the service and its upstream. */
  readonly upstream: TcpRelay;
  /** The network between the service and PostgreSQL. */
  readonly databaseNetwork: TcpRelay;
  /** Null without openssl: then the upstream is plain http. */
  readonly front: TlsFront | null;
  /** Null where no redis-server is installed. */
  readonly redis: Redis | null;
  readonly postgres: ThrowAwayPostgres | null;
  service: ServiceProcess;
  /** Seconds that were let pass. */
  passedSeconds = 0;
  private chainMs: number;

  private constructor(private readonly parts: Parts) {
    ({
      secret: this.secret,
      wallets: this.wallets,
      time: this.time,
      client: this.client,
      simulator: this.simulator,
      upstream: this.upstream,
      databaseNetwork: this.databaseNetwork,
      front: this.front,
      redis: this.redis,
      postgres: this.postgres,
      service: this.service,
    } = parts);
    this.chainMs = this.time.nowMs();
  }

  static async start(options: ChaosOptions = {}): Promise<ChaosWorld> {
    const time = new MovedTime();
    const postgres = options.ownPostgres === true ? await startEmbeddedServer() : null;
    const database = postgres === null ? await createTestDatabase() : await ownDatabase(postgres);
    const client = new Client({ connectionString: database.url });
    // A server that is killed on purpose ends this connection too.
    client.on('error', () => undefined);
    await client.connect();
    await time.install(client);
    const simulator = await startSimulator({
      port: 0,
      speed: 0,
      activity: false,
      ratePerMinute: LIMIT_PER_MINUTE,
      now: () => time.nowMs(),
    });
    const front = await TlsFront.start(simulator.port);
    const upstream = await TcpRelay.start(front === null ? simulator.url : `https://127.0.0.1:${front.port}`);
    const databaseNetwork = await TcpRelay.start(database.url);
    const redis = await startRedis();
    const secret = `tao-canary-${randomBytes(6).toString('hex')}:${randomBytes(6).toString('hex')}`;
    const environment = {
      ...environmentOf({ secret, time, database: databaseNetwork, front, upstream, redis }),
      ...(options.wallets === undefined ? {} : { WALLET_ADDRESSES: options.wallets.join(',') }),
      ...options.environment,
    };
    const service = await ServiceProcess.start(await freePort(), environment, options.unsynced ? '/livez' : '/readyz');
    const world = new ChaosWorld({
      environment,
      secret,
      wallets: options.wallets ?? [],
      time,
      postgres,
      database,
      client,
      simulator,
      front,
      upstream,
      databaseNetwork,
      redis,
      service,
    });
    if (options.unsynced === true) return world;
    try {
      await world.firstSync();
      return world;
    } catch (error) {
      await world.stop();
      throw error;
    }
  }

  /** Answers of the service's API, as `path` gives them. */
  get pack(): Promise<Pack> {
    return this.service.json<Pack>('/api/v1/trust-pack');
  }

  rows(sql: string, parameters: unknown[] = []): Promise<TextRow[]> {
    return textRows(this.client, sql, parameters);
  }

  /** A connection of the rig's own again, after the server that had it was killed. */
  async reconnect(): Promise<void> {
    await this.client.end().catch(() => undefined);
    this.client = await this.eventually('PostgreSQL takes connections', async () => {
      const client = new Client({ connectionString: this.parts.database.url });
      client.on('error', () => undefined);
      return client.connect().then(
        () => client,
        () => null,
      );
    });
  }

  /** What every process of the service is told. */
  get environment(): Record<string, string> {
    return this.parts.environment;
  }

  /** The service's database, past the network that can be broken. */
  get databaseUrl(): string {
    return this.parts.database.url;
  }

  /** Waits for what comes by itself: at most some real seconds, then it did not come. */
  async eventually<T>(what: string, look: () => Promise<T | null | false> | T | null | false): Promise<T> {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const seen = await look();
      if (seen !== null && seen !== false) return seen;
      if (Date.now() > until) throw new Error(`it never came to be: ${what}`);
      await new Promise((wake) => setTimeout(wake, POLL_MS));
    }
  }

  /** Requests of the service (not the rig's own) that reached the upstream, oldest first. */
  requests(pathPrefix = ''): readonly LoggedRequest[] {
    return this.simulator.log(pathPrefix).filter((entry) => !entry.query.includes('reference='));
  }

  /** Lets a fault strike every request below `match` until it is removed. */
  fault(
    fault: Fault,
    match: string,
    rule: { times?: number; skip?: number; query?: string; probability?: number } = {},
  ) {
    this.simulator.addFault({ match, fault, ...rule });
  }

  /** Lets time pass for everybody; the chain goes on with it. */
  async pass(seconds: number, jump: Jump = {}): Promise<void> {
    await this.time.pass(this.client, seconds, jump);
    if (jump.database === false) return;
    this.passedSeconds += seconds;
    this.advanceChain();
  }

  /** The chain catches up with the time that has passed, real time included. */
  advanceChain(): void {
    const nowMs = this.time.nowMs();
    this.simulator.advance(Math.max(0, nowMs - this.chainMs) / 1000);
    this.chainMs = nowMs;
  }

  /** The dataset's next run comes now instead of later; answers it when it has ended. */
  async scheduled(dataset: string): Promise<Run> {
    await this.idle(dataset);
    const last = (await this.lastRun(dataset))?.id ?? '';
    await this.rows('UPDATE dataset_states SET next_due_at = clock_timestamp() WHERE dataset = $1', [dataset]);
    return this.eventually(`a run of ${dataset}`, async () => {
      const run = await this.lastRun(dataset);
      return run !== null && run.id > last && isClosed(run) ? run : null;
    });
  }

  /** Waits until no run of the dataset is open. */
  async idle(dataset: string): Promise<void> {
    await this.eventually(`no open run of ${dataset}`, async () => {
      const run = await this.lastRun(dataset);
      return run === null || isClosed(run);
    });
  }

  async lastRun(dataset: string): Promise<Run | null> {
    const [run] = await this.rows('SELECT * FROM sync_runs WHERE dataset = $1 ORDER BY id DESC LIMIT 1', [dataset]);
    return run === undefined ? null : toRun(run);
  }

  async secondsUntilDue(dataset: string): Promise<number> {
    const [row] = await this.rows(
      'SELECT extract(epoch FROM next_due_at - clock_timestamp()) AS seconds FROM dataset_states WHERE dataset = $1',
      [dataset],
    );
    return Number(row?.['seconds'] ?? 0);
  }

  /** Every fault of upstream and network is over. What it left behind in the service stays. */
  async heal(): Promise<void> {
    this.simulator.clearFaults();
    this.upstream.poison(null);
    this.upstream.thaw();
    this.databaseNetwork.thaw();
    this.front?.show('good');
    await this.time.resolve(null);
  }

  async stop(): Promise<void> {
    const { service, upstream, databaseNetwork, front, simulator, redis, database, postgres, time } = this.parts;
    const { client } = this;
    await service.stop().catch(() => undefined);
    await upstream.stop();
    await databaseNetwork.stop();
    front?.stop();
    await simulator.close();
    await redis?.stop();
    await client.end().catch(() => undefined);
    await database.drop().catch(() => undefined);
    await postgres?.stop();
    time.close();
  }

  /** Everything that positions and prices need; back-filling goes on. */
  private async firstSync(): Promise<void> {
    const wanted = ['pools', 'subnets', 'tao_price', ...(this.wallets.length === 0 ? [] : ['positions'])];
    await this.eventually('a first sync', async () => {
      const { datasets } = await this.pack;
      return wanted.every((name) => (datasets[name]?.last_success_at ?? null) !== null);
    });
  }
}

async function ownDatabase(postgres: ThrowAwayPostgres): Promise<{ url: string; drop(): Promise<void> }> {
  await migrate(postgres.url);
  return { url: postgres.url, drop: () => Promise.resolve() };
}
