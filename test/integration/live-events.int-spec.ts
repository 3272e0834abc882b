import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { CacheModule } from '../../src/cache';
import { newId, ProblemFilter } from '../../src/common';
import { ConfigModule } from '../../src/config';
import { DatabaseModule, DatabaseReadiness } from '../../src/database';
import { HealthModule } from '../../src/health';
import { MetricsModule } from '../../src/metrics';
import { connect, createTestDatabase, type TestDatabase } from '../support/test-database';

interface Received {
  id: string | null;
  event: string;
  data: Record<string, unknown>;
}

/** A reader of the stream that keeps everything it was sent. */
class Listener {
  readonly received: Received[] = [];
  private readonly waiting: (() => void)[] = [];
  private readonly closing = new AbortController();
  private constructor(readonly ended: Promise<void>) {}

  static async open(url: string, lastEventId?: string): Promise<Listener> {
    let finish: () => void = () => undefined;
    const listener = new Listener(new Promise((resolve) => (finish = resolve)));
    const answer = await fetch(`${url}/api/v1/events`, {
      headers: { accept: 'text/event-stream', ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) },
      signal: listener.closing.signal,
    });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    void listener.read(answer).finally(finish);
    await listener.until((event) => event.event === 'hello');
    return listener;
  }

  /** The first event that `accepts`, once it is there. */
  async until(accepts: (event: Received) => boolean): Promise<Received> {
    for (;;) {
      const found = this.received.find(accepts);
      if (found !== undefined) return found;
      await new Promise<void>((wake) => this.waiting.push(wake));
    }
  }

  runs(): unknown[] {
    return this.received.filter((event) => event.event === 'run').map((event) => event.data['id']);
  }

  close(): void {
    this.closing.abort();
  }

  private async read(answer: Response): Promise<void> {
    const decoder = new TextDecoder();
    let rest = '';
    try {
      for await (const bytes of answer.body ?? []) {
        const blocks = (rest + decoder.decode(bytes as Uint8Array, { stream: true })).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) this.take(block);
      }
    } catch (error) {
      if (!this.closing.signal.aborted) throw error;
    }
  }

  private take(block: string): void {
    const field = (name: string): string | null => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? null;
    const event = field('event');
    if (event === null) return;
    this.received.push({ id: field('id'), event, data: JSON.parse(field('data') ?? '{}') as Record<string, unknown> });
    for (const wake of this.waiting.splice(0)) wake();
  }
}

