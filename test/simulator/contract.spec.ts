import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openRow, type JsonObject, type Json, RawJson } from './json';
import { DEMO_WALLETS, type RunningSimulator, startSimulator } from './index';
import { rowsOf } from './replay';

const RECORDED = resolve(__dirname, '../../../shared/recorded');
const SNAPSHOT = join(RECORDED, '2026-01-full-snapshot');
const EXAMPLES = join(RECORDED, '2025-official-examples');

/** What to ask the model so that it answers with the same endpoint's rows. */
const QUERIES: Record<string, (positions: Position) => string> = {
  'api-account-history-v1': ({ coldkey }) => `address=${coldkey}&limit=5`,
  'api-block-v1': () => '',
  'api-dtao-pool-history-v1': () => '',
  'api-dtao-pool-latest-v1': () => '',
  'api-dtao-slippage-v1': () => 'netuid=19&input_tokens=1000000000&direction=tao_to_alpha',
  'api-dtao-stake_balance-history-v1': ({ coldkey, hotkey, netuid }) =>
    `coldkey=${coldkey}&hotkey=${hotkey}&netuid=${netuid}&limit=5`,
  'api-dtao-stake_balance-portfolio-v1': ({ coldkey }) => `coldkey=${coldkey}`,
  'api-price-history-v1': () => 'asset=tao&limit=1',
  'api-price-latest-v1': () => 'asset=tao',
  'api-price-ohlc-v1': () => 'asset=tao&period=1d&limit=2',
  'api-subnet-history-v1': () => 'netuid=6',
  'api-dtao-tao_flow-v1': () => 'netuid=64',
};
/** Recorded, and not simulated: nothing in the service asks for them. */
const NOT_SIMULATED = new Set([
  'api-dtao-tradingview-udf-history',
  'api-dev_activity-latest-v1',
  'api-stats-latest-v1',
]);
/** Kinds that upstream mixes in one field: a decimal may happen to be whole, and any field may be null in one row. */
const COMPATIBLE: Record<string, readonly string[]> = {
  'integer text': ['integer text', 'decimal text'],
  'decimal text': ['decimal text', 'integer text'],
};

interface Position {
  coldkey: string;
  hotkey: string;
  netuid: number;
}

function recordings(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .map((file) => file.replace('.json', ''))
    .filter((name) => !NOT_SIMULATED.has(name) && name !== 'api-status-v1');
}

if (!existsSync(RECORDED)) console.info(`skipped: no recordings at ${RECORDED}`);
const describeRecorded = existsSync(RECORDED) ? describe : describe.skip;

