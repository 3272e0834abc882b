import type { DataSource } from 'typeorm';
import { PoolHistory, PoolSeriesRepository, SnapshotRepository } from '../../src/database';
import { connect, createTestDatabase, type TestDatabase } from '../support/test-database';

const FIRST = new Date('2026-01-11T04:11:12.001Z');
const SECOND = new Date('2026-01-11T04:21:12.999Z');

describe('the series of a pool', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await connect(database);
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  it('has every digit and every null that is stored, as rows, hours, days and steps', async () => {
    const bare = {
      netuid: 1,
      timestamp: FIRST,
      blockNumber: 7_295_491,
      registrationBlockNumber: null,
      price: '0.0853797768549170136737598244',
      totalTao: '5533594151790319',
      alphaInPool: '651885263',
      alphaStaked: '0',
      marketCap: null,
      liquidity: null,
      taoVolume24Hr: null,
      startupMode: null,
    };
    const full = {
      ...bare,
      timestamp: SECOND,
      blockNumber: 7_295_541,
      price: '0.1',
      marketCap: '1557814504123.5252069675607972474',
      liquidity: '0',
      taoVolume24Hr: '12',
      startupMode: true,
    };
    const off = { ...full, netuid: 2, registrationBlockNumber: 5_000_000, startupMode: false };
    const snapshots = new SnapshotRepository();
    await snapshots.ensurePartitions(dataSource.manager, PoolHistory, [FIRST]);
    const runId = '018f0000-0000-7000-8000-000000000001';
    await snapshots.appendHistory(
      dataSource.manager,
      PoolHistory,
      [bare, full, off].map((row) => ({ ...row, runId })),
    );
    const series = new PoolSeriesRepository(dataSource);
    const window = { from: new Date('2026-01-11T00:00:00Z'), to: new Date('2026-01-12T00:00:00Z') };
    const page = { ascending: true, limit: 10 };
    const { netuid: _one, ...firstRow } = bare;
    const { netuid: _same, ...secondRow } = full;
    const { netuid: _two, ...otherRow } = off;
    expect(await series.rows({ netuid: 1, ...window }, page)).toEqual([firstRow, secondRow]);
    expect(await series.rows({ netuid: 2, ...window }, page)).toEqual([otherRow]);
    const bucket = { generation: 0, points: 2, priceFirst: bare.price, priceHigh: '0.1', priceLow: bare.price };
    const hour = { ...secondRow, ...bucket, bucketAt: new Date('2026-01-11T04:00:00Z') };
    const day = { ...hour, bucketAt: window.from };
    expect(await series.buckets({ netuid: 1, ...window }, { ...page, unit: 'hour' })).toEqual([hour]);
    expect(await series.buckets({ netuid: 1, ...window }, { ...page, unit: 'day' })).toEqual([day]);
    expect(await series.steps({ netuid: 1, ...window }, { unit: 'hour', size: 24 })).toEqual([day]);
  });
});
