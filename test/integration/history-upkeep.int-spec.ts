import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import {
  DatabaseClock,
  type DatabaseReadiness,
  HistoryPartitionRepository,
  HistoryRollupRepository,
  LeaseRepository,
  NavSnapshotRepository,
  PoolHistory,
  ROLLUPS,
  rollupOf,
  SnapshotRepository,
  UnitOfWork,
} from '../../src/database';
import { HistoryUpkeep } from '../../src/sync/history-upkeep.service';
import { connect, createTestDatabase, type TestDatabase } from '../support/test-database';
import { testSettings } from '../support/test-settings';

jest.setTimeout(60_000);

const RUN = '018f0000-0000-7000-8000-000000000001';
const POOLS = rollupOf('pool_history');
const NOW = new Date('2026-03-15T12:00:00Z');

const point = (netuid: number, at: string, price = '0.5'): PoolHistory =>
  Object.assign(new PoolHistory(), {
    netuid,
    blockNumber: Math.floor(Date.parse(at) / 12_000),
    registrationBlockNumber: 7,
    timestamp: new Date(at),
    price,
    totalTao: '1',
    alphaInPool: '1',
    alphaStaked: '0',
    runId: RUN,
  });

describe('the upkeep of the histories', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let partitions: HistoryPartitionRepository;
  const snapshots = new SnapshotRepository();

  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = await connect(database);
    partitions = new HistoryPartitionRepository(dataSource, new HistoryRollupRepository());
  });

  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  async function append(...rows: PoolHistory[]): Promise<number> {
    const moments = rows.map((row) => row.timestamp);
    await snapshots.ensurePartitions(dataSource.manager, PoolHistory, moments);
    return snapshots.appendHistory(dataSource.manager, PoolHistory, rows);
  }

  const select = <Row>(sql: string): Promise<Row[]> => dataSource.query<Row[]>(sql);

  async function months(parent: string): Promise<string[]> {
    const rows = await select<{ name: string }>(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = '${parent}'::regclass ORDER BY 1`,
    );
    return rows.map(({ name }) => name.slice(parent.length + 1));
  }

  const blocks = async (table: string): Promise<string[]> =>
    (await select<{ at: Date }>(`SELECT timestamp AS at FROM ${table} ORDER BY 1`)).map(({ at }) => at.toISOString());

  const rawFrom = (): Promise<unknown> => select('SELECT raw_from FROM history_retention');

  it('has two months ready before they begin, over the end of a year', async () => {
    for (const shape of ROLLUPS) await partitions.ensureAhead(shape, new Date('2026-12-15T00:00:00Z'));
    for (const { history, hours } of ROLLUPS) {
      expect([await months(history), await months(hours)]).toEqual([
        ['2026_12', '2027_01', '2027_02'],
        ['2026_12', '2027_01', '2027_02'],
      ]);
    }
    const first = point(1, '2027-01-01T00:00:00Z');
    await snapshots.appendHistory(dataSource.manager, PoolHistory, [point(1, '2026-12-31T23:59:59Z'), first]);
    expect(await blocks('pool_history_2027_01')).toEqual(['2027-01-01T00:00:00.000Z']);
  });

  it('puts a month that is over into the order of its series, once, and leaves the others', async () => {
    const days = ['2026-02-01', '2026-02-02', '2026-03-01', '2026-03-02'];
    for (const day of days) await append(point(2, day), point(1, day));
    expect(await partitions.order(POOLS, NOW)).toEqual(['pool_history_2026_02', 'pool_hours_2026_02', 'pool_days']);
    const order = async (table: string): Promise<number[]> =>
      (await select<{ netuid: number }>(`SELECT netuid FROM ${table} ORDER BY ctid`)).map(({ netuid }) => netuid);
    expect(await order('pool_history_2026_02')).toEqual([1, 1, 2, 2]);
    expect(await order('pool_hours_2026_02')).toEqual([1, 1, 2, 2]);
    expect(await order('pool_history_2026_03')).toEqual([1, 2, 1, 2]);
    expect(await partitions.order(POOLS, NOW)).toEqual([]);
  });

  it('drops whole months that ended longer ago than they are kept, and keeps their hours and days', async () => {
    await append(point(1, '2025-12-31T23:59:59Z'), point(1, '2026-01-31T23:59:59Z'), point(1, '2026-02-01T00:00:00Z'));
    const kept = [await blocks('pool_hours'), await blocks('pool_days')];
    expect(await partitions.dropExpired(POOLS, { now: NOW, days: 43 })).toEqual(['pool_history_2025_12']);
    expect(await partitions.dropExpired(POOLS, { now: NOW, days: 42 })).toEqual(['pool_history_2026_01']);
    expect(await blocks('pool_history')).toEqual(['2026-02-01T00:00:00.000Z']);
    expect([await blocks('pool_hours'), await blocks('pool_days')]).toEqual(kept);
    expect(await rawFrom()).toEqual([{ raw_from: new Date('2026-02-01T00:00:00Z') }]);
  });

  it('adds rows that an older build stored alone to hours and days before it drops them', async () => {
    await append(point(1, '2026-01-10T00:00:00Z'));
    await dataSource
      .getRepository(PoolHistory)
      .insert([point(1, '2026-01-10T00:10:00Z', '0.9'), point(2, '2026-01-11')]);
    await partitions.dropExpired(POOLS, { now: NOW, days: 1 });
    const found = await select('SELECT netuid, points, price_high FROM pool_days ORDER BY netuid');
    expect(found).toEqual([
      { netuid: 1, points: 2, price_high: '0.9' },
      { netuid: 2, points: 1, price_high: '0.5' },
    ]);
  });

  it('keeps the rows of a month whose hours cannot be made', async () => {
    await append(point(1, '2026-01-10'));
    await dataSource.query('DROP TABLE pool_hours_2026_01');
    await expect(partitions.dropExpired(POOLS, { now: NOW, days: 1 })).rejects.toThrow('no partition');
    expect([await blocks('pool_history'), await rawFrom()]).toEqual([['2026-01-10T00:00:00.000Z'], []]);
  });

  it('leaves all as it was when it is killed on the way, and goes on from there', async () => {
    await append(point(1, '2026-01-10'));
    const reader = dataSource.createQueryRunner();
    await reader.startTransaction();
    await reader.query('SELECT * FROM pool_history');
    let isOver = false;
    const dropping = partitions.dropExpired(POOLS, { now: NOW, days: 30 }).finally(() => (isOver = true));
    const refused = expect(dropping).rejects.toThrow();
    while (!isOver) {
      await select(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND query LIKE 'DROP TABLE%' AND wait_event_type = 'Lock'`,
      );
    }
    await refused;
    expect([await blocks('pool_history'), await rawFrom()]).toEqual([['2026-01-10T00:00:00.000Z'], []]);
    await reader.rollbackTransaction();
    await reader.release();
    expect(await partitions.dropExpired(POOLS, { now: NOW, days: 30 })).toEqual(['pool_history_2026_01']);
  });

  it('is done once by two replicas at the same moment, while rows come in', async () => {
    await append(point(1, '2026-01-10'), point(1, '2026-02-10'), point(1, '2026-03-10'));
    const other = await connect(database);
    const others = new HistoryPartitionRepository(other, new HistoryRollupRepository());
    const both = [partitions, others].map(async (each) => {
      for (const shape of ROLLUPS) await each.ensureAhead(shape, NOW);
      const dropped = await each.dropExpired(POOLS, { now: NOW, days: 14 });
      return { dropped };
    });
    const rows = Array.from({ length: 20 }, (_, index) => append(point(index, '2026-03-15T00:00:00Z')));
    const dropped = (await Promise.all(both)).flatMap((each) => each.dropped);
    await Promise.all(rows);
    await other.destroy();
    expect(dropped.sort()).toEqual(['pool_history_2026_01', 'pool_history_2026_02']);
    expect(await select('SELECT count(*)::int AS count FROM pool_history')).toEqual([{ count: 21 }]);
    expect(await select('SELECT sum(points)::int AS points FROM pool_days')).toEqual([{ points: 23 }]);
  });

  describe('for a row that comes after its month was dropped', () => {
    beforeEach(async () => {
      await append(point(1, '2026-01-10T10:00:00Z', '0.5'));
      await partitions.dropExpired(POOLS, { now: NOW, days: 1 });
    });

    it('makes no month again, but an hour and a day', async () => {
      expect(await append(point(2, '2026-01-11T10:00:00Z', '0.7'), point(1, '2026-03-01'))).toBe(2);
      expect(await blocks('pool_history')).toEqual(['2026-03-01T00:00:00.000Z']);
      expect(await select('SELECT points, price FROM pool_hours WHERE netuid = 2')).toEqual([
        { points: 1, price: '0.7' },
      ]);
    });

    it('takes its figures into the hour that is there, however often it comes, and counts it no more', async () => {
      const late = point(1, '2026-01-10T10:30:00Z', '0.9');
      await append(late);
      await append(late);
      const found = await select('SELECT points, price_first, price_high, price FROM pool_hours');
      expect(found).toEqual([{ points: 1, price_first: '0.5', price_high: '0.9', price: '0.9' }]);
    });
  });

  describe('as the service does it', () => {
    const upkeep = (historyRetentionDays: number): HistoryUpkeep =>
      new HistoryUpkeep(
        testSettings({ historyRetentionDays }),
        { isReady: () => true } as DatabaseReadiness,
        new DatabaseClock(dataSource),
        new LeaseRepository(dataSource),
        partitions,
        new NavSnapshotRepository(dataSource),
        new UnitOfWork(dataSource),
      );

    it('keeps every row without HISTORY_RETENTION_DAYS', async () => {
      await append(point(1, '2021-01-10'));
      await upkeep(0).work(NOW);
      expect(await blocks('pool_history')).toEqual(['2021-01-10T00:00:00.000Z']);
      await upkeep(30).work(NOW);
      expect([await blocks('pool_history'), await blocks('pool_days')]).toEqual([[], ['2021-01-10T00:00:00.000Z']]);
    });

    it('mends hours and days of the last two days', async () => {
      await append(point(1, '2026-03-13T00:00:00Z'), point(1, '2026-03-15T11:00:00Z'));
      await dataSource.query('UPDATE pool_hours SET price_high = 9; DELETE FROM pool_days');
      await upkeep(0).work(NOW);
      expect(await select('SELECT price_high FROM pool_hours UNION ALL SELECT price_high FROM pool_days')).toEqual(
        Array.from({ length: 4 }, () => ({ price_high: '0.5' })),
      );
    });

    it('is due once an hour over all replicas', async () => {
      await Promise.all([upkeep(0).look(), upkeep(0).look()]);
      await upkeep(0).look();
      const [lease] = await select<{ fence: string }>("SELECT fence FROM leases WHERE name = 'history-upkeep'");
      expect(lease?.fence).toBe('1');
      await dataSource.query("UPDATE leases SET expires_at = now() - interval '1 s'");
      await upkeep(0).look();
      expect(await select("SELECT fence FROM leases WHERE name = 'history-upkeep'")).toEqual([{ fence: '2' }]);
    });
  });
});
