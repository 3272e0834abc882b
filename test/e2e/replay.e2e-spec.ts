import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'lossless-json';
import { TreasuryWorld } from '../support/treasury-world';

const RECORDED = resolve(__dirname, '../../../shared/recorded/2026-01-full-snapshot');
const describeRecorded = existsSync(RECORDED) ? describe : describe.skip;
if (!existsSync(RECORDED)) console.info(`skipped: no recorded answers at ${RECORDED}`);

type Field = string | boolean | null | string[] | { ss58: string };
type Row = Record<string, Field>;

/** Fields that have no column of their own, each with where they went. */
const ELSEWHERE: Record<string, string> = { seven_day_prices: 'kept inside the raw answer' };

const TABLES: [string, string][] = [
  ['pools', 'api-dtao-pool-latest-v1.json'],
  ['subnets', 'api-subnet-latest-v1.json'],
  ['subnet_identities', 'api-subnet-identity-v1.json'],
];

/** Rows as sent, every number as its own text. */
function recordedRows(file: string): Row[] {
  const answer = parse(readFileSync(join(RECORDED, file), 'utf8'), null, (text) => text) as { data: Row[] };
  return answer.data;
}

function isTime(name: string): boolean {
  return name === 'timestamp' || name.endsWith('_timestamp');
}

/** What PostgreSQL must print for what TaoStats sent. Absent and empty text are both null. */
function expected(field: Field): string | null {
  if (field === null || field === '') return null;
  if (typeof field === 'boolean') return field ? 't' : 'f';
  if (Array.isArray(field)) return JSON.stringify(field);
  return typeof field === 'object' ? field.ss58 : field;
}

function stored(name: string, text: string | null, sent: Field): string | null {
  if (text === null) return null;
  if (Array.isArray(sent))
    return JSON.stringify(
      text
        .slice(1, -1)
        .split(',')
        .filter((part) => part !== '')
        .map((part) => part.replace(/^"|"$/g, '')),
    );
  return isTime(name) ? new Date(text).toISOString() : text;
}

function differences(sent: Row, row: Record<string, string | null>): string[] {
  const withheld = JSON.parse(row['withheld'] ?? '{}') as Record<string, string>;
  return Object.entries(sent).flatMap(([name, field]) => {
    if (name in ELSEWHERE) return [];
    if (!(name in row)) return [`${name} has no column`];
    if (row[name] === null && withheld[name] !== undefined) return [];
    const want = isTime(name) && typeof field === 'string' ? new Date(field).toISOString() : expected(field);
    const have = stored(name, row[name] ?? null, field);
    return want === have ? [] : [`${name}: sent ${want}, stored ${have}`];
  });
}

describeRecorded('the recorded network of 2026-01-11', () => {
  let world: TreasuryWorld;

  beforeAll(async () => {
    world = await TreasuryWorld.start({}, { replay: RECORDED });
    await world.firstSync();
  });

  afterAll(() => world.stop());

  it.each(TABLES)('is in %s to the last digit of every figure of all 129 rows', async (table, file) => {
    const rows = new Map((await world.rows(`SELECT * FROM ${table}`)).map((row) => [row['netuid'], row]));
    const sent = recordedRows(file);
    expect([rows.size, sent.length]).toEqual([129, 129]);
    const wrong = sent.flatMap((row) => {
      const netuid = expected(row['netuid'] ?? null) ?? '';
      return differences(row, rows.get(netuid) ?? {}).map((difference) => `netuid ${netuid} ${difference}`);
    });
    expect(wrong).toEqual([]);
  });

  it('withholds only what is no measurement: 64-bit sentinels, and the flows of root', async () => {
    const rows = await world.rows("SELECT netuid, withheld FROM subnets WHERE withheld <> '{}'::jsonb ORDER BY netuid");
    for (const row of rows) {
      const reasons = Object.values(JSON.parse(row['withheld'] ?? '{}') as Record<string, string>);
      for (const reason of reasons) expect(['root_has_no_flow', 'never', 'not_a_measurement']).toContain(reason);
    }
    const withheldFromOthers = rows.filter((row) => row['netuid'] !== '0' && row['withheld']?.includes('flow'));
    expect(withheldFromOthers).toEqual([]);
  });

  it('is served with every digit that was sent', async () => {
    const sent = recordedRows('api-dtao-pool-latest-v1.json').find((row) => row['netuid'] === '64');
    const subnet = await world.service.json<{ data: { pool: { price_tao: string } } }>('/api/v1/subnets/64');
    expect(subnet.data.pool.price_tao).toBe(sent?.['price']);
  });

  it('is as old as its newest block, so the trust pack calls it critically stale', async () => {
    const pack = await world.service.until<{
      datasets: Record<string, { is_stale: boolean; upstream_at?: string }>;
      overall_health: { status: string };
    }>('/api/v1/trust-pack', (candidate) => candidate.datasets['pools']?.is_stale === true);
    expect(pack.overall_health.status).toBe('critical');
  });
});
