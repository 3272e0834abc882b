import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { EventRepository, WalletRepository } from '../../src/database';
import { type DelegationPayload, ENDPOINTS, type FetchRequest, TaostatsError } from '../../src/taostats';
import { DEMO_WALLETS, type RunningSimulator, startSimulator } from '../simulator';
import { type Answer, FakeUpstream } from '../support/fake-upstream';
import { asStored, recordedRows } from '../support/recorded';
import { SyncRig } from '../support/sync-rig';
import { taostatsRig } from '../support/taostats-rig';
import { connect, createTestDatabase, type TestDatabase } from '../support/test-database';
import { ALICE, BOB, HOTKEYS } from '../support/wallet-world';

const DELEGATIONS = '/api/delegation/v1';
const [WALLET = ''] = DEMO_WALLETS;

interface Gap {
  reason_code: string;
  gap_from: Date;
  gap_to: Date;
  closed_at: Date | null;
  attempts: number;
}

interface Cursor {
  complete_to: Date;
  state: string;
  failures: number;
}

function delegation(wallet: string, at: string, figures: Partial<DelegationPayload> = {}): Partial<DelegationPayload> {
  const key = (ss58: string) => ({ ss58, hex: `0x${'0'.repeat(64)}` });
  return {
    id: `finney-64-${wallet}-${at}`,
    block_number: 7_000_000,
    timestamp: at,
    action: 'DELEGATE',
    nominator: key(wallet),
    delegate: key(HOTKEYS[0]),
    netuid: 64,
    amount: '1000000000',
    alpha: '11712371293',
    fee: '503500',
    ...figures,
  };
}

