import type { EntityManager, EntityMetadata } from 'typeorm';
import { PoolHistory } from './pool-history.entity';
import { SubnetEmissionHistory } from './subnet-emission-history.entity';
import { SubnetHistory } from './subnet-history.entity';
import { TaoFlowHistory } from './tao-flow-history.entity';
import { TaoPriceHistory } from './tao-price-history.entity';

/** A history by month, and what its buckets are made of. Adding one is adding an entry, and its tables in a migration. */
export interface HistoryRollup {
  entity: new () => object;
  /** The table of the history; its rollups are `hours` and `days`. */
  history: string;
  hours: string;
  days: string;
  /** Columns that tell one series from another, the first never null: rows of two registrations of a netuid share no bucket. */
  keys: readonly [string, ...string[]];
  /** The same, as the primary key of the rollups has them. */
  bucketKeys: readonly string[];
  /** Columns that order the rows of a series, the time first. */
  order: readonly [string, ...string[]];
  /** The figure of which a bucket keeps the first, highest and lowest value beside the last. */
  lead: string;
}

export const UNITS = ['hour', 'day'] as const;
export type RollupUnit = (typeof UNITS)[number];

const OF_SUBNET = { keys: ['netuid'], bucketKeys: ['netuid'] } as const;
const OF_GENERATION = {
  keys: ['netuid', 'registration_block_number'],
  bucketKeys: ['netuid', 'generation'],
} as const;
const BY_BLOCK = ['timestamp', 'block_number'] as const;

export const ROLLUPS: readonly HistoryRollup[] = [
  rollup(PoolHistory, 'pool', { ...OF_GENERATION, order: BY_BLOCK, lead: 'price' }),
  rollup(SubnetHistory, 'subnet', { ...OF_GENERATION, order: BY_BLOCK, lead: 'emission' }),
  rollup(TaoPriceHistory, 'tao_price', {
    keys: ['symbol'],
    bucketKeys: ['symbol'],
    order: ['last_updated'],
    lead: 'price',
  }),
  rollup(TaoFlowHistory, 'tao_flow', { ...OF_SUBNET, order: ['observed_at'], lead: 'tao_flow' }),
  rollup(SubnetEmissionHistory, 'subnet_emission', { ...OF_SUBNET, order: BY_BLOCK, lead: 'alpha_rewards' }),
];

function rollup(
  entity: new () => object,
  noun: string,
  shape: Pick<HistoryRollup, 'keys' | 'bucketKeys' | 'order' | 'lead'>,
): HistoryRollup {
  return { entity, history: `${noun}_history`, hours: `${noun}_hours`, days: `${noun}_days`, ...shape };
}

/** Throws for a table that has no rollup: such a history could never be thinned. */
export function rollupOf(history: string): HistoryRollup {
  const found = ROLLUPS.find((entry) => entry.history === history);
  if (found === undefined) throw new Error(`${history} has no rollup`);
  return found;
}

/** The table of that unit. */
export function tableOf({ hours, days }: HistoryRollup, unit: RollupUnit): string {
  return unit === 'hour' ? hours : days;
}

/** Names of the history's columns. */
export function columnsOf(manager: EntityManager, { entity }: HistoryRollup): string[] {
  return metadataOf(manager, entity).columns.map((column) => column.databaseName);
}

function metadataOf(manager: EntityManager, entity: new () => object): EntityMetadata {
  return manager.connection.getMetadata(entity);
}

/**
 * What tells the buckets of rows apart, by the names that the rollups have for it: a row without a registration and one
 * with registration 0 are of one bucket.
 */
export function seriesOf({ keys, bucketKeys }: HistoryRollup): { name: string; sql: string }[] {
  return bucketKeys.map((name, index) => {
    const key = `"${keys[index] ?? name}"`;
    return { name, sql: index === 0 ? key : `coalesce(${key}, 0)` };
  });
}

/** From when on all rows are kept, as an expression: rows before have been dropped and live on in their buckets. */
export function rawFromSql(history: string): string {
  return `coalesce((SELECT raw_from FROM history_retention WHERE history = '${history}'), '-infinity'::timestamptz)`;
}

