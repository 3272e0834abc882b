import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type RollupUnit, rollupOf, tableOf } from './history-rollup';
import type { PoolHistory } from './pool-history.entity';
import { exact, flag, instant, orNull, readTextRows, type TextRow, whole } from './text-row';

/** Part of the series of one pool. */
export interface PoolWindow {
  netuid: number;
  /** Only blocks from here on: where the current generation of the netuid began. */
  fromBlock?: number | undefined;
  /** Half-open: `from` is in, `to` is not. A bucket that begins before `from` and ends after it is in. */
  from?: Date | undefined;
  to?: Date | undefined;
}

export type PoolStretch = PoolWindow & { from: Date; to: Date };

/** What is shown of a pool at a moment. */
export type PoolFigures = Pick<
  PoolHistory,
  | 'timestamp'
  | 'blockNumber'
  | 'registrationBlockNumber'
  | 'price'
  | 'totalTao'
  | 'alphaInPool'
  | 'alphaStaked'
  | 'marketCap'
  | 'liquidity'
  | 'taoVolume24Hr'
  | 'startupMode'
>;

/** What was observed of a pool in an hour, a day, or several of them: the last row, and the run of the price. */
export interface PoolBucket extends PoolFigures {
  bucketAt: Date;
  /** 0 for rows that name no registration. */
  generation: number;
  /** Rows that it is made of. */
  points: number;
  priceFirst: string;
  priceHigh: string;
  priceLow: string;
}

export interface SeriesPage {
  ascending: boolean;
  limit: number;
}

export interface BucketPage extends SeriesPage {
  unit: RollupUnit;
  /** The last bucket of the page before. */
  after?: { at: Date; generation: number } | undefined;
}

export interface RowPage extends SeriesPage {
  /** The last row of the page before. */
  after?: { at: Date; blockNumber: number } | undefined;
}

/** What can be known of a series. */
export interface PoolExtent {
  /** Begin of the first day that anything is known of; null when nothing is. */
  firstDay: Date | null;
  /** Time of the newest row; null as well. Upstream's clock may be ahead of ours. */
  newest: Date | null;
  /** From when on every row is kept; null where none has been dropped. */
  rowsFrom: Date | null;
}

const POOLS = rollupOf('pool_history');

const FIGURES: TextRow<PoolFigures> = {
  timestamp: instant('l.timestamp'),
  blockNumber: whole('l.block_number'),
  registrationBlockNumber: orNull(whole('l.registration_block_number')),
  price: exact('l.price'),
  totalTao: exact('l.total_tao'),
  alphaInPool: exact('l.alpha_in_pool'),
  alphaStaked: exact('l.alpha_staked'),
  marketCap: orNull(exact('l.market_cap')),
  liquidity: orNull(exact('l.liquidity')),
  taoVolume24Hr: orNull(exact('l.tao_volume_24_hr')),
  startupMode: orNull(flag('l.startup_mode')),
};
const BUCKET: TextRow<PoolBucket> = {
  ...FIGURES,
  bucketAt: instant('l.bucket_at'),
  generation: whole('l.generation'),
  points: whole('l.points'),
  priceFirst: exact('l.price_first'),
  priceHigh: exact('l.price_high'),
  priceLow: exact('l.price_low'),
};
/** Of several hours or days together. */
const STEP: TextRow<PoolBucket> = {
  ...BUCKET,
  bucketAt: instant('l.step_at'),
  points: whole('l.sum'),
  priceFirst: exact('l.first'),
  priceHigh: exact('l.high'),
  priceLow: exact('l.low'),
};

const NEAR_MS = 62 * 86_400_000;

/** Steps are counted from here, so that the same step is the same stretch of time in every answer. */
const ORIGIN = "'1970-01-01 00:00:00+00'::timestamptz";

