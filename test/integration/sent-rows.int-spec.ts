import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { isRefusedByDatabase, PoolHistory, SnapshotRepository, Subnet, UnitOfWork } from '../../src/database';
import { TreasuryDataSource } from '../../src/database/treasury-data-source';
import { connect, createTestDatabase, type TestDatabase } from '../support/test-database';

const RUN = '018f0000-0000-7000-8000-000000000001';
const ROWS_BY_COPY = 501;
const SEQUENCES = 30;
const AT = new Date('2026-01-11T04:11:12.001Z');

type SubnetRow = Partial<Subnet> & { netuid: number; blockNumber: number };

function subnet(netuid: number, figures: Partial<Subnet> = {}): SubnetRow {
  return { netuid, blockNumber: 100, timestamp: AT, emission: '1', withheld: {}, ...figures };
}

/** What fills a batch up until it goes by COPY. */
const FILLING = Array.from({ length: ROWS_BY_COPY }, (_row, index) => subnet(1_000 + index));

const AWKWARD = [
  '',
  ' ',
  '\\',
  '\\N',
  '\\.',
  'a\tb',
  'a\nb\r',
  '"',
  "'",
  '{a,"b"}',
  'NULL',
  'null',
  'α🏦\u202e',
  '\u0001\u007f',
];
const text = fc.oneof(
  fc.constantFrom(...AWKWARD),
  fc.string({ unit: 'binary' }).map((made) => made.replaceAll('\0', '')),
);
const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 3 });
const subnets = fc.uniqueArray(
  fc
    .record({
      netuid: fc.integer({ min: 0, max: 8 }),
      blockNumber: fc.integer({ min: 100, max: 103 }),
      emission: fc.constantFrom('0', '21000000000000000', '0.1234567890123456789012345678'),
      owner: orNull(text),
      mechEmissionSplit: orNull(fc.array(text, { maxLength: 3 })),
      withheld: fc.dictionary(fc.constantFrom('a', 'b'), text, { noNullPrototype: true }),
      yuma3On: orNull(fc.boolean()),
      feeRate: orNull(fc.constantFrom('-1.5', '0.0000001')),
    })
    .map(({ netuid, ...figures }) => subnet(netuid, figures)),
  { selector: ({ netuid }) => netuid },
);

