import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { WalletRepository } from '../../src/database';
import { ENDPOINTS, TaostatsError } from '../../src/taostats';
import { type RunningSimulator, startSimulator } from '../simulator';
import { FakeUpstream } from '../support/fake-upstream';
import { asStored, recordedRows } from '../support/recorded';
import { SyncRig } from '../support/sync-rig';
import { taostatsRig } from '../support/taostats-rig';
import { connect, createTestDatabase, type TestDatabase } from '../support/test-database';
import { ALICE } from '../support/wallet-world';

const YIELDS = '/api/dtao/validator/yield/latest/v1';
const DATASETS = ['validators', 'validator_yields', 'validator_identity', 'tao_flow', 'subnet_emission'];

describe('validators and flows', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let simulator: RunningSimulator;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await connect(database);
    simulator = await startSimulator({ port: 0, speed: 0, ratePerMinute: 10_000, paid: true });
    Logger.overrideLogger(false);
  });

  beforeEach(async () => {
    simulator.clearFaults();
    simulator.clearLog();
    await dataSource.query(
      `TRUNCATE sync_runs, dataset_states, leases, quarantine, raw_answers, wallets, wallet_states, positions,
         position_history, accounts, account_history, validators, validator_yields, validator_identities, tao_flows,
         tao_flow_history, subnet_emissions, subnet_emission_history, upstream_capabilities`,
    );
  });

  afterAll(async () => {
    await simulator.close();
    await dataSource.destroy();
    await database.drop();
  });

  async function rigOn(target: RunningSimulator | FakeUpstream = simulator): Promise<SyncRig> {
    const rig =
      target instanceof FakeUpstream
        ? await SyncRig.create(dataSource, { upstream: target })
        : await SyncRig.create(dataSource, {
            client: taostatsRig(target.url, { taostatsRateLimitPerMinute: 10_000 }).client,
          });
    await rig.register(...DATASETS);
    return rig;
  }

  async function holds(...positions: { hotkey: string; netuid: number }[]): Promise<void> {
    const rig = await rigOn(new FakeUpstream());
    await rig.module.get(WalletRepository, { strict: false }).add({ address: ALICE, label: null });
    for (const { hotkey, netuid } of positions) {
      await dataSource.query(
        `INSERT INTO positions (coldkey, hotkey, netuid, block_number, upstream_at, balance, balance_as_tao, run_id)
         VALUES ($1, $2, $3, 1, now(), 5, 5, gen_random_uuid())`,
        [ALICE, hotkey, netuid],
      );
    }
  }

  /** Rows as PostgreSQL prints them, times as instants. */
  async function stored(table: string, order: string): Promise<Record<string, string | null>[]> {
    const rows = await dataSource.query<{ row: Record<string, unknown> }[]>(
      `SELECT json_object_agg(key, CASE WHEN key = 'timestamp' THEN
                to_char((value #>> '{}')::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
              ELSE value #>> '{}' END) AS row
         FROM (SELECT t.*, row_to_json(t) AS json FROM ${table} t) AS t, json_each(t.json)
        GROUP BY ${order} ORDER BY ${order}`,
    );
    return rows.map(({ row }) => row as Record<string, string | null>);
  }

  it('are stored from one walk, and an unchanged answer is confirmed', async () => {
    const rig = await rigOn();
    const run = await rig.sync('validators');
    expect(run).toMatchObject({ state: 'applied', calls: 1 });
    expect(run.rowsChanged).toBeGreaterThan(10);
    expect(await rig.sync('validators')).toMatchObject({ state: 'confirmed', rowsChanged: 0 });
    expect(await rig.sync('validator_identity')).toMatchObject({ state: 'applied' });
    const [identity] = await dataSource.query<{ github_repo: string | null }[]>('SELECT * FROM validator_identities');
    expect(identity?.github_repo).toBeNull();
  });

  it('ask for the yields of the held positions in one call, and remember that it works', async () => {
    const rig = await rigOn();
    await rig.sync('validators');
    const hotkeys = await dataSource.query<{ hotkey: string }[]>('SELECT hotkey FROM validators ORDER BY rank LIMIT 2');
    await holds(...hotkeys.flatMap(({ hotkey }) => [0, 1, 64].map((netuid) => ({ hotkey, netuid }))));
    expect(await rig.sync('validator_yields')).toMatchObject({ state: 'applied', calls: 1, rowsChanged: 6 });
    expect(await dataSource.query('SELECT name, is_available FROM upstream_capabilities')).toEqual([
      { name: 'validator-yield-post', is_available: true },
    ]);
    const root = await dataSource.query(
      'SELECT one_day_epoch_participation AS p FROM validator_yields WHERE netuid = 0',
    );
    expect(root).toEqual([{ p: null }, { p: null }]);
  });

  it('fall back to one call a subnet where upstream takes no list, and try that only once', async () => {
    simulator.addFault({ match: YIELDS, method: 'POST', fault: { kind: 'status', status: 400 } });
    const rig = await rigOn();
    await rig.sync('validators');
    const [first] = await dataSource.query<{ hotkey: string }[]>('SELECT hotkey FROM validators ORDER BY rank LIMIT 1');
    await holds({ hotkey: first?.hotkey ?? '', netuid: 0 }, { hotkey: first?.hotkey ?? '', netuid: 64 });
    const run = await rig.sync('validator_yields');
    expect(run.state).toBe('applied');
    expect(simulator.log(YIELDS).map((request) => request.method)).toEqual(['POST', 'GET', 'GET']);
    await rig.sync('validator_yields');
    expect(simulator.log(YIELDS).filter((request) => request.method === 'POST')).toHaveLength(1);
    // Selling out of a subnet is no answer cut short.
    await dataSource.query('UPDATE positions SET balance = 0, exited_at = now() WHERE netuid = 64');
    simulator.advance(3_600);
    expect(await rig.sync('validator_yields')).toMatchObject({ state: 'applied' });
    expect(
      (
        await dataSource.query<{ n: number }[]>(
          'SELECT count(*)::int AS n FROM validator_yields WHERE netuid = 64 AND missing_since IS NULL',
        )
      )[0]?.n,
    ).toBe(0);
  });

  it('have nothing to ask without a position, and that is no failure', async () => {
    const rig = await rigOn();
    expect(await rig.sync('validator_yields')).toMatchObject({ state: 'confirmed', calls: 0, rowsSeen: 0 });
  });

  it('read the same figures whether upstream writes text or numbers', async () => {
    const texts = await startSimulator({
      port: 0,
      speed: 0,
      ratePerMinute: 10_000,
      generation: 'string',
      startAt: new Date('2026-11-01T00:00:00Z'),
    });
    const numbers = await startSimulator({
      port: 0,
      speed: 0,
      ratePerMinute: 10_000,
      generation: 'number',
      startAt: new Date('2026-11-01T00:00:00Z'),
    });
    const flows: unknown[] = [];
    for (const target of [texts, numbers]) {
      await dataSource.query('TRUNCATE tao_flows, tao_flow_history, dataset_states, sync_runs');
      const rig = await rigOn(target);
      expect(await rig.sync('tao_flow')).toMatchObject({ state: 'applied', calls: 1 });
      flows.push(await dataSource.query('SELECT netuid, tao_flow, withheld FROM tao_flows ORDER BY netuid'));
    }
    expect(flows[0]).toEqual(flows[1]);
    await Promise.all([texts.close(), numbers.close()]);
  });

  it('take the newest emission of each subnet from one page of the list', async () => {
    const rig = await rigOn();
    expect(await rig.sync('subnet_emission')).toMatchObject({ state: 'applied', calls: 1, pages: 1 });
    const [{ n } = { n: 0 }] = await dataSource.query<{ n: number }[]>(
      'SELECT count(*)::int AS n FROM subnet_emissions',
    );
    expect(n).toBe(128);
    simulator.advance(600);
    expect(await rig.sync('subnet_emission')).toMatchObject({ state: 'applied', rowsMissing: 0 });
  });

  it('are not on our plan when upstream says so: shown, asked again in hours, and no failure', async () => {
    const upstream = new FakeUpstream();
    const rig = await rigOn(upstream);
    upstream.answer(ENDPOINTS.validators, new TaostatsError('plan-gated', 'The plan does not include this endpoint'));
    expect(await rig.sync('validators')).toMatchObject({ state: 'failed', reasonCode: 'taostats/plan-gated' });
    const state = await rig.states.find('validators');
    expect(state).toMatchObject({ consecutiveFailures: 0, protectedSince: null });
    expect(state?.notOnPlanSince).toBeInstanceOf(Date);
    expect(await rig.dueInSeconds('validators')).toBeGreaterThan(5 * 3_600);
    upstream.answer(ENDPOINTS.validators, { rows: recordedRows('api-dtao-validator-latest-v1') ?? [] });
    await rig.sync('validators');
    expect((await rig.states.find('validators'))?.notOnPlanSince).toBeNull();
  });

  it.each([
    ['validators', 'api-dtao-validator-latest-v1', ENDPOINTS.validators, 'validators', 'hotkey'],
    ['tao_flow', 'api-dtao-tao_flow-v1', ENDPOINTS.taoFlows, 'tao_flows', 'netuid'],
    ['subnet_emission', 'api-dtao-subnet_emission-v1', ENDPOINTS.subnetEmissions, 'subnet_emissions', 'netuid'],
    ['validator_identity', 'api-identity-latest-v1', ENDPOINTS.identities, 'validator_identities', 'address'],
  ] as const)('keep every figure of the recorded %s to the last digit', async (dataset, file, endpoint, table, key) => {
    const wire = recordedRows(file);
    if (wire === null) return;
    const upstream = new FakeUpstream();
    upstream.answer(endpoint, { rows: wire });
    const rig = await rigOn(upstream);
    expect(await rig.sync(dataset)).toMatchObject({ state: 'applied', rowsRejected: 0 });
    const rows = new Map((await stored(table, key)).map((row) => [row[key], row]));
    for (const row of wire.map(asStored)) expect(rows.get(String(row[key]))).toMatchObject(row);
  });

  it('keep every figure of the recorded yields to the last digit', async () => {
    const wire = recordedRows('api-dtao-validator-yield-latest-v1');
    if (wire === null) return;
    const pairs = wire.map((row) => ({
      hotkey: (row['hotkey'] as { ss58: string }).ss58,
      netuid: Number(row['netuid']),
    }));
    await holds(...pairs);
    const upstream = new FakeUpstream();
    upstream.answer(ENDPOINTS.positionYields, { rows: wire });
    const rig = await rigOn(upstream);
    expect(await rig.sync('validator_yields')).toMatchObject({ state: 'applied', rowsRejected: 0 });
    const rows = new Map(
      (await stored('validator_yields', 'hotkey, netuid')).map((row) => [`${row['hotkey']}/${row['netuid']}`, row]),
    );
    for (const row of wire.map(asStored)) expect(rows.get(`${row['hotkey']}/${row['netuid']}`)).toMatchObject(row);
  });
});
