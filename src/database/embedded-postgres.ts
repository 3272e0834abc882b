import { Client } from 'pg';
import { type Clock, SystemClock, messageOf } from '../common';
import { EmbeddedUnavailableError } from './embedded-binaries';
import { type Cluster, SUPERUSER, openCluster } from './embedded-cluster';
import { findFreePort, findPostmaster, lastLogLines, launch, shutDown } from './embedded-postmaster';

const DATABASE = 'treasury';
/** Held shared by every process that uses the server; exclusive means: nobody else does. */
const PRESENCE_LOCK = 7_414_001;
/** Held while a process decides whether it is the last one, so that two that leave together cannot both stay or both stop. */
const LEAVING_LOCK = 7_414_002;
const START_ATTEMPTS = 3;
const CONNECT_LIMIT_MS = 60_000;
const POLL_MS = 50;
const FIRST_REVIVAL_PAUSE_MS = 200;
const LONGEST_REVIVAL_PAUSE_MS = 5_000;

export interface EmbeddedOptions {
  dataDir: string;
  /** False for tests only: no fsync. */
  durable?: boolean;
  clock?: Clock;
  /** Told when the server was lost and when it is back. */
  onEvent?: (text: string) => void;
}

/**
 * A real PostgreSQL server in `dataDir`, on a free loopback port, with a generated password. Several processes may use
 * one `dataDir`: the first starts the server, later ones join it, an orphan of a killed process is adopted, a server
 * that dies is started again on the same port, and the last one to `stop` ends it.
 */
export class EmbeddedPostgres {
  private readonly clock: Clock;
  private cluster: Cluster | undefined;
  private presence: Client | undefined;
  private port: number | undefined;
  private ending = new AbortController();
  private revival: Promise<void> | undefined;

  constructor(private readonly options: EmbeddedOptions) {
    this.clock = options.clock ?? new SystemClock();
  }

  /**
   * Resolves to the connection string of the service's database; may be called again, started or not.
   * Throws `database/embedded-unavailable`.
   */
  async start(): Promise<string> {
    await this.revival;
    if (this.presence === undefined) {
      this.ending = new AbortController();
      this.cluster = await openCluster(this.options.dataDir, this.durable);
      await this.joinOrLaunch(this.cluster);
    }
    await this.ensureDatabase();
    return this.urlOf(DATABASE);
  }

  /** Connection string of another database on this server; before `start` it throws. */
  urlOf(database: string): string {
    if (this.cluster === undefined || this.port === undefined) throw new EmbeddedUnavailableError('it is not started');
    return `postgres://${SUPERUSER}:${this.cluster.password}@127.0.0.1:${this.port}/${database}`;
  }

  /** Pid of the server, null while there is none. */
  get pid(): number | null {
    return this.cluster === undefined ? null : (findPostmaster(this.cluster.directory)?.pid ?? null);
  }

  /** Leaves the server, and ends it when no other process uses it. Close every pool first. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.revival;
    const { presence, cluster } = this;
    this.presence = undefined;
    if (presence === undefined || cluster === undefined) return;
    try {
      await presence.query(`SELECT pg_advisory_lock(${LEAVING_LOCK})`);
      const answer = await presence.query<{ last: boolean }>(`SELECT pg_try_advisory_lock(${PRESENCE_LOCK}) AS last`);
      if (answer.rows[0]?.last === true) {
        await shutDown(cluster);
      } else {
        await presence.query(`SELECT pg_advisory_unlock_shared(${PRESENCE_LOCK})`);
      }
    } catch (error) {
      this.tell(`leaving the embedded PostgreSQL failed: ${messageOf(error)}`);
    } finally {
      await presence.end().catch(() => undefined);
    }
  }

  private get durable(): boolean {
    return this.options.durable ?? true;
  }

  private async joinOrLaunch(cluster: Cluster): Promise<void> {
    let failure: unknown;
    for (let attempt = 0; attempt < START_ATTEMPTS; attempt += 1) {
      try {
        if (findPostmaster(cluster.directory) === null) {
          await launch(cluster, this.port ?? (await findFreePort()), this.durable);
        }
      } catch (error) {
        // Another process may have been faster: then its server is there by the next line.
        failure = error;
      }
      try {
        const presence = await this.connect(cluster);
        if (presence !== null) {
          await this.watch(presence);
          return;
        }
      } catch (error) {
        // The last user of that server may just have ended it: then the next attempt starts another.
        failure = error;
      }
    }
    if (failure instanceof EmbeddedUnavailableError) throw failure;
    throw new EmbeddedUnavailableError(
      `it did not start; its log ends on: ${lastLogLines(cluster.directory)}`,
      failure,
    );
  }

  /** A connection to the cluster's server, waited for while the server is starting or recovering; null when it ends. */
  private async connect(cluster: Cluster): Promise<Client | null> {
    const until = this.clock.monotonicMs() + CONNECT_LIMIT_MS;
    for (;;) {
      const postmaster = findPostmaster(cluster.directory);
      if (postmaster === null) return null;
      if (postmaster.port > 0) this.port = postmaster.port;
      const client = new Client({
        host: '127.0.0.1',
        port: postmaster.port,
        user: SUPERUSER,
        password: cluster.password,
        database: 'postgres',
        application_name: 'tao-treasury presence',
        connectionTimeoutMillis: 5_000,
        query_timeout: 20_000,
      });
      // A listener of its own from the start: an unheard error would end the process.
      client.on('error', () => undefined);
      try {
        await client.connect();
        return client;
      } catch (error) {
        if (!isStarting(error) || this.clock.monotonicMs() > until) {
          throw new EmbeddedUnavailableError(`its server does not take connections: ${messageOf(error)}`, error);
        }
      }
      await this.clock.sleep(POLL_MS);
    }
  }

  private async watch(presence: Client): Promise<void> {
    await presence.query(`SELECT pg_advisory_lock_shared(${PRESENCE_LOCK})`);
    this.presence = presence;
    presence.once('end', () => {
      if (this.presence !== presence || this.ending.signal.aborted) return;
      this.presence = undefined;
      this.tell('the embedded PostgreSQL was lost');
      this.revival = this.revive(this.ending.signal);
    });
  }

  /** Starts the server again, on the port that every pool knows, until that succeeds or `stop` is called. */
  private async revive(ending: AbortSignal): Promise<void> {
    for (let pauseMs = FIRST_REVIVAL_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_REVIVAL_PAUSE_MS)) {
      await this.clock.sleep(pauseMs, ending).catch(() => undefined);
      if (ending.aborted || this.cluster === undefined) return;
      try {
        await this.joinOrLaunch(this.cluster);
        this.tell('the embedded PostgreSQL is back');
        return;
      } catch (error) {
        this.tell(messageOf(error));
      }
    }
  }

  private async ensureDatabase(): Promise<void> {
    const found = await this.presence?.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (found?.rowCount !== 0) return;
    try {
      await this.presence?.query(`CREATE DATABASE ${DATABASE}`);
    } catch (error) {
      // Another process of the same start was faster.
      if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
    }
  }

  private tell(text: string): void {
    this.options.onEvent?.(text);
  }
}

/** 57P03: starting up or recovering. Refused: not listening yet. */
function isStarting(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === '57P03' || code === 'ECONNREFUSED' || code === 'ECONNRESET';
}
