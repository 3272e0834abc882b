import * as fc from 'fast-check';
import type { DataSource } from 'typeorm';
import {
  HistoryRollupRepository,
  NavSnapshot,
  NavSnapshotRepository,
  PoolHistory,
  ROLLUPS,
  rollupOf,
  SnapshotRepository,
  SubnetEmissionHistory,
  SubnetGenerationRepository,
  SubnetHistory,
  TaoFlowHistory,
  TaoPriceHistory,
} from '../../src/database';
import { CreateHistoryRollups1790000000900 } from '../../src/database/migrations/1790000000900-create-history-rollups';
import { CreateNavRollups1790000000910 } from '../../src/database/migrations/1790000000910-create-nav-rollups';
import { connect, createTestDatabase, type TestDatabase } from '../support/test-database';

jest.setTimeout(120_000);

const RUN = '018f0000-0000-7000-8000-000000000001';
const HOUR_MS = 3_600_000;
const FROM = Date.UTC(2025, 11, 31);
const RANGE = { from: new Date(FROM), to: new Date(FROM + 48 * HOUR_MS) };
const POOLS = rollupOf('pool_history');

interface Bucket {
  netuid: number;
  registration_block_number: string | null;
  bucket_at: Date;
  points: number;
  first_at: Date;
  price_first: string;
  price_high: string;
  price_low: string;
  block_number: string;
  price: string;
  total_tao: string;
}

/** Seconds after the start; blocks are twelve of them, so that two rows of a netuid have the same block and time or neither. */
function point(netuid: number, seconds: number, price: string, registration: number | null = null): PoolHistory {
  return Object.assign(new PoolHistory(), {
    netuid,
    blockNumber: 1_000 + Math.floor(seconds / 12),
    registrationBlockNumber: registration,
    timestamp: new Date(FROM + Math.floor(seconds / 12) * 12_000),
    price,
    totalTao: String(seconds),
    alphaInPool: '1',
    alphaStaked: '0',
    runId: RUN,
  });
}

