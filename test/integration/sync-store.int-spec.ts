import type { DataSource } from 'typeorm';
import {
  HistoryRollupRepository,
  Pool,
  PoolHistory,
  SnapshotRepository,
  Subnet,
  SubnetGenerationRepository,
} from '../../src/database';
import { connect, createTestDatabase, type TestDatabase } from '../support/test-database';

const RUN = '018f0000-0000-7000-8000-000000000001';
const LATER_RUN = '018f0000-0000-7000-8000-000000000002';
const PRICE = '0.0853797768549170136737598244';

function pool(netuid: number, figures: Partial<Pool> = {}): Partial<Pool> {
  return {
    netuid,
    blockNumber: 100,
    timestamp: new Date('2026-01-11T04:11:12.001Z'),
    price: PRICE,
    totalTao: '5533594151790319',
    alphaInPool: '651885263',
    alphaStaked: '0',
    ...figures,
  };
}

describe('the stored snapshots', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  const snapshots = new SnapshotRepository();
  const generations = new SubnetGenerationRepository(new HistoryRollupRepository());

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await connect(database);
  });

  beforeEach(async () => {
    await dataSource.query('TRUNCATE pools, pool_history, subnets, subnet_generations');
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const upsert = (rows: Partial<Pool>[], runId = RUN): Promise<number> =>
    snapshots.upsert(dataSource.manager, { entity: Pool, rows, runId, newer: ['blockNumber', 'timestamp'] });
  const find = (netuid: number): Promise<Pool | null> => dataSource.getRepository(Pool).findOneBy({ netuid });

  it('keep a price of 28 decimals to the last digit', async () => {
    await upsert([pool(1)]);
    expect(await find(1)).toMatchObject({ price: PRICE, totalTao: '5533594151790319', runId: RUN, marketCap: null });
  });

  it('take more rows than one statement is given, each once', async () => {
    const rows = Array.from({ length: 10_001 }, (_row, netuid) => pool(netuid));
    expect(await upsert(rows)).toBe(10_001);
    expect(await dataSource.getRepository(Pool).count()).toBe(10_001);
    expect(await upsert([...rows.slice(0, 10_000), pool(10_000, { rank: 7 })], LATER_RUN)).toBe(1);
    expect(await find(10_000)).toMatchObject({ rank: 7, runId: LATER_RUN });
  });

  it('count only rows that differ and leave the others as they were written', async () => {
    await upsert([pool(1), pool(2)]);
    expect(await upsert([pool(1), pool(2, { rank: 7 })], LATER_RUN)).toBe(1);
    expect([(await find(1))?.runId, (await find(2))?.runId]).toEqual([RUN, LATER_RUN]);
  });

  it('never put an older row over a newer one', async () => {
    await upsert([pool(1)]);
    const older = pool(1, { blockNumber: 99, timestamp: new Date('2026-01-11T04:11:00.001Z'), price: '1' });
    expect(await upsert([older], LATER_RUN)).toBe(0);
    expect((await find(1))?.price).toBe(PRICE);
  });

  it('take a row out after three complete answers without it and in again when it is back', async () => {
    await upsert([pool(1), pool(2)]);
    const lacking = (): Promise<{ missing: number; removed: number }> =>
      snapshots.markMissing(dataSource.manager, Pool, [1]);
    expect([await lacking(), await lacking(), await lacking(), await lacking()]).toEqual([
      { missing: 1, removed: 0 },
      { missing: 1, removed: 0 },
      { missing: 1, removed: 1 },
      { missing: 0, removed: 0 },
    ]);
    expect((await find(2))?.removedAt).toBeInstanceOf(Date);
    await upsert([pool(2)], LATER_RUN);
    expect(await find(2)).toMatchObject({ missingSince: null, removedAt: null, missingSnapshots: 0 });
  });

  it('hold one history row for a block however often it is appended', async () => {
    const row = { ...pool(1), runId: RUN };
    const append = (): Promise<number> => snapshots.appendHistory(dataSource.manager, PoolHistory, [row]);
    await snapshots.ensurePartitions(dataSource.manager, PoolHistory, [new Date('2026-12-31T23:59:59Z')]);
    await snapshots.ensurePartitions(dataSource.manager, PoolHistory, [new Date('2026-01-01T00:00:00Z')]);
    expect([await append(), await append()]).toEqual([1, 0]);
    const partitions = await dataSource.query<{ name: string }[]>(
      "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'pool_history'::regclass ORDER BY 1",
    );
    expect(partitions.map((partition) => partition.name)).toEqual([
      'pool_history_2026_01',
      'pool_history_2026_02',
      'pool_history_2026_12',
      'pool_history_2027_01',
    ]);
  });

  it('refuse NaN, infinity and negative amounts whoever writes them', async () => {
    for (const price of ['NaN', 'Infinity', '-1', '1e30']) {
      await expect(upsert([pool(1, { price })])).rejects.toThrow('pools_price_check');
    }
  });

  it('open a new generation for a netuid that was registered anew and move its later pools over', async () => {
    const subnet = (registrationBlockNumber: number, blockNumber: number): Partial<Subnet> => ({
      netuid: 1,
      blockNumber,
      timestamp: new Date(blockNumber * 12_000),
      registrationBlockNumber,
      emission: '0',
      withheld: {},
    });
    const store = async (row: Partial<Subnet>): Promise<number> => {
      const newer = ['blockNumber', 'timestamp'];
      await snapshots.upsert(dataSource.manager, { entity: Subnet, rows: [row], runId: RUN, newer });
      return generations.follow(dataSource.manager);
    };
    await upsert([pool(1, { blockNumber: 200 })]);
    expect(await store(subnet(50, 100))).toBe(1);
    expect((await find(1))?.registrationBlockNumber).toBe(50);
    expect(await store(subnet(50, 110))).toBe(0);
    expect(await store(subnet(150, 210))).toBe(1);
    expect((await find(1))?.registrationBlockNumber).toBe(150);
    const known = await dataSource.query<{ registration: string; open: boolean }[]>(
      'SELECT registration_block_number AS registration, closed_at IS NULL AS open FROM subnet_generations ORDER BY 1',
    );
    expect(known).toEqual([
      { registration: '50', open: false },
      { registration: '150', open: true },
    ]);
  });
});