describeRecorded('the model, held against what the real upstream answered', () => {
  let simulator: RunningSimulator;
  let position: Position;

  beforeAll(async () => {
    simulator = await startSimulator({
      startAt: new Date('2026-01-11T04:11:12Z'),
      speed: 0,
      generation: 'string',
      paid: true,
    });
    const [coldkey = ''] = DEMO_WALLETS;
    const [held] = simulator.world.ledger.accounts.get(coldkey)?.held(simulator.world.head()) ?? [];
    position = { coldkey, hotkey: held?.hotkey.ss58 ?? '', netuid: held?.netuid ?? 0 };
  });

  afterAll(() => simulator.close());

  async function model(name: string): Promise<{ envelope: JsonObject; rows: JsonObject[] }> {
    const path = `/${name.replaceAll('-', '/')}`;
    const query = QUERIES[name]?.(position) ?? '';
    const answer = await fetch(`${simulator.url}${path}?${query}`, { headers: { authorization: 'k' } });
    const text = await answer.text();
    expect([path, answer.status]).toEqual([path, 200]);
    return { envelope: JSON.parse(text) as JsonObject, rows: rowsOf(text).map(openRow) };
  }

  const recorded = (directory: string, name: string): string => readFileSync(join(directory, `${name}.json`), 'utf8');

  it.each(recordings(EXAMPLES))('%s has every field and the envelope of the documented example', async (name) => {
    const text = recorded(EXAMPLES, name);
    const { envelope, rows } = await model(name);
    const example = JSON.parse(text) as { pagination: JsonObject };
    expect(Object.keys(envelope)).toEqual(['pagination', 'data']);
    expect(Object.keys(envelope['pagination'] as JsonObject)).toEqual(Object.keys(example.pagination));
    expect(rows.length).toBeGreaterThan(0);
    const [first = {}] = rows;
    for (const row of rowsOf(text).map(openRow)) {
      expect(Object.keys(row).filter((field) => !(field in first))).toEqual([]);
    }
  });

  it.each(recordings(SNAPSHOT))(
    '%s has the very fields of the full snapshot, each of a kind recorded for it',
    async (name) => {
      const real = rowsOf(recorded(SNAPSHOT, name)).map(openRow);
      const { rows } = await model(name);
      expect(Object.keys(rows[0] ?? {}).sort()).toEqual(Object.keys(real[0] ?? {}).sort());
      const kinds = kindsOf(real);
      const foreign = [...kindsOf(rows)].flatMap(([field, seen]) =>
        [...seen].filter((kind) => !allowed(kinds.get(field), kind)).map((kind) => `${field}: ${kind}`),
      );
      expect(foreign).toEqual([]);
    },
  );

  it.each(recordings(SNAPSHOT).filter((name) => !name.includes('yield')))(
    '%s answers all rows at once, in the recorded order of netuids or ranks',
    async (name) => {
      const real = rowsOf(recorded(SNAPSHOT, name)).map(openRow);
      const { envelope, rows } = await model(name);
      expect(envelope['pagination']).toEqual(JSON.parse(recorded(SNAPSHOT, name)).pagination);
      const field = name.includes('pool') ? 'rank' : 'netuid';
      expect(rows.map((row) => row[field])).toEqual(real.map((row) => row[field]));
    },
  );

  it('serves root with the sentinels that were recorded for it', async () => {
    const [real, ours] = [
      rowsOf(recorded(SNAPSHOT, 'api-subnet-latest-v1')).map(openRow)[0],
      (await model('api-subnet-latest-v1')).rows[0],
    ];
    const same = [
      'owner',
      'registration_block_number',
      'registration_timestamp',
      'tao_flow',
      'net_flow_1_day',
      'emission',
    ];
    for (const field of [...same, 'weights_rate_limit', 'blocks_until_next_epoch', 'projected_emission']) {
      expect([field, ours?.[field]]).toEqual([field, real?.[field]]);
    }
  });
});

function allowed(recordedKinds: Set<string> | undefined, kind: string): boolean {
  if (recordedKinds === undefined) return false;
  return [kind, ...(COMPATIBLE[kind] ?? [])].some((accepted) => recordedKinds.has(accepted));
}

function kindsOf(rows: JsonObject[]): Map<string, Set<string>> {
  const kinds = new Map<string, Set<string>>();
  const note = (field: string, value: Json): void => {
    kinds.set(field, (kinds.get(field) ?? new Set()).add(kindOf(value)));
    if (Array.isArray(value)) value.forEach((entry) => note(`${field}[]`, entry));
    else if (value !== null && typeof value === 'object' && !(value instanceof RawJson)) {
      for (const [name, entry] of Object.entries(value)) note(`${field}.${name}`, entry);
    }
  };
  for (const row of rows) for (const [field, value] of Object.entries(row)) note(field, value);
  return kinds;
}

function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (value instanceof RawJson) return /^-?\d+$/.test(value.text) ? 'integer' : 'float';
  if (Array.isArray(value)) return 'array';
  if (typeof value !== 'string') return typeof value;
  if (/^-?\d+$/.test(value)) return 'integer text';
  if (/^-?\d+\.\d+$/.test(value)) return 'decimal text';
  return /^\d{4}-\d\d-\d\dT/.test(value) ? 'timestamp' : 'text';
}
