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
  /**
   * Columns that tell one series from another, the first never null: rows of two registrations of a netuid share no
   * bucket.
   */
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

/** From when on all rows are kept, as an expression: rows before have been dropped and live on in their buckets. */
export function rawFromSql(history: string): string {
  return `coalesce((SELECT raw_from FROM history_retention WHERE history = '${history}'), '-infinity'::timestamptz)`;
}

/**
 * Appends the rows of the JSON `$1` that are not there yet, and adds them to their buckets. Rows from before `raw_from` are
 * added to their buckets alone. Answers their `count`.
 */
export function appendSql(
  shape: HistoryRollup,
  { columns, types }: { columns: readonly string[]; types: string },
): string {
  const { history, keys, order } = shape;
  const [time] = order;
  const names = list(columns);
  return `
    WITH sent AS (SELECT ${names} FROM json_to_recordset($1::json) AS r(${types})),
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
  const bucket = `date_trunc('${unit}', "${time}", 'UTC')`;
  const [first, ...nullable] = keys;
  // Equality for the first: it can be hashed.
  const same = (row: string): string =>
    [
      `${row}."${first}" = g."${first}"`,
      ...nullable.map((key) => `${row}."${key}" IS NOT DISTINCT FROM g."${key}"`),
    ].join(' AND ');
  const ordered = (row: string, direction = ''): string =>
    order.map((column) => `${row}."${column}"${direction}`).join(', ');
  return `
    INSERT INTO ${tableOf(shape, unit)} AS t
           (bucket_at, points, first_at, ${lead}_first, ${lead}_high, ${lead}_low, ${list(columns)})
    SELECT DISTINCT ON (${list(keys, 'g.')}, g.bucket_at)
           g.bucket_at, g.points, g.first_at, f."${lead}", g.high, g.low, ${list(columns, 'l.')}
      FROM (SELECT ${list(keys)}, ${bucket} AS bucket_at, count(*)::integer AS points, min("${time}") AS first_at,
                   max("${time}") AS last_at, max("${lead}") AS high, min("${lead}") AS low
              FROM ${source} GROUP BY ${list(keys)}, ${bucket}) AS g
      JOIN ${source} AS f ON ${same('f')} AND f."${time}" = g.first_at
      JOIN ${source} AS l ON ${same('l')} AND l."${time}" = g.last_at
     ORDER BY ${list(keys, 'g.')}, g.bucket_at, ${ordered('l', ' DESC')}, ${ordered('f')}
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