describe('rows on their way into PostgreSQL', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  const snapshots = new SnapshotRepository();

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await connect(database);
  });

  beforeEach(() => dataSource.query('TRUNCATE subnets, pool_history, pool_hours, pool_days'));

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const request = (rows: readonly Partial<Subnet>[]) => ({ entity: Subnet, rows, runId: RUN, newer: ['blockNumber'] });
  const upsert = (rows: readonly Partial<Subnet>[]): Promise<number> =>
    snapshots.upsert(dataSource.manager, request(rows));
  const stored = (): Promise<Subnet[]> =>
    dataSource.getRepository(Subnet).find({ where: {}, order: { netuid: 'ASC' } });

  it('are stored and counted the same by JSON as by COPY, and as one row after another would be', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(subnets, { minLength: 1, maxLength: 4 }), async (batches) => {
        await dataSource.query('TRUNCATE subnets');
        await upsert(FILLING);
        const byCopy: number[] = [];
        for (const rows of batches) byCopy.push(await upsert([...rows, ...FILLING]));
        const copied = (await stored()).filter(({ netuid }) => netuid < 1_000);
        await dataSource.query('TRUNCATE subnets');
        const byJson: number[] = [];
        for (const rows of batches) byJson.push(await upsert(rows));
        const oracle = oneByOne(batches);
        expect([byCopy, byJson]).toEqual([oracle.changed, oracle.changed]);
        expect(await stored()).toEqual(copied);
        expect(copied).toMatchObject(oracle.rows);
      }),
      { numRuns: SEQUENCES },
    );
  });

  it.each([
    ['a few', []],
    ['many', FILLING],
  ])('are refused, %s of them and all, when one holds what PostgreSQL cannot store', async (_name, filling) => {
    for (const refused of [{ owner: 'a\0b' }, { emission: 'one' }, { emission: null as unknown as string }]) {
      const error: unknown = await upsert([...filling, subnet(1, refused)]).catch((reason: unknown) => reason);
      expect(isRefusedByDatabase(error)).toBe(true);
      expect(await stored()).toEqual([]);
    }
  });

  it('leave rows that are equal without a lock, whichever way they come', async () => {
    await upsert([subnet(1), ...FILLING]);
    expect(await upsert([subnet(1)])).toBe(0);
    expect(await upsert(FILLING)).toBe(0);
    expect(await dataSource.query('SELECT count(*)::int AS locked FROM subnets WHERE xmax <> 0')).toEqual([
      { locked: 0 },
    ]);
  });

  it('do not go over a newer row that another transaction puts there meanwhile', async () => {
    const other = dataSource.createQueryRunner();
    await other.startTransaction();
    await snapshots.upsert(other.manager, request([subnet(1, { blockNumber: 200 })]));
    const waiting = upsert([subnet(1, { blockNumber: 150 }), subnet(2), ...FILLING]);
    await untilOneWaits(dataSource);
    await other.commitTransaction();
    await other.release();
    expect(await waiting).toBe(ROWS_BY_COPY + 1);
    expect((await stored())[0]).toMatchObject({ netuid: 1, blockNumber: 200 });
  });

  it('leave nothing behind where the connection breaks in the middle, and are stored when they are sent again', async () => {
    const treasury = new TreasuryDataSource(() => undefined);
    await treasury.open(database.url);
    const send = (rowsFor: (backend: number) => Partial<Subnet>[]): Promise<number> =>
      new UnitOfWork(treasury).run(async (manager) => {
        const [connection] = await manager.query<{ pid: number }[]>('SELECT pg_backend_pid() AS pid');
        return snapshots.upsert(manager, request(rowsFor(connection?.pid ?? 0)));
      });
    // Its turn comes while those before it have been sent.
    const breaking = (backend: number): Partial<Subnet> => ({
      ...subnet(1),
      get owner(): string {
        process.kill(backend);
        return 'x';
      },
    });
    await expect(send((backend) => [...FILLING, breaking(backend)])).rejects.toMatchObject({
      code: 'database/not-ready',
    });
    expect(await stored()).toEqual([]);
    expect(await send(() => [...FILLING, subnet(1)])).toBe(ROWS_BY_COPY + 1);
    await treasury.destroy();
  });

  it('are in the history once, and in their hours and days, however many come together', async () => {
    const rows = Array.from({ length: 10_001 }, (_row, index) => ({
      netuid: 1,
      blockNumber: index,
      timestamp: new Date(AT.getTime() + index * 12_000),
      price: String(index),
      totalTao: '1',
      alphaInPool: '1',
      alphaStaked: '1',
      runId: RUN,
    }));
    await snapshots.ensurePartitions(dataSource.manager, PoolHistory, [AT]);
    const append = (): Promise<number> => snapshots.appendHistory(dataSource.manager, PoolHistory, rows);
    expect([await append(), await append()]).toEqual([10_001, 0]);
    const [days] = await dataSource.query<unknown[]>(
      'SELECT sum(points)::int AS points, max(price_high)::int AS high, min(price_low)::int AS low FROM pool_days',
    );
    expect(days).toEqual({ points: 10_001, high: 10_000, low: 0 });
  });
});

/** The rule, without PostgreSQL: never older over newer, and an equal row is no change. */
function oneByOne(batches: readonly SubnetRow[][]): { rows: SubnetRow[]; changed: number[] } {
  const rows = new Map<number, SubnetRow>();
  const changed = batches.map(
    (batch) =>
      batch.filter((row) => {
        const before = rows.get(row.netuid);
        const isStored =
          before === undefined || (row.blockNumber >= before.blockNumber && !isDeepStrictEqual(row, before));
        if (isStored) rows.set(row.netuid, row);
        return isStored;
      }).length,
  );
  return { rows: [...rows.values()].sort((a, b) => a.netuid - b.netuid), changed };
}

async function untilOneWaits(dataSource: DataSource): Promise<void> {
  for (;;) {
    const waiting = await dataSource.query<unknown[]>(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );
    if (waiting.length > 0) return;
  }
}