describe('hours and days', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  const snapshots = new SnapshotRepository();
  const rollups = new HistoryRollupRepository();

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await connect(database);
  });

  beforeEach(async () => {
    const tables = ROLLUPS.flatMap(({ history, hours, days }) => [history, hours, days]);
    await dataSource.query(`TRUNCATE ${tables.join(', ')}, nav_snapshots, subnets, subnet_generations`);
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  async function append(rows: PoolHistory[]): Promise<number> {
    await snapshots.ensurePartitions(
      dataSource.manager,
      PoolHistory,
      rows.map((row) => row.timestamp),
    );
    return snapshots.appendHistory(dataSource.manager, PoolHistory, rows);
  }

  const buckets = (table: string): Promise<Bucket[]> =>
    dataSource.query(`SELECT * FROM ${table} ORDER BY netuid, generation, bucket_at`);

  it('hold the last row with all its figures, and the first, highest and lowest price, exact to the last digit', async () => {
    await append([point(1, 0, '0.2'), point(1, 600, '0.3000000000000000000000000001'), point(1, 1_200, '0.1')]);
    await append([point(1, 1_800, '0.25')]);
    const expected = {
      netuid: 1,
      bucket_at: new Date(FROM),
      points: 4,
      first_at: new Date(FROM),
      price_first: '0.2',
      price_high: '0.3000000000000000000000000001',
      price_low: '0.1',
      price: '0.25',
      block_number: '1150',
      total_tao: '1800',
    };
    expect(await buckets('pool_hours')).toMatchObject([expected]);
    expect(await buckets('pool_days')).toMatchObject([expected]);
  });

  it('count a row that comes again once', async () => {
    await append([point(1, 0, '0.2')]);
    expect(await append([point(1, 0, '0.2'), point(1, 600, '0.3')])).toBe(1);
    expect(await buckets('pool_hours')).toMatchObject([{ points: 2, price_first: '0.2', price: '0.3' }]);
  });

  it('take a row that arrives late into its own hour and day, and leave the last as it is', async () => {
    await append([point(1, 5 * 3_600, '0.5'), point(1, 30 * 3_600, '0.7')]);
    await append([point(1, 5 * 3_600 - 24, '0.9'), point(1, 5 * 3_600 + 24, '0.1')]);
    expect(await buckets('pool_hours')).toMatchObject([
      { bucket_at: new Date(FROM + 4 * HOUR_MS), points: 1, price: '0.9' },
      { bucket_at: new Date(FROM + 5 * HOUR_MS), points: 2, price_first: '0.5', price_low: '0.1', price: '0.1' },
      { bucket_at: new Date(FROM + 30 * HOUR_MS), points: 1 },
    ]);
    expect(await buckets('pool_days')).toMatchObject([
      { points: 3, price_first: '0.9', price_high: '0.9', price_low: '0.1', price: '0.1' },
      { points: 1 },
    ]);
  });

  it('never mix two subnets that had the netuid one after the other', async () => {
    await append([point(1, 0, '9', 10), point(1, 600, '0.1', 1_040)]);
    expect(await buckets('pool_hours')).toMatchObject([
      { registration_block_number: '10', points: 1, price_high: '9' },
      { registration_block_number: '1040', points: 1, price_high: '0.1' },
    ]);
  });

  it('take root without a registration for the subnet that it is with one', async () => {
    await append([point(0, 0, '1', null), point(0, 12, '1', 0)]);
    await append([point(0, 24, '1', null)]);
    expect(await buckets('pool_hours')).toMatchObject([{ netuid: 0, points: 3 }]);
    expect(await rollups.countDiffering(dataSource.manager, POOLS, RANGE)).toBe(0);
    await dataSource.transaction((manager) => rollups.rebuild(manager, POOLS, RANGE));
    expect(await buckets('pool_hours')).toMatchObject([{ netuid: 0, points: 3 }]);
  });

  it('are what their rows say, in whatever order and however often those arrive', async () => {
    const seconds = fc.integer({ min: 0, max: 48 * 3_600 - 1 });
    const row = fc.tuple(fc.integer({ min: 0, max: 3 }), seconds, fc.integer({ min: 1, max: 10 ** 9 }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(row, { minLength: 1, maxLength: 30 }), { maxLength: 8 }), async (batches) => {
        await dataSource.query('TRUNCATE pool_history, pool_hours, pool_days');
        for (const batch of batches) {
          const unique = new Map(
            batch.map(([netuid, second, price]) => [`${netuid}/${Math.floor(second / 12)}`, { netuid, second, price }]),
          );
          await append(
            [...unique.values()].map(({ netuid, second, price }) =>
              point(netuid, second, `0.${price}`, netuid || null),
            ),
          );
        }
        for (const unit of ['hour', 'day']) {
          expect(await buckets(`pool_${unit}s`)).toEqual(await computed(unit));
        }
      }),
      { numRuns: 40 },
    );
  });

  /** The same figures by another way: every one by window over the rows. */
  async function computed(unit: string): Promise<unknown[]> {
    return dataSource.query(
      `SELECT DISTINCT ON (netuid, generation, bucket_at) *
         FROM (SELECT date_trunc('${unit}', timestamp, 'UTC') AS bucket_at, (count(*) OVER b)::integer AS points,
                      min(timestamp) OVER b AS first_at, first_value(price) OVER (b ORDER BY timestamp) AS price_first,
                      max(price) OVER b AS price_high, min(price) OVER b AS price_low,
                      coalesce(registration_block_number, 0) AS generation, h.*
                 FROM pool_history h
               WINDOW b AS (PARTITION BY netuid, registration_block_number, date_trunc('${unit}', timestamp, 'UTC'))) AS rows
        ORDER BY netuid, generation, bucket_at, timestamp DESC`,
    );
  }

  it('go over to the subnet that turns out to have had the netuid already', async () => {
    await append([point(1, 0, '9', null), point(1, 600, '0.1', null), point(1, 1_200, '0.2', null)]);
    await dataSource.query(
      `INSERT INTO subnets (netuid, block_number, timestamp, registration_block_number, registration_timestamp, emission, run_id)
       VALUES (1, 1100, $1, 1040, $1, 0, $2)`,
      [new Date(FROM + 480_000), RUN],
    );
    await dataSource.transaction((manager) => new SubnetGenerationRepository(rollups).follow(manager));
    for (const table of ['pool_hours', 'pool_days']) {
      expect(await buckets(table)).toMatchObject([
        { registration_block_number: null, points: 1, price: '9' },
        { registration_block_number: '1040', points: 2, price_high: '0.2', price_first: '0.1' },
      ]);
    }
  });

  it.each([
    [SubnetHistory, { netuid: 1, blockNumber: 7, timestamp: new Date(FROM), emission: '1' }],
    [TaoPriceHistory, { symbol: 'TAO', lastUpdated: new Date(FROM), price: '279.843716593217' }],
    [TaoFlowHistory, { netuid: 1, observedAt: new Date(FROM), taoFlow: '-12' }],
    [TaoFlowHistory, { netuid: 2, observedAt: new Date(FROM), taoFlow: null }],
    [
      SubnetEmissionHistory,
      { netuid: 1, blockNumber: 7, timestamp: new Date(FROM), taoInPool: '1', alphaInPool: '2', alphaRewards: '3' },
    ],
  ])('are kept of every history: %p', async (entity: new () => object, row) => {
    await snapshots.ensurePartitions(dataSource.manager, entity, [RANGE.from]);
    expect(await snapshots.appendHistory(dataSource.manager, entity, [{ ...row, runId: RUN }])).toBe(1);
    const shape = rollupOf(dataSource.getMetadata(entity).tableName);
    expect(await rollups.countDiffering(dataSource.manager, shape, RANGE)).toBe(0);
    for (const table of [shape.hours, shape.days]) {
      const [bucket] = await dataSource.query<Record<string, unknown>[]>(
        `SELECT points, ${shape.lead} AS last, ${shape.lead}_high AS high FROM ${table}
          WHERE "${shape.keys[0]}"::text = $1`,
        ['netuid' in row ? String(row.netuid) : row.symbol],
      );
      expect(bucket).toMatchObject({ points: 1, high: bucket?.['last'] });
    }
  });

  it('have no difference to their rows that is not found, and mended by making them anew', async () => {
    await append([point(1, 0, '0.2'), point(1, 600, '0.3'), point(2, 0, '7')]);
    const before = [await buckets('pool_hours'), await buckets('pool_days')];
    const differing = (): Promise<number> => rollups.countDiffering(dataSource.manager, POOLS, RANGE);
    expect(await differing()).toBe(0);
    await dataSource.query('DELETE FROM pool_hours WHERE netuid = 2');
    await dataSource.query('UPDATE pool_days SET price_high = 8 WHERE netuid = 1');
    expect(await differing()).toBe(2);
    await dataSource.transaction((manager) => rollups.rebuild(manager, POOLS, RANGE));
    expect([await buckets('pool_hours'), await buckets('pool_days')]).toEqual(before);
  });

  it('begin with the rows and values that were stored before there were any', async () => {
    const [histories, values] = [new CreateHistoryRollups1790000000900(), new CreateNavRollups1790000000910()];
    const runner = dataSource.createQueryRunner();
    await values.down(runner);
    await histories.down(runner);
    for (const month of ['2025-12-01', '2026-01-01']) {
      await runner.query(`SELECT ensure_month_partition(name, $1) FROM unnest($2::text[]) AS name`, [
        month,
        ROLLUPS.map(({ history }) => history),
      ]);
    }
    await dataSource
      .getRepository(PoolHistory)
      .insert([
        ...[0, 600, 5_000, 90_000].map((seconds) => point(1, seconds, `0.${seconds}1`)),
        point(1, 700, '0.2', 7),
        point(2, 170_000, '3', 7),
      ]);
    const at = RANGE.from;
    await dataSource
      .getRepository(SubnetHistory)
      .insert({ netuid: 1, blockNumber: 7, timestamp: at, emission: '1', runId: RUN });
    await dataSource.getRepository(TaoPriceHistory).insert({ symbol: 'TAO', lastUpdated: at, price: '2', runId: RUN });
    await dataSource.getRepository(NavSnapshot).insert(nav({ scope: 'all', index: 1, at, complete: true }));
    await histories.up(runner);
    await values.up(runner);
    await runner.release();
    for (const shape of ROLLUPS) expect(await rollups.countDiffering(dataSource.manager, shape, RANGE)).toBe(0);
    expect((await buckets('pool_hours')).map(({ points }) => points)).toEqual([2, 1, 1, 1, 1]);
    expect(await buckets('pool_days')).toEqual(await computed('day'));
    expect(await new NavSnapshotRepository(dataSource).series('all', 'day')).toHaveLength(1);
  });

  it('of values are the last complete value of their time, in whatever order values come', async () => {
    const repository = new NavSnapshotRepository(dataSource);
    const value = fc.tuple(fc.constantFrom('all', 'a'), fc.integer({ min: 0, max: 72 }), fc.boolean());
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(value, { selector: ([scope, at]) => `${scope}${at}` }), async (values) => {
        await dataSource.query('TRUNCATE nav_snapshots, nav_hours, nav_days');
        for (const [index, [scope, at, complete]] of values.entries()) {
          await repository.record(dataSource.manager, [
            nav({ scope, index, at: new Date(FROM + at * 1_200_000), complete }),
          ]);
        }
        for (const unit of ['hour', 'day'] as const) {
          expect(await repository.series('all', unit)).toMatchObject(await chosen(unit));
        }
      }),
      { numRuns: 30 },
    );
  });

  /** By another way: every value of the time in the order of their rank, the best first. */
  const chosen = (unit: string): Promise<unknown[]> =>
    dataSource.query(
      `SELECT (array_agg(at ORDER BY complete DESC, at DESC))[1] AS at,
              (array_agg(exec_100 ORDER BY complete DESC, at DESC))[1] AS "exec100", bool_or(complete) AS complete
         FROM nav_snapshots WHERE scope = 'all' GROUP BY date_trunc('${unit}', at, 'UTC')
        ORDER BY date_trunc('${unit}', at, 'UTC')`,
    );
});

function nav(shape: { scope: string; index: number; at: Date; complete: boolean }): NavSnapshot {
  const { scope, index, at, complete } = shape;
  const value = complete ? String(index) : null;
  return Object.assign(new NavSnapshot(), {
    scope,
    runId: `018f0000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    at,
    blockNumber: 1,
    poolsBlock: null,
    complete,
    missing: complete ? [] : [{ input: 'pools', reason: 'the pools are stale' }],
    mid: value,
    exec50: value,
    exec100: value,
    free: '0',
    reserved: '0',
    root: '0',
    alphaMid: '0',
    usdPerTao: null,
    wallets: {},
    holdings: [],
  });
}