describe('the stream of events', () => {
  let database: TestDatabase;
  let store: DataSource;
  let app: NestFastifyApplication;
  let url: string;
  const listeners: Listener[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    store = await connect(database);
    app = await startService(database.url);
    url = await app.getUrl();
    await store.query("INSERT INTO dataset_states (dataset, interval_seconds, is_core) VALUES ('pools', 300, true)");
  });

  afterEach(() => {
    for (const listener of listeners.splice(0)) listener.close();
  });

  afterAll(async () => {
    await app.close();
    await store.destroy();
    await database.drop();
  });

  async function listen(lastEventId?: string): Promise<Listener> {
    const listener = await Listener.open(url, lastEventId);
    listeners.push(listener);
    return listener;
  }

  async function addRun(source: Pick<DataSource, 'query'> = store, dataset = 'pools'): Promise<string> {
    const id = newId();
    await source.query(
      `INSERT INTO sync_runs (id, dataset, mode, trigger, state, finished_at)
       VALUES ($1, $2, 'refresh', 'request', 'applied', clock_timestamp())`,
      [id, dataset],
    );
    return id;
  }

  it('tells of a run as soon as its transaction is over, and of the dataset that it moved', async () => {
    const listener = await listen();
    const id = await addRun();
    const run = await listener.until((event) => event.data['id'] === id);
    expect(run).toMatchObject({ event: 'run', id: expect.stringMatching(/^\d+-\d+$/), data: { state: 'applied' } });
    await store.query('UPDATE dataset_states SET last_success_at = clock_timestamp(), record_count = 129');
    const dataset = await listener.until((event) => event.event === 'dataset');
    expect(dataset.data).toMatchObject({ dataset: 'pools', record_count: 129, protected: false });
  });

  it('first sends what was missed since the last event, each once and in order', async () => {
    const before = await listen();
    const seen = await addRun();
    const last = await before.until((event) => event.data['id'] === seen);
    before.close();
    const missed = [await addRun(), await addRun(), await addRun()];
    // A transaction of another database on this server can hold events back for a while: somebody who has them all has seen that pass.
    const witness = await listen(last.id ?? '');
    await witness.until((event) => event.data['id'] === missed.at(-1));
    witness.close();
    const after = await listen(last.id ?? '');
    expect(after.runs()).toEqual(missed);
    expect((await after.until((event) => event.event === 'hello')).data['replayed']).toBe(3);
    const next = await addRun();
    await after.until((event) => event.data['id'] === next);
    expect(after.runs()).toEqual([...missed, next]);
  });

  it('passes over nothing that commits after a younger transaction', async () => {
    const listener = await listen();
    const slow = store.createQueryRunner();
    await slow.startTransaction();
    const late = await addRun(slow);
    const early = await addRun();
    await slow.commitTransaction();
    await slow.release();
    await listener.until((event) => event.data['id'] === early);
    await listener.until((event) => event.data['id'] === late);
    expect(listener.runs().slice(-2)).toEqual([late, early]);
  });

  it('orders transactions and events by their numbers, not by their digits', async () => {
    await addRun();
    await store.query("INSERT INTO live_events (tx, kind, body) VALUES ('9', 'alert', '{}')");
    const listener = await listen();
    expect(listener.received[0]?.id).not.toMatch(/^9-/);
    await store.query("SELECT setval(pg_get_serial_sequence('live_events', 'id'), 999998)");
    const together = await store.transaction(async (manager) => [
      await addRun(manager),
      await addRun(manager),
      await addRun(manager),
    ]);
    await listener.until((event) => event.data['id'] === together[2]);
    // The one before may come too: a transaction of another database on this server can hold it back for a while.
    expect(listener.runs().slice(-3)).toEqual(together);
  });

  it.each(['1-1', '9223372036854775807-1'])(
    'says that events are missing to who comes with %s',
    async (lastEventId) => {
      const listener = await listen(lastEventId);
      expect(listener.received.map((event) => event.event)).toEqual(['reset', 'hello']);
      const id = await addRun();
      await listener.until((event) => event.data['id'] === id);
    },
  );

  it('leaves callers who accept no stream to the other routes of the path', async () => {
    const answer = await fetch(`${url}/api/v1/events`, { headers: { accept: 'application/json' } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, expect.stringContaining('problem+json')]);
  });

  it('shows the runs and the freshness of the last hours', async () => {
    const answer = await fetch(`${url}/api/v1/trust-pack/history?hours=2`);
    const body = (await answer.json()) as { datasets: { pools: { beats: { state: string }[]; bands: object[] } } };
    expect(body.datasets.pools.beats.every((beat) => beat.state === 'applied')).toBe(true);
    expect(body.datasets.pools.bands).toMatchObject([{ level: 'unknown' }, { level: 'fresh' }]);
  });

  it('marks the minutes in which answers were refused and calls were too many', async () => {
    await store.query(
      `INSERT INTO sync_runs (id, dataset, mode, trigger, state, reason, reason_code, started_at, finished_at)
       SELECT gen_random_uuid(), 'pools', mode, trigger, 'protected', 'pools: 0 valid rows', 'sync/insufficient-data',
              clock_timestamp(), clock_timestamp() FROM sync_runs LIMIT 1`,
    );
    await store.query(
      `INSERT INTO api_metric_minutes SELECT r.* FROM jsonb_populate_record(NULL::api_metric_minutes,
         (SELECT jsonb_object_agg(column_name, 0) FROM information_schema.columns WHERE table_name = 'api_metric_minutes')
         || jsonb_build_object('minute', date_trunc('minute', clock_timestamp()), 'name', '/api/x', 'rate_limits', 3)) r`,
    );
    const answer = await fetch(`${url}/api/v1/trust-pack/history?hours=2`);
    const { marks } = (await answer.json()) as { marks: object[] };
    expect(marks).toEqual([
      expect.objectContaining({ kind: 'protected', dataset: 'pools', count: 1, reason: 'pools: 0 valid rows' }),
      expect.objectContaining({ kind: 'rate_limited', dataset: null, count: 3, reason: null }),
    ]);
  });

  it('ends every stream when the service ends', async () => {
    const other = await startService(database.url);
    const listener = await Listener.open(await other.getUrl());
    await other.close();
    await listener.ended;
  });
});

async function startService(databaseUrl: string): Promise<NestFastifyApplication> {
  const module = await Test.createTestingModule({
    imports: [
      ConfigModule.register({ TAOSTATS_API_KEY: 'tao-test-key:00000000', DATABASE_URL: databaseUrl }),
      MetricsModule,
      DatabaseModule.register(),
      CacheModule,
      HealthModule,
    ],
  }).compile();
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
  app.useLogger(false);
  app.useGlobalFilters(new ProblemFilter());
  await app.listen(0, '127.0.0.1');
  await app.get(DatabaseReadiness).whenReady();
  return app;
}
