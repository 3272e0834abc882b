import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Hours and days of every history: what a long range is read from, and what stays when its rows are dropped. They begin
 * with the rows that are stored.
 */
export class CreateHistoryRollups1790000000900 implements MigrationInterface {
  readonly name = 'CreateHistoryRollups1790000000900';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(RETENTION);
    for (const shape of SHAPES) {
      for (const unit of ['hour', 'day'] as const) {
        await runner.query(tableSql(shape, unit));
        if (unit === 'hour') await runner.query(monthsSql(shape));
        await runner.query(fillSql(shape, unit));
      }
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE history_retention, ${SHAPES.flatMap(({ noun }) => [`${noun}_hours`, `${noun}_days`]).join(', ')}`,
    );
  }
}

interface Shape {
  noun: string;
  key: string;
  /** Rows belong to a registration of the netuid. */
  generations: boolean;
  time: string;
  order: string;
  lead: string;
  columns: string;
}

const SHAPES: readonly Shape[] = [
  {
    noun: 'pool',
    key: 'netuid',
    generations: true,
    time: 'timestamp',
    order: 'timestamp DESC, block_number DESC',
    lead: 'price',
    columns: `netuid, block_number, registration_block_number, timestamp, price, market_cap, liquidity, total_tao,
      total_alpha, alpha_in_pool, alpha_staked, root_prop, rank, startup_mode, fee_rate, tao_volume_24_hr,
      tao_buy_volume_24_hr, tao_sell_volume_24_hr, alpha_volume_24_hr, last_price, buys_24_hr, sells_24_hr, run_id`,
  },
  {
    noun: 'subnet',
    key: 'netuid',
    generations: true,
    time: 'timestamp',
    order: 'timestamp DESC, block_number DESC',
    lead: 'emission',
    columns: `netuid, block_number, registration_block_number, timestamp, emission, projected_emission, excess_tao,
      ema_tao_flow, tao_flow, net_flow_1_day, net_flow_7_days, net_flow_30_days, neuron_registration_cost,
      recycled_24_hours, recycled_lifetime, max_neurons, active_keys, validators, active_validators, active_miners,
      active_dual, fee_rate, incentive_burn, registration_allowed, subtoken_enabled, run_id`,
  },
  {
    noun: 'tao_price',
    key: 'symbol',
    generations: false,
    time: 'last_updated',
    order: 'last_updated DESC',
    lead: 'price',
    columns: `symbol, last_updated, price, volume_24h, market_cap, fully_diluted_market_cap, circulating_supply,
      market_cap_dominance, run_id`,
  },
  {
    noun: 'tao_flow',
    key: 'netuid',
    generations: false,
    time: 'observed_at',
    order: 'observed_at DESC',
    lead: 'tao_flow',
    columns: 'netuid, observed_at, tao_flow, run_id',
  },
  {
    noun: 'subnet_emission',
    key: 'netuid',
    generations: false,
    time: 'timestamp',
    order: 'timestamp DESC, block_number DESC',
    lead: 'alpha_rewards',
    columns: 'netuid, timestamp, block_number, tao_in_pool, alpha_in_pool, alpha_rewards, run_id',
  },
];

/** Rows before `raw_from`, the first of a month, have been dropped. No row: none have been. */
const RETENTION = `CREATE TABLE history_retention (
  history text NOT NULL,
  raw_from timestamptz NOT NULL,
  CONSTRAINT history_retention_pkey PRIMARY KEY (history)
)`;

/** A bucket is rewritten until it is over: free space on the page keeps that from growing the indexes. */
function tableSql({ noun, key, generations, lead }: Shape, unit: 'hour' | 'day'): string {
  const table = `${noun}_${unit}s`;
  const generation = generations
    ? 'generation bigint GENERATED ALWAYS AS (coalesce(registration_block_number, 0)) STORED,'
    : '';
  return `CREATE TABLE ${table} (
      bucket_at timestamptz NOT NULL,
      points integer NOT NULL,
      first_at timestamptz NOT NULL,
      ${lead}_first numeric,
      ${lead}_high numeric,
      ${lead}_low numeric,
      ${generation}
      LIKE ${noun}_history,
      CONSTRAINT ${table}_pkey PRIMARY KEY (${key}, bucket_at${generations ? ', generation' : ''}),
      CONSTRAINT ${table}_points_check CHECK (points > 0),
      CONSTRAINT ${table}_bucket_at_check CHECK (bucket_at = date_trunc('${unit}', bucket_at, 'UTC'))
    ) ${unit === 'hour' ? 'PARTITION BY RANGE (bucket_at)' : 'WITH (fillfactor = 70)'}`;
}

function monthsSql({ noun, time }: Shape): string {
  return `SELECT ensure_month_partition('${noun}_hours', month) FROM (
    SELECT DISTINCT date_trunc('month', ${time}, 'UTC')::date AS month FROM ${noun}_history) AS months ORDER BY month`;
}

/** In the order of the series, so that one is read from few pages. */
function fillSql({ noun, key, generations, time, order, lead, columns }: Shape, unit: 'hour' | 'day'): string {
  const series = generations ? `${key}, registration_block_number` : key;
  const bucket = `date_trunc('${unit}', ${time}, 'UTC')`;
  const ascending = order.replaceAll(' DESC', '');
  return `INSERT INTO ${noun}_${unit}s
           (bucket_at, points, first_at, ${lead}_first, ${lead}_high, ${lead}_low, ${columns})
    SELECT DISTINCT ON (${series}, ${bucket})
           ${bucket}, count(*) OVER bucket, min(${time}) OVER bucket,
           first_value(${lead}) OVER (bucket ORDER BY ${ascending}), max(${lead}) OVER bucket, min(${lead}) OVER bucket,
           ${columns}
      FROM ${noun}_history
    WINDOW bucket AS (PARTITION BY ${series}, ${bucket})
     ORDER BY ${series}, ${bucket}, ${order}`;
}