/**
 * Appends the rows of `source` that are not there yet, and adds them to their buckets. Rows from before `raw_from` are added
 * to their buckets alone. Answers their `count`.
 */
export function appendSql(
  shape: HistoryRollup,
  { columns, source }: { columns: readonly string[]; source: string },
): string {
  const { history, keys, order } = shape;
  const [time] = order;
  const names = list(columns);
  return `
    WITH sent AS (SELECT ${names} FROM ${source}),
    added AS (
      INSERT INTO ${history} (${names})
      SELECT ${names} FROM sent WHERE "${time}" >= ${rawFromSql(history)} ORDER BY ${list([...keys, ...order])}
      ON CONFLICT DO NOTHING RETURNING ${names}),
    fresh AS (SELECT ${names} FROM added UNION ALL SELECT ${names} FROM sent WHERE "${time}" < ${rawFromSql(history)}),
    hours AS (${foldSql(shape, { unit: 'hour', columns, source: 'fresh' })}),
    days AS (${foldSql(shape, { unit: 'day', columns, source: 'fresh' })})
    SELECT count(*)::integer AS count FROM fresh`;
}

/**
 * A statement that adds the rows of `source` to their buckets: the last row of the bucket with all its figures, and of
 * the lead its first, highest and lowest value. Rows that were added once must not come again, but for those of a bucket
 * whose rows have been dropped: they count no more, and the rest is the same however often they come.
 */
export function foldSql(
  shape: HistoryRollup,
  { unit, columns, source }: { unit: RollupUnit; columns: readonly string[]; source: string },
): string {
  const { keys, bucketKeys, order, lead, history } = shape;
  const [time] = order;
  const series = seriesOf(shape)
    .map(({ sql }) => sql)
    .join(', ');
  const ordered = (row: string): string => order.map((column) => `${row}."${column}"`).join(', ');
  // Windows over one sort: joins of the rows with themselves go wrong where the planner knows nothing of a new month.
  return `
    INSERT INTO ${tableOf(shape, unit)} AS t
           (bucket_at, points, first_at, ${lead}_first, ${lead}_high, ${lead}_low, ${list(columns)})
    SELECT bucket_at, points, first_at, lead_first, high, low, ${list(columns)}
      FROM (SELECT ${list(columns)}, bucket_at, count(*) OVER bucket AS points, max("${lead}") OVER bucket AS high,
                   min("${lead}") OVER bucket AS low, first_value("${time}") OVER run AS first_at,
                   first_value("${lead}") OVER run AS lead_first, lead(true) OVER run IS NULL AS is_last
              FROM (SELECT ${list(columns)}, date_trunc('${unit}', "${time}", 'UTC') AS bucket_at FROM ${source}) AS dated
            WINDOW bucket AS (PARTITION BY ${series}, bucket_at),
                   run AS (PARTITION BY ${series}, bucket_at ORDER BY ${list(order)})) AS grouped
     WHERE is_last ORDER BY ${series}, bucket_at
    ON CONFLICT (${list(bucketKeys)}, bucket_at) DO UPDATE SET
      points = t.points + CASE WHEN t.bucket_at < ${rawFromSql(history)} THEN 0 ELSE excluded.points END,
      first_at = least(t.first_at, excluded.first_at),
      ${lead}_first = CASE WHEN excluded.first_at < t.first_at THEN excluded.${lead}_first ELSE t.${lead}_first END,
      ${lead}_high = greatest(t.${lead}_high, excluded.${lead}_high),
      ${lead}_low = least(t.${lead}_low, excluded.${lead}_low),
      ${columns
        .filter((column) => !keys.includes(column))
        .map((column) => newest(column, `(${ordered('excluded')}) >= (${ordered('t')})`))
        .join(',\n      ')}`;
}

function newest(column: string, isNewer: string): string {
  return `"${column}" = CASE WHEN ${isNewer} THEN excluded."${column}" ELSE t."${column}" END`;
}

function list(columns: readonly string[], prefix = ''): string {
  return columns.map((column) => `${prefix}"${column}"`).join(', ');
}
