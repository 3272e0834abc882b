import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { DatabaseReadiness, WalletRepository, WalletStateRepository } from '../../src/database';
import { WalletSeeding } from '../../src/sync/wallet-seeding.service';
import { ENDPOINTS } from '../../src/taostats';
import { SyncRig } from '../support/sync-rig';
import { connect, createTestDatabase, type TestDatabase } from '../support/test-database';
import { ALICE, BOB, HOTKEYS, accountPayload } from '../support/wallet-world';

describe('the wallets', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let wallets: WalletRepository;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await connect(database);
    wallets = new WalletRepository(dataSource);
  });

  beforeEach(async () => {
    await dataSource.query(
      `TRUNCATE sync_runs, dataset_states, leases, wallets, wallet_states, positions, position_history, accounts,
         account_history`,
    );
    Logger.overrideLogger(false);
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const addresses = async (includeDeleted = false): Promise<string[]> =>
    (await wallets.list({ includeDeleted })).map(({ address }) => address);

  it('are followed once, whoever asks again', async () => {
    expect(await wallets.add({ address: ALICE, label: 'Treasury' })).toMatchObject({
      outcome: 'added',
      wallet: { address: ALICE, label: 'Treasury', isActive: true, origin: 'request', deletedAt: null },
    });
    expect(await wallets.add({ address: ALICE, label: 'Again' })).toMatchObject({
      outcome: 'known',
      wallet: { label: 'Treasury' },
    });
    expect(await addresses()).toEqual([ALICE]);
  });

  it('are pending in every dataset of their own until they are answered', async () => {
    await wallets.add({ address: ALICE, label: null });
    expect(await new WalletStateRepository(dataSource).ofWallet(ALICE)).toMatchObject([
      { dataset: 'accounts', state: 'pending', lastSuccessAt: null },
      { dataset: 'positions', state: 'pending', lastSuccessAt: null },
    ]);
  });

  it('are due at once when they are added, not an interval later', async () => {
    const rig = await SyncRig.create(dataSource);
    await rig.register('positions', 'accounts');
    await dataSource.query("UPDATE dataset_states SET next_due_at = clock_timestamp() + interval '1 hour'");
    await wallets.add({ address: ALICE, label: null });
    expect(await rig.dueInSeconds('positions')).toBeLessThanOrEqual(0);
  });

  it('can be renamed and switched off, and keep what is not mentioned', async () => {
    await wallets.add({ address: ALICE, label: 'Treasury' });
    expect(await wallets.update(ALICE, { isActive: false })).toMatchObject({ label: 'Treasury', isActive: false });
    expect(await wallets.update(ALICE, { label: null })).toMatchObject({ label: null, isActive: false });
    expect(await wallets.active(dataSource.manager)).toEqual([]);
    expect(await wallets.update(BOB, { label: 'Nobody' })).toBeNull();
  });

  it('keep their history when they are deleted, and go on with it when they are back', async () => {
    const rig = await SyncRig.create(dataSource);
    await rig.register('positions', 'accounts');
    await wallets.add({ address: ALICE, label: 'Treasury' });
    const holdings = [{ hotkey: HOTKEYS[0], netuid: 64, balance: 10n, asTao: 1n }];
    rig.upstream.answer(ENDPOINTS.accounts, { rows: [accountPayload(ALICE, { block: 1_000, holdings })] });
    await rig.sync('positions');
    const before = await rig.contents('positions', 'position_history', 'accounts', 'account_history');
    expect(await wallets.remove(ALICE)).toBe(true);
    expect(await wallets.remove(ALICE)).toBe(false);
    expect([await addresses(), await addresses(true)]).toEqual([[], [ALICE]]);
    expect(await rig.contents('positions', 'position_history', 'accounts', 'account_history')).toBe(before);
    expect(await wallets.add({ address: ALICE, label: null })).toMatchObject({
      outcome: 'revived',
      wallet: { label: 'Treasury', isActive: true, deletedAt: null },
    });
    expect((await rig.sync('positions')).state).toBe('confirmed');
  });

  it('come from WALLET_ADDRESSES once: what an operator deleted or named stays so', async () => {
    const rig = await SyncRig.create(dataSource, { settings: { walletAddresses: [ALICE, BOB, ALICE] } });
    const ready = rig.module.get(DatabaseReadiness, { strict: false });
    // The rig brings its own connection.
    jest.spyOn(ready, 'whenReady').mockResolvedValue();
    const seeding = rig.module.get(WalletSeeding);
    await seeding.seed();
    expect((await addresses()).sort()).toEqual([BOB, ALICE].sort());
    expect(await wallets.find(ALICE)).toMatchObject({ origin: 'environment', label: null });
    await wallets.update(BOB, { label: 'Reserve' });
    await wallets.remove(ALICE);
    await seeding.seed();
    expect(await addresses()).toEqual([BOB]);
    expect((await wallets.find(BOB))?.label).toBe('Reserve');
  });

  it('refuse a label that says nothing', async () => {
    await expect(wallets.add({ address: ALICE, label: '' })).rejects.toThrow('wallets_label_check');
  });
});
