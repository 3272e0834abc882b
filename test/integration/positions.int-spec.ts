import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { HoldingRepository, type Position, WalletRepository, WalletStateRepository } from '../../src/database';
import { ENDPOINTS, RateLimitedError, TaostatsError } from '../../src/taostats';
import { type Answer, FakeUpstream } from '../support/fake-upstream';
import { SyncRig } from '../support/sync-rig';
import { connect, createTestDatabase, type TestDatabase } from '../support/test-database';
import { ALICE, BOB, HOTKEYS, type AccountShape, type Holding, accountPayload } from '../support/wallet-world';

const [FIRST, SECOND] = HOTKEYS;
const ON_64: Holding = { hotkey: FIRST, netuid: 64, balance: 1_156_154_755n, asTao: 98_713_420n };
const ALSO_ON_64: Holding = { hotkey: SECOND, netuid: 64, balance: 7_000_000_000n, asTao: 597_666_443n };
const ON_ROOT: Holding = { hotkey: FIRST, netuid: 0, balance: 3_000_000_000n, asTao: 3_000_000_000n };
const DAY_BLOCKS = 7_200;
const TABLES = ['positions', 'position_history', 'accounts', 'account_history'];

describe('positions and accounts', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let rig: SyncRig;
  let wallets: WalletRepository;
  let answers: Map<string, Answer | Error>;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await connect(database);
  });

  beforeEach(async () => {
    await dataSource.query(
      `TRUNCATE sync_runs, dataset_states, leases, quarantine, raw_answers, wallets, wallet_states, positions,
         position_history, accounts, account_history, backfills, subnet_generations`,
    );
    Logger.overrideLogger(false);
    answers = new Map();
    const upstream = new FakeUpstream();
    upstream.answer(ENDPOINTS.accounts, ({ query }) => answers.get(String(query?.['address'])) ?? { rows: [] });
    rig = await SyncRig.create(dataSource, { upstream });
    await rig.register('positions', 'accounts');
    wallets = rig.module.get(WalletRepository, { strict: false });
    await wallets.add({ address: ALICE, label: 'Treasury' });
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const say = (address: string, shape: AccountShape): void =>
    void answers.set(address, { rows: [accountPayload(address, shape)] });
  const positions = (address = ALICE): Promise<Position[]> =>
    rig.module.get(HoldingRepository, { strict: false }).findPositions(dataSource.manager, address);
  const stateOf = async (address: string): Promise<object | undefined> =>
    (await rig.module.get(WalletStateRepository, { strict: false }).ofWallet(address)).find(
      ({ dataset }) => dataset === 'positions',
    );
  const historyOf = (netuid: number): Promise<object[]> =>
    dataSource.query(
      'SELECT day::text, balance, block_number::int AS block FROM position_history WHERE netuid = $1 ORDER BY hotkey, day',
      [netuid],
    );

  it('come from one answer, one row for each hotkey, with the running day in their history', async () => {
    await dataSource.query(
      'INSERT INTO subnet_generations (netuid, registration_block_number, closed_at) VALUES (64, 900, now()), (64, 5000, NULL)',
    );
    say(ALICE, { block: 1_000, holdings: [ON_64, ALSO_ON_64, ON_ROOT] });
    expect(await rig.sync('positions')).toMatchObject({ state: 'applied', calls: 1, rowsSeen: 4, rowsChanged: 4 });
    expect(await positions()).toMatchObject([
      { netuid: 0, balance: '3000000000', registrationBlockNumber: null },
      { netuid: 64, hotkey: SECOND, balance: '7000000000', balanceAsTao: '597666443', registrationBlockNumber: 900 },
      {
        netuid: 64,
        hotkey: FIRST,
        balance: '1156154755',
        balanceAsTao: '98713420',
        exitedAt: null,
        blockNumber: 1_000,
      },
    ]);
    expect(await historyOf(0)).toEqual([{ day: '2026-01-01', balance: '3000000000', block: 1_000 }]);
    const [account] = await dataSource.query<object[]>('SELECT * FROM accounts');
    expect(account).toMatchObject({ address: ALICE, balance_total: '8696379863', balance_staked_root: '3000000000' });
    expect(await rig.states.find('accounts')).toMatchObject({ recordCount: 1, lastRunState: 'applied' });
    expect(await rig.states.find('positions')).toMatchObject({ recordCount: 3, upstreamBlock: '1000' });
    expect(await stateOf(ALICE)).toMatchObject({ state: 'synced', upstreamBlock: 1_000, reason: null });
  });

  it('confirm the same answer and rewrite nothing', async () => {
    say(ALICE, { block: 1_000, holdings: [ON_64] });
    await rig.sync('positions');
    const before = await rig.contents(...TABLES);
    expect(await rig.sync('positions')).toMatchObject({ state: 'confirmed', rowsChanged: 0 });
    expect(await rig.contents(...TABLES)).toBe(before);
  });

  it('keep the last answer of each day in their history', async () => {
    for (const block of [1_000, 2_000, 1_000 + DAY_BLOCKS]) {
      say(ALICE, { block, holdings: [{ ...ON_64, balance: BigInt(block) }] });
      await rig.sync('positions');
    }
    expect(await historyOf(64)).toEqual([
      { day: '2026-01-01', balance: '2000', block: 2_000 },
      { day: '2026-01-02', balance: '8200', block: 8_200 },
    ]);
  });

  it('become an explicit zero when a complete answer lacks them, once, and live again on re-entry', async () => {
    say(ALICE, { block: 1_000, holdings: [ON_64, ALSO_ON_64] });
    await rig.sync('positions');
    say(ALICE, { block: 2_000, holdings: [ON_64] });
    await rig.sync('positions');
    say(ALICE, { block: 2_000 + DAY_BLOCKS, holdings: [ON_64] });
    await rig.sync('positions');
    const [exited] = await positions();
    expect(exited).toMatchObject({ hotkey: SECOND, balance: '0', balanceAsTao: '0', blockNumber: 2_000 });
    expect(exited?.exitedAt).toEqual(new Date('2026-01-01T06:40:00Z'));
    expect((await historyOf(64)).slice(0, 1)).toEqual([{ day: '2026-01-01', balance: '0', block: 2_000 }]);
    expect((await rig.states.find('positions'))?.recordCount).toBe(1);
    say(ALICE, { block: 20_000, holdings: [ON_64, ALSO_ON_64] });
    await rig.sync('positions');
    expect((await positions())[0]).toMatchObject({ balance: '7000000000', exitedAt: null });
  });

  const refused: [string, (row: ReturnType<typeof accountPayload>) => object, string][] = [
    ['lacks a position', (row) => ({ ...row, alpha_balances: row.alpha_balances?.slice(1) }), 'sync/partial-answer'],
    ['lacks all of them', (row) => ({ ...row, alpha_balances: [] }), 'sync/partial-answer'],
    ['has none to speak of', (row) => ({ ...row, alpha_balances: null }), 'sync/partial-answer'],
    ['does not add up', (row) => ({ ...row, balance_total: '1' }), 'sync/partial-answer'],
    ['cannot be read', (row) => ({ ...row, balance_free: undefined, balance_total: '1e9' }), 'sync/invalid-row'],
    ['is older', (row) => ({ ...row, block_number: 999 }), 'sync/older-answer'],
    [
      'holds a position of somebody else',
      (row) => ({ ...row, alpha_balances: row.alpha_balances?.map((balance) => ({ ...balance, coldkey: BOB })) }),
      'sync/foreign-position',
    ],
  ];

  it.each(refused)('stay as they are when an answer %s', async (_what, spoil, code) => {
    say(ALICE, { block: 1_000, holdings: [ON_64, ALSO_ON_64] });
    await rig.sync('positions');
    const before = await rig.contents(...TABLES);
    answers.set(ALICE, { rows: [spoil(accountPayload(ALICE, { block: 2_000, holdings: [ON_64, ALSO_ON_64] }))] });
    expect(await rig.sync('positions')).toMatchObject({ state: 'protected', reasonCode: code });
    expect(await rig.contents(...TABLES)).toBe(before);
    expect(await stateOf(ALICE)).toMatchObject({ state: 'protected', reasonCode: code, upstreamBlock: 1_000 });
    expect((await rig.states.find('positions'))?.protectedSince).toBeInstanceOf(Date);
    expect((await rig.states.find('accounts'))?.protectedSince).toBeInstanceOf(Date);
  });

  it('are not zeroed by an incomplete answer even without the protection', async () => {
    const upstream = rig.upstream;
    rig = await SyncRig.create(dataSource, { upstream, settings: { enablePartialFailureProtection: false } });
    say(ALICE, { block: 1_000, holdings: [ON_64, ALSO_ON_64] });
    await rig.sync('positions');
    const whole = accountPayload(ALICE, { block: 2_000, holdings: [{ ...ON_64, balance: 5n }, ALSO_ON_64] });
    answers.set(ALICE, { rows: [{ ...whole, alpha_balances: whole.alpha_balances?.slice(0, 1) ?? [] }] });
    expect((await rig.sync('positions')).state).toBe('applied');
    expect((await positions()).map(({ balance }) => balance)).toEqual(['7000000000', '5']);
  });

  it('believe that everything is gone only when it is said twice or its worth arrived', async () => {
    say(ALICE, { block: 1_000, holdings: [ON_64] });
    await rig.sync('positions');
    say(ALICE, { block: 2_000, holdings: [] });
    expect(await rig.sync('positions')).toMatchObject({ state: 'protected', reasonCode: 'sync/unconfirmed-exit' });
    expect((await positions())[0]?.exitedAt).toBeNull();
    say(ALICE, { block: 2_010, holdings: [] });
    expect((await rig.sync('positions')).state).toBe('applied');
    expect((await positions())[0]?.balance).toBe('0');
    say(ALICE, { block: 2_020, holdings: [ON_64] });
    await rig.sync('positions');
    say(ALICE, { block: 2_030, holdings: [], free: 5_090_000_000n });
    expect((await rig.sync('positions')).state).toBe('applied');
  });

  it('leave root as it is while upstream counts root stake without listing it', async () => {
    say(ALICE, { block: 1_000, holdings: [ON_64, ON_ROOT] });
    await rig.sync('positions');
    say(ALICE, { block: 2_000, holdings: [ON_64, ON_ROOT], listsRoot: false });
    expect((await rig.sync('positions')).state).toBe('applied');
    expect(await positions()).toMatchObject([
      { netuid: 0, exitedAt: null, blockNumber: 1_000 },
      { netuid: 64, blockNumber: 2_000 },
    ]);
  });

  describe('of several wallets', () => {
    beforeEach(async () => {
      await wallets.add({ address: BOB, label: null });
      say(ALICE, { block: 1_000, holdings: [ON_64] });
    });

    it('are asked for one call each', async () => {
      say(BOB, { block: 1_010, holdings: [ON_ROOT] });
      expect(await rig.sync('positions')).toMatchObject({ state: 'applied', calls: 2 });
      expect(await rig.states.find('positions')).toMatchObject({ recordCount: 2, upstreamBlock: '1000' });
    });

    it('are stored for the one although the other was refused, and the dataset is as old as the other', async () => {
      say(BOB, { block: 1_010, holdings: [ON_ROOT] });
      await rig.sync('positions');
      say(ALICE, { block: 1_500, holdings: [{ ...ON_64, balance: 1n }] });
      say(BOB, { block: 900, holdings: [] });
      const run = await rig.sync('positions');
      expect(run).toMatchObject({ state: 'protected', rowsChanged: 2 });
      expect(run.reason).toContain(BOB);
      expect((await positions())[0]?.balance).toBe('1');
      expect((await positions(BOB))[0]?.balance).toBe('3000000000');
      const now = await rig.states.find('positions');
      expect(now).toMatchObject({ upstreamBlock: '1010', appliedRunId: run.id });
      const [bob] = await rig.module.get(WalletStateRepository, { strict: false }).ofWallet(BOB);
      expect(now?.lastSuccessAt).toEqual(bob?.lastSuccessAt);
    });

    it('do not wait for one that TaoStats does not know: it is not indexed yet, never zero', async () => {
      expect((await rig.sync('positions')).state).toBe('applied');
      expect(await stateOf(BOB)).toMatchObject({ state: 'not_indexed', lastSuccessAt: null });
      expect(await positions(BOB)).toEqual([]);
    });

    it('fail alone where an answer failed', async () => {
      answers.set(BOB, new TaostatsError('bad-payload', 'not JSON'));
      expect(await rig.sync('positions')).toMatchObject({ state: 'failed', reasonCode: 'taostats/bad-payload' });
      expect(await stateOf(ALICE)).toMatchObject({ state: 'synced' });
      expect(await stateOf(BOB)).toMatchObject({ state: 'failed', reasonCode: 'taostats/bad-payload' });
    });

    it('are not asked for once TaoStats wants a pause', async () => {
      answers.set(ALICE, new RateLimitedError(new Date(rig.clock.nowMs() + 120_000)));
      expect(await rig.sync('positions')).toMatchObject({ state: 'failed', reasonCode: 'taostats/rate-limited' });
      expect(rig.upstream.asked).toHaveLength(1);
      expect(await stateOf(BOB)).toMatchObject({ state: 'failed', reasonCode: 'taostats/rate-limited' });
      expect(await rig.dueInSeconds('positions')).toBeGreaterThan(115);
    });

    it('are left alone where one is inactive or deleted', async () => {
      await wallets.remove(ALICE);
      await wallets.update(BOB, { isActive: false });
      expect(await rig.sync('positions')).toMatchObject({ state: 'confirmed', calls: 0 });
    });
  });
});
