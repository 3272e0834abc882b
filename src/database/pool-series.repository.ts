import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type RollupUnit, rollupOf, tableOf } from './history-rollup';
import type { PoolHistory } from './pool-history.entity';

/** Part of the series of one pool. */
export interface PoolWindow {
  netuid: number;
  /** Only blocks from here on: where the current generation of the netuid began. */
  fromBlock?: number | undefined;
  /** Half-open: `from` is in, `to` is not. A bucket that begins before `from` and ends after it is in. */
  from?: Date | undefined;
  to?: Date | undefined;
}

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

export interface BucketPage {
  unit: RollupUnit;
  ascending: boolean;
  limit: number;
  /** The last bucket of the page before. */
  after?: { at: Date; generation: number } | undefined;
}

const POOLS = rollupOf('pool_history');

const LAST = `l.timestamp, l.block_number::float8 AS "blockNumber", l.generation::float8 AS generation,
  l.registration_block_number::float8 AS "registrationBlockNumber", l.price, l.total_tao AS "totalTao",
  l.alpha_in_pool AS "alphaInPool", l.alpha_staked AS "alphaStaked", l.market_cap AS "marketCap", l.liquidity,
  l.tao_volume_24_hr AS "taoVolume24Hr", l.startup_mode AS "startupMode"`;

/** Steps are counted from here, so that the same step is the same stretch of time in every answer. */
const ORIGIN = "'1970-01-01 00:00:00+00'::timestamptz";

/** Reads the series of a pool by the hour and by the day: a long range costs no more than the points that are shown. */
@Injectable()
export class PoolSeriesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Hours or days in the order of time, at most `limit`. */
  buckets(window: PoolWindow, { unit, ascending, limit, after }: BucketPage): Promise<PoolBucket[]> {
    const { conditions, values } = conditionsOf(window, unit);
    if (after !== undefined) {
      values.push(after.at, after.generation);
      // The time alone as well: the planner leaves partitions out by it.
      conditions.push(`l.bucket_at ${ascending ? '>=' : '<='} $${values.length - 1}`);
      conditions.push(
        `(l.bucket_at, l.generation) ${ascending ? '>' : '<'} ($${values.length - 1}, $${values.length})`,
      );
    }
    const direction = ascending ? 'ASC' : 'DESC';
    return this.dataSource.query(
      `SELECT l.bucket_at AS "bucketAt", l.points, l.price_first AS "priceFirst", l.price_high AS "priceHigh",
              l.price_low AS "priceLow", ${LAST}
         FROM ${tableOf(POOLS, unit)} AS l WHERE ${conditions.join(' AND ')}
        ORDER BY l.bucket_at ${direction}, l.generation ${direction} LIMIT ${limit}`,
      values,
    );
  }

  /** The whole window in steps of several hours or days, oldest first; a step without a row is not there. */
  steps(window: PoolWindow, { unit, size }: { unit: RollupUnit; size: number }): Promise<PoolBucket[]> {
    const { conditions, values } = conditionsOf(window, unit);
    const table = tableOf(POOLS, unit);
    return this.dataSource.query(
      `WITH steps AS (
         SELECT l.generation, date_bin(make_interval(${unit}s => $${values.length + 1}), l.bucket_at, ${ORIGIN}) AS step_at,
                min(l.bucket_at) AS first_at, max(l.bucket_at) AS last_at, sum(l.points)::integer AS points,
                max(l.price_high) AS high, min(l.price_low) AS low
           FROM ${table} AS l WHERE ${conditions.join(' AND ')} GROUP BY 1, 2)
       SELECT s.step_at AS "bucketAt", s.points, f.price_first AS "priceFirst", s.high AS "priceHigh",
              s.low AS "priceLow", ${LAST}
         FROM steps AS s
         JOIN ${table} AS l ON l.netuid = $1 AND l.bucket_at = s.last_at AND l.generation = s.generation
         JOIN ${table} AS f ON f.netuid = $1 AND f.bucket_at = s.first_at AND f.generation = s.generation
        ORDER BY s.step_at, s.generation`,
      [...values, size],
    );
  }

  /** Rows of the window, counted no further than one above `most`. */
  async countRows(
    { netuid, fromBlock = 0, from, to }: PoolWindow & { from: Date; to: Date },
    most: number,
  ): Promise<number> {
    const [row] = await this.dataSource.query<{ count: number }[]>(
      `SELECT count(*)::integer AS count FROM (
         SELECT FROM pool_history WHERE netuid = $1 AND timestamp >= $2 AND timestamp < $3 AND block_number >= $4
          LIMIT $5) AS rows`,
      [netuid, from, to, fromBlock, most + 1],
    );
    return row?.count ?? 0;
  }

  /** Begin of the first day that anything is known of; null when nothing is. */
  async firstDay({ netuid, fromBlock = 0 }: PoolWindow): Promise<Date | null> {
    const [row] = await this.dataSource.query<{ day: Date }[]>(
      `SELECT bucket_at AS day FROM pool_days WHERE netuid = $1 AND block_number >= $2 ORDER BY bucket_at LIMIT 1`,
      [netuid, fromBlock],
    );
    return row?.day ?? null;
  }

  /** From when on every row is kept; null where none has been dropped. */
  async rowsFrom(): Promise<Date | null> {
    const [row] = await this.dataSource.query<{ rawFrom: Date }[]>(
      `SELECT raw_from AS "rawFrom" FROM history_retention WHERE history = $1`,
      [POOLS.history],
    );
    return row?.rawFrom ?? null;
  }
}

function conditionsOf(
  { netuid, fromBlock, from, to }: PoolWindow,
  unit: RollupUnit,
): { conditions: string[]; values: unknown[] } {
  const conditions = ['l.netuid = $1'];
  const values: unknown[] = [netuid];
  const and = (condition: (place: string) => string, value: unknown): void => {
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  if (fromBlock !== undefined) and((place) => `l.block_number >= ${place}`, fromBlock);
  if (from !== undefined) and((place) => `l.bucket_at >= date_trunc('${unit}', ${place}::timestamptz, 'UTC')`, from);
  if (to !== undefined) and((place) => `l.bucket_at < ${place}`, to);
  return { conditions, values };
}
