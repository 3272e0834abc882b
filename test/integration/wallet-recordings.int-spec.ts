import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { BackfillRepository, WalletRepository } from '../../src/database';
import { ENDPOINTS } from '../../src/taostats';
import { FakeUpstream } from '../support/fake-upstream';
import { asStored, recordedRows } from '../support/recorded';
import { SyncRig } from '../support/sync-rig';
import { connect, createTestDatabase, type TestDatabase } from '../support/test-database';

type Wire = Record<string, unknown>;
type Stored = Record<string, string | null>;

/** On the wire, but not the account's own figures: positions have a table, and nobody reads the last one. */
const NOT_STORED = ['alpha_balances', 'alpha_balances_24hr_ago', 'coldkey_swap'];
/** The same in every row of a history; the account has them once. */
const NOT_BY_DAY = ['network', 'created_on_date', 'created_on_network'];

describe('what TaoStats said of wallets', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let rig: SyncRig;
  let upstream: FakeUpstream;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await connect(database);
  });

  beforeEach(async () => {
    await dataSource.query(
      'TRUNCATE sync_runs, dataset_states, leases, wallets, wallet_states, positions, position_history, accounts, account_history, backfills',
    );
    Logger.overrideLogger(false);
    upstream = new FakeUpstream();
    // A list has no positions: without its protection the service stores what there is, and zeroes nothing.
    rig = await SyncRig.create(dataSource, { upstream, settings: { enablePartialFailureProtection: false } });
    await rig.register('positions', 'accounts', 'account_history', 'position_history');
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const addressOf = (row: Wire | undefined, field: string): string => (row?.[field] as { ss58: string }).ss58;
  const follow = (address: string): Promise<object> =>
    rig.module.get(WalletRepository, { strict: false }).add({ address, label: null });
  const want = (dataset: string, scope: string): Promise<void> =>
    rig.module
      .get(BackfillRepository, { strict: false })
      .want(dataSource.manager, dataset, [{ scope, windowFrom: '2025-02-13', windowTo: '2026-01-31' }]);
  /** Rows as text exactly as PostgreSQL prints them. */
  const stored = async (table: string): Promise<Stored[]> => {
    const rows = await dataSource.query<{ row: Stored }[]>(
      `SELECT json_object_agg(e.key, e.value) AS row
         FROM (SELECT t.upstream_at, to_jsonb(t) AS row FROM ${table} t) AS r, jsonb_each_text(r.row) AS e
        GROUP BY r.upstream_at ORDER BY r.upstream_at`,
    );
    return rows.map(({ row }) => ({ ...row, timestamp: new Date(row['upstream_at'] ?? '').toISOString() }));
  };
  const expected = (wire: Wire, left: readonly string[]): Stored =>
    asStored(Object.fromEntries(Object.entries(wire).filter(([name]) => !left.includes(name))));
  const oldestFirst = (rows: Wire[]): Wire[] =>
    [...rows].sort((a, b) => Number(a['block_number']) - Number(b['block_number']));

  it('of an account is stored to the last digit', async () => {
    const wire = recordedRows('api-account-latest-v1');
    if (wire === null) return;
    await follow(addressOf(wire[0], 'address'));
    upstream.answer(ENDPOINTS.accounts, { rows: wire });
    expect((await rig.sync('positions')).state).toBe('applied');
    expect(await stored('accounts')).toMatchObject(wire.map((row) => expected(row, NOT_STORED)));
  });

  it('of an account over time is stored to the last digit, by day', async () => {
    const wire = recordedRows('api-account-history-v1');
    if (wire === null) return;
    const address = addressOf(wire[0], 'address');
    await follow(address);
    upstream.answer(ENDPOINTS.accounts, { rows: [{ ...oldestFirst(wire).at(-1), alpha_balances: [] }] });
    await rig.sync('positions');
    await dataSource.query('DELETE FROM account_history');
    await want('account_history', address);
    upstream.answer(ENDPOINTS.accountHistory, { rows: oldestFirst(wire) });
    expect(await rig.sync('account_history')).toMatchObject({ state: 'applied', rowsChanged: wire.length });
    const left = [...NOT_STORED, ...NOT_BY_DAY];
    expect(await stored('account_history')).toMatchObject(oldestFirst(wire).map((row) => expected(row, left)));
  });

  it('of a position over time is stored to the last digit, by day', async () => {
    const wire = recordedRows('api-dtao-stake_balance-history-v1');
    if (wire === null) return;
    const [coldkey, hotkey, netuid] = [
      addressOf(wire[0], 'coldkey'),
      addressOf(wire[0], 'hotkey'),
      wire[0]?.['netuid'],
    ];
    await follow(coldkey);
    await dataSource.query(
      `INSERT INTO positions (coldkey, hotkey, netuid, block_number, upstream_at, balance, balance_as_tao, run_id)
       VALUES ($1, $2, $3, 1, now(), 1, 1, '018f0000-0000-7000-8000-000000000001')`,
      [coldkey, hotkey, netuid],
    );
    upstream.answer(ENDPOINTS.stakeBalanceHistory, { rows: oldestFirst(wire) });
    const lastOfDays = [
      ...new Map(oldestFirst(wire).map((row) => [String(row['timestamp']).slice(0, 10), row])).values(),
    ];
    expect(await rig.sync('position_history')).toMatchObject({ state: 'applied', rowsChanged: lastOfDays.length });
    expect(await stored('position_history')).toMatchObject(lastOfDays.map((row) => expected(row, ['hotkey_name'])));
  });
});