describe('the events of wallets', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let simulator: RunningSimulator;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await connect(database);
    simulator = await startSimulator({ port: 0, speed: 0, ratePerMinute: 10_000 });
    Logger.overrideLogger(false);
  });

  beforeEach(async () => {
    simulator.clearFaults();
    simulator.clearLog();
    await dataSource.query(
      `TRUNCATE sync_runs, dataset_states, leases, quarantine, raw_answers, wallets, wallet_states, positions,
         position_history, accounts, account_history, delegation_events, transfers, event_cursors, event_gaps`,
    );
  });

  afterAll(async () => {
    await simulator.close();
    await dataSource.destroy();
    await database.drop();
  });

  async function follow(rig: SyncRig, ...addresses: string[]): Promise<void> {
    await rig.register('delegation_events', 'transfers');
    for (const address of addresses) {
      await rig.module.get(WalletRepository, { strict: false }).add({ address, label: null });
    }
  }

  async function onSimulator(...wallets: string[]): Promise<SyncRig> {
    const { client } = taostatsRig(simulator.url, { taostatsRateLimitPerMinute: 10_000 });
    const rig = await SyncRig.create(dataSource, { client });
    await follow(rig, ...wallets);
    return rig;
  }

  async function onFake(answer: (request: FetchRequest) => Answer | Error, ...wallets: string[]): Promise<SyncRig> {
    const upstream = new FakeUpstream();
    upstream.answer(ENDPOINTS.delegations, answer);
    const rig = await SyncRig.create(dataSource, { upstream });
    await follow(rig, ...wallets);
    return rig;
  }

  const count = async (table: string): Promise<number> =>
    (await dataSource.query<{ n: number }[]>(`SELECT count(*)::int AS n FROM ${table}`))[0]?.n ?? NaN;
  const cursorOf = async (wallet: string): Promise<Cursor | undefined> =>
    (await dataSource.query<Cursor[]>('SELECT * FROM event_cursors WHERE wallet = $1', [wallet]))[0];
  const gaps = (): Promise<Gap[]> => dataSource.query<Gap[]>('SELECT * FROM event_gaps ORDER BY gap_from');
  const delegationsOf = (wallet: string): number =>
    simulator.world.ledger.stakeEvents.filter(({ nominator }) => nominator.ss58 === wallet).length;

  it('are all there after one run, and a second one costs one call and changes nothing', async () => {
    const rig = await onSimulator(WALLET);
    const run = await rig.sync('delegation_events');
    expect(run).toMatchObject({ state: 'applied', rowsChanged: delegationsOf(WALLET) });
    expect(run.calls).toBe(Math.ceil(delegationsOf(WALLET) / 200));
    expect(await rig.sync('delegation_events')).toMatchObject({ state: 'confirmed', calls: 1, rowsChanged: 0 });
    expect(await rig.sync('transfers')).toMatchObject({ state: 'applied' });
    const either = simulator.world.ledger.transfers.filter(({ from, to }) => [from.ss58, to.ss58].includes(WALLET));
    expect(await count('transfers')).toBe(either.length);
  });

  it('are read to where upstream had come, with the share that was read', async () => {
    const rig = await onSimulator(WALLET);
    await rig.sync('delegation_events');
    expect(await cursorOf(WALLET)).toMatchObject({ state: 'current', failures: 0 });
    const coverage = await rig.module.get(EventRepository, { strict: false }).coverage(dataSource.manager, [WALLET]);
    expect(coverage).toMatchObject([{ dataset: 'delegation_events', openGaps: 0, state: 'current' }]);
    expect(coverage[0]?.completeness).toBeGreaterThan(0.999);
  });

  it('have nothing to ask without a wallet, and that is no failure', async () => {
    const rig = await onSimulator();
    expect(await rig.sync('delegation_events')).toMatchObject({ state: 'confirmed', calls: 0, rowsSeen: 0 });
    expect(await rig.states.find('delegation_events')).toMatchObject({ recordCount: 0, consecutiveFailures: 0 });
  });

  it('move no cursor when a walk fails: the stretch is a gap until it was read', async () => {
    const rig = await onSimulator(WALLET);
    simulator.addFault({ match: DELEGATIONS, fault: { kind: 'status', status: 400 } });
    expect(await rig.sync('delegation_events')).toMatchObject({ state: 'failed' });
    const failed = await cursorOf(WALLET);
    expect(failed).toMatchObject({ state: 'failed', failures: 1, complete_to: new Date('2025-02-13T00:00:00Z') });
    expect(await gaps()).toMatchObject([{ gap_from: new Date('2025-02-13T00:00:00Z'), closed_at: null, attempts: 1 }]);
    simulator.clearFaults();
    expect(await rig.sync('delegation_events')).toMatchObject({ state: 'applied' });
    expect(await count('delegation_events')).toBe(delegationsOf(WALLET));
    expect(await cursorOf(WALLET)).toMatchObject({ state: 'current', failures: 0 });
    expect((await gaps()).filter((gap) => gap.closed_at === null)).toEqual([]);
  });

  it('of one wallet are read although those of another cannot be', async () => {
    const at = '2026-03-01T00:00:00Z';
    const answer = ({ query }: FetchRequest): Answer | Error =>
      query?.['nominator'] === ALICE
        ? new TaostatsError('contract', 'rows that were not asked for')
        : { rows: [delegation(BOB, at)] };
    const rig = await onFake(answer, ALICE, BOB);
    expect(await rig.sync('delegation_events')).toMatchObject({ state: 'failed', reasonCode: 'taostats/contract' });
    expect(await count('delegation_events')).toBe(1);
    expect(await cursorOf(BOB)).toMatchObject({ state: 'current' });
    expect(await cursorOf(ALICE)).toMatchObject({ state: 'failed' });
  });

  it('go on behind a stretch that can never be read, which stays a gap in sight', async () => {
    const bad = { from: Date.parse('2025-02-13T00:00:00Z') / 1000, to: Date.parse('2025-02-13T12:00:00Z') / 1000 };
    const rig = await onFake(({ query }) => {
      const [from, to] = [Number(query?.['timestamp_start']), Number(query?.['timestamp_end'])];
      if (from < bad.to && to > bad.from) return new TaostatsError('contract', 'no such rows');
      return { rows: [delegation(ALICE, '2026-03-01T00:00:00Z')] };
    }, ALICE);
    for (let turn = 0; turn < 15; turn += 1) await rig.sync('delegation_events');
    expect(await count('delegation_events')).toBe(1);
    expect(await cursorOf(ALICE)).toMatchObject({ state: 'current' });
    const open = (await gaps()).filter((gap) => gap.closed_at === null);
    expect(open).toMatchObject([{ reason_code: 'taostats/contract', gap_from: new Date('2025-02-13T00:00:00Z') }]);
    const [coverage] = await rig.module.get(EventRepository, { strict: false }).coverage(dataSource.manager, [ALICE]);
    expect(coverage?.completeness).toBeLessThan(1);
  });

  it('of a long history are read in several walks, each from where the last one was cut', async () => {
    const all = Array.from({ length: 7 }, (_, month) => delegation(ALICE, `2026-0${month + 1}-01T00:00:00Z`));
    const asked: number[] = [];
    const rig = await onFake(({ query }) => {
      const from = Number(query?.['timestamp_start']) * 1000;
      asked.push(from);
      const rows = all.filter((row) => Date.parse(row.timestamp ?? '') >= from);
      return { rows: rows.slice(0, 3), complete: rows.length <= 3 };
    }, ALICE);
    expect(await rig.sync('delegation_events')).toMatchObject({ state: 'applied', rowsChanged: 7 });
    expect(asked).toHaveLength(3);
    expect(asked[1]).toBe(Date.parse('2026-02-28T21:59:59Z'));
    expect(await cursorOf(ALICE)).toMatchObject({ state: 'current' });
    expect((await gaps()).map((gap) => [gap.reason_code, gap.closed_at === null])).toEqual([['sync/walk-cut', false]]);
  });

  it('stop at a number of calls and go on soon, where they were', async () => {
    let served = 0;
    const start = Date.parse('2025-03-01T00:00:00Z');
    const rig = await onFake(({ query }) => {
      served += 1;
      const from = Math.max(start, Number(query?.['timestamp_start']) * 1000);
      const rows = [0, 1, 2].map((day) => delegation(ALICE, new Date(from + day * 86_400_000).toISOString()));
      return { rows, complete: false };
    }, ALICE);
    expect(await rig.sync('delegation_events')).toMatchObject({ state: 'applied', calls: 20 });
    expect(served).toBe(20);
    expect(await cursorOf(ALICE)).toMatchObject({ state: 'behind' });
    expect(await rig.dueInSeconds('delegation_events')).toBeLessThanOrEqual(30);
  });

  it('that are not valid go to quarantine, and their second is a gap', async () => {
    const at = '2026-03-01T00:00:00Z';
    const raw = JSON.stringify(delegation(ALICE, at, { amount: '-5' }));
    const rejected = [{ key: 'bad', reason: 'amount must not be negative', raw }];
    const rig = await onFake(() => ({ rows: [delegation(ALICE, '2026-04-01T00:00:00Z')], rejected }), ALICE);
    expect(await rig.sync('delegation_events')).toMatchObject({ state: 'applied', rowsRejected: 1, rowsChanged: 1 });
    expect(await gaps()).toMatchObject([{ reason_code: 'sync/row-rejected', gap_from: new Date(at), closed_at: null }]);
    expect(await count('quarantine')).toBe(1);
  });

  it('lack one row of one subnet, also when that could not be asked for again', async () => {
    const at = '2026-03-01T00:00:00Z';
    const raw = JSON.stringify({ ...delegation(ALICE, at), netuid: 7 });
    let rejected = [{ key: 'bad', reason: 'amount must not be negative', raw }];
    const rig = await onFake(({ query }) => {
      const seconds = Number(query?.['timestamp_end']) - Number(query?.['timestamp_start']);
      return seconds <= 1 ? new TaostatsError('unavailable', 'no answer') : { rows: [], rejected };
    }, ALICE);
    await rig.sync('delegation_events');
    rejected = [];
    await dataSource.query("UPDATE event_gaps SET last_tried_at = last_tried_at - interval '7 hours'");
    await rig.sync('delegation_events');
    expect(await gaps()).toMatchObject([
      { reason_code: 'taostats/unavailable', netuid: '7', attempts: 2, closed_at: null },
    ]);
  });

  it.each([
    ['delegation_events', 'api-delegation-v1', ENDPOINTS.delegations, 'nominator'],
    ['transfers', 'api-transfer-v1', ENDPOINTS.transfers, 'from'],
  ] as const)('keep every figure of the recorded %s to the last digit', async (dataset, file, endpoint, field) => {
    const wire = recordedRows(file);
    if (wire === null) return;
    const walletOf = (row: Record<string, unknown>): string => (row[field] as { ss58: string }).ss58;
    const upstream = new FakeUpstream();
    const parameter = dataset === 'transfers' ? 'address' : 'nominator';
    upstream.answer(endpoint, ({ query }) => ({ rows: wire.filter((row) => walletOf(row) === query?.[parameter]) }));
    const rig = await SyncRig.create(dataSource, { upstream });
    await follow(rig, ...new Set(wire.map(walletOf)));
    expect(await rig.sync(dataset)).toMatchObject({ state: 'applied', rowsChanged: wire.length });
    const columns = dataset === 'transfers' ? { from: 'from_address', to: 'to_address' } : {};
    const stored = await dataSource.query<{ row: Record<string, string | number | boolean | null> }[]>(
      `SELECT to_jsonb(t) AS row FROM (SELECT t.*, to_char(timestamp AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS moment FROM ${dataset} t) AS t`,
    );
    const texts = await dataSource.query<Record<string, string>[]>(
      `SELECT id, amount::text, fee::text${dataset === 'transfers' ? '' : ', alpha::text, usd::text, alpha_price_in_tao::text, alpha_price_in_usd::text, slippage::text'} FROM ${dataset}`,
    );
    for (const row of wire.map(asStored)) {
      const kept = stored.find((candidate) => candidate.row['id'] === row['id'])?.row ?? {};
      const text = texts.find((candidate) => candidate['id'] === row['id']) ?? {};
      for (const [name, value] of Object.entries(row)) {
        const column = name === 'timestamp' ? 'moment' : ((columns as Record<string, string>)[name] ?? name);
        const found = text[column] ?? kept[column] ?? null;
        expect([name, found === null ? null : String(found)]).toEqual([name, value]);
      }
    }
  });
});