/** Reads the series of a pool, row by row, by the hour and by the day: a long range costs what is shown of it. */
@Injectable()
export class PoolSeriesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Rows in the order of time, at most `limit`; of the months next to where they begin, when those have so many. */
  async rows(window: PoolStretch, page: RowPage): Promise<PoolFigures[]> {
    const near = nearPart(window, page);
    const found = await this.rowsIn(near, page);
    const isAll = found.length >= page.limit || (near.from <= window.from && near.to >= window.to);
    return isAll ? found : this.rowsIn(window, page);
  }

  private rowsIn(window: PoolStretch, { ascending, limit, after }: RowPage): Promise<PoolFigures[]> {
    const asked = conditionsOf(window, 'timestamp');
    if (after !== undefined) goOn(asked, ['timestamp', 'block_number'], [after.at, after.blockNumber], ascending);
    const from = `FROM ${POOLS.history} AS l WHERE ${asked.conditions.join(' AND ')}
      ORDER BY ${inOrder(['timestamp', 'block_number'], ascending)} LIMIT ${limit}`;
    return readTextRows(this.dataSource, FIGURES, { from, values: asked.values });
  }

  /** Hours or days in the order of time, at most `limit`. */
  buckets(window: PoolWindow, { unit, ascending, limit, after }: BucketPage): Promise<PoolBucket[]> {
    const asked = conditionsOf(window, 'bucket_at', unit);
    if (after !== undefined) goOn(asked, ['bucket_at', 'generation'], [after.at, after.generation], ascending);
    const from = `FROM ${tableOf(POOLS, unit)} AS l WHERE ${asked.conditions.join(' AND ')}
      ORDER BY ${inOrder(['bucket_at', 'generation'], ascending)} LIMIT ${limit}`;
    return readTextRows(this.dataSource, BUCKET, { from, values: asked.values });
  }

  /** The whole window in steps of several hours or days, oldest first; a step without a row is not there. */
  steps(window: PoolWindow, { unit, size }: { unit: RollupUnit; size: number }): Promise<PoolBucket[]> {
    const { conditions, values } = conditionsOf(window, 'bucket_at', unit);
    const step = `date_bin(make_interval(${unit}s => $${values.length + 1}), l.bucket_at, ${ORIGIN})`;
    // Over one sort, like the buckets themselves.
    const from = `
         FROM (SELECT l.*, (sum(l.points) OVER step)::integer AS sum, max(l.price_high) OVER step AS high,
                      min(l.price_low) OVER step AS low, first_value(l.price_first) OVER run AS first,
                      lead(true) OVER run IS NULL AS is_last
                 FROM (SELECT l.*, ${step} AS step_at FROM ${tableOf(POOLS, unit)} AS l
                        WHERE ${conditions.join(' AND ')}) AS l
               WINDOW step AS (PARTITION BY l.step_at, l.generation),
                      run AS (PARTITION BY l.step_at, l.generation ORDER BY l.bucket_at)) AS l
        WHERE l.is_last ORDER BY l.step_at, l.generation`;
    return readTextRows(this.dataSource, STEP, { from, values: [...values, size] });
  }

  async extent({ netuid, fromBlock = 0 }: PoolWindow): Promise<PoolExtent> {
    const [row] = await this.dataSource.query<PoolExtent[]>(
      `SELECT (SELECT bucket_at FROM pool_days WHERE netuid = $1 AND block_number >= $2
                ORDER BY bucket_at LIMIT 1) AS "firstDay",
              (SELECT timestamp FROM pool_days WHERE netuid = $1 AND block_number >= $2
                ORDER BY bucket_at DESC LIMIT 1) AS newest,
              (SELECT raw_from FROM history_retention WHERE history = $3) AS "rowsFrom"`,
      [netuid, fromBlock, POOLS.history],
    );
    return row ?? { firstDay: null, newest: null, rowsFrom: null };
  }
}

/** A page is read from few months as a rule, and the planner looks at every one that the window has. */
function nearPart({ from, to, ...window }: PoolStretch, { ascending, after }: RowPage): PoolStretch {
  const begin = after?.at ?? (ascending ? from : to);
  return ascending
    ? { ...window, from, to: new Date(Math.min(to.getTime(), begin.getTime() + NEAR_MS)) }
    : { ...window, from: new Date(Math.max(from.getTime(), begin.getTime() - NEAR_MS)), to };
}

interface Asked {
  conditions: string[];
  values: unknown[];
}

/** Of the table `l` whose column `at` is the time of its rows; that of a bucket is its beginning. */
function conditionsOf({ netuid, fromBlock, from, to }: PoolWindow, at: string, unit?: RollupUnit): Asked {
  const asked: Asked = { conditions: [], values: [] };
  const and = (condition: (place: string) => string, value: unknown): void => {
    asked.values.push(value);
    asked.conditions.push(condition(`$${asked.values.length}`));
  };
  and((place) => `l.netuid = ${place}`, netuid);
  if (fromBlock !== undefined) and((place) => `l.block_number >= ${place}`, fromBlock);
  const begin = (place: string): string =>
    unit === undefined ? place : `date_trunc('${unit}', ${place}::timestamptz, 'UTC')`;
  if (from !== undefined) and((place) => `l.${at} >= ${begin(place)}`, from);
  if (to !== undefined) and((place) => `l.${at} < ${place}`, to);
  return asked;
}

function goOn(
  { conditions, values }: Asked,
  [at, second]: [string, string],
  place: [Date, number],
  ascending: boolean,
): void {
  values.push(...place);
  const [time, rest] = [`$${values.length - 1}::timestamptz`, `$${values.length}::bigint`];
  // The time alone as well: the planner leaves partitions out by it.
  conditions.push(`l.${at} ${ascending ? '>=' : '<='} ${time}`);
  conditions.push(`(l.${at}, l.${second}) ${ascending ? '>' : '<'} (${time}, ${rest})`);
}

function inOrder(columns: readonly string[], ascending: boolean): string {
  return columns.map((column) => `l.${column} ${ascending ? 'ASC' : 'DESC'}`).join(', ');
}
