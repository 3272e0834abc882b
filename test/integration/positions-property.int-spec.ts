import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { HoldingRepository, WalletRepository } from '../../src/database';
import { ENDPOINTS } from '../../src/taostats';
import { SyncRig } from '../support/sync-rig';
import { connect, createTestDatabase, type TestDatabase } from '../support/test-database';
import { WalletOracle, walletSequences } from '../support/wallet-sequence';
import { ALICE } from '../support/wallet-world';

const SEQUENCES = 25;
const TABLES = `sync_runs, dataset_states, leases, quarantine, raw_answers, wallets, wallet_states, positions,
  position_history, accounts, account_history, backfills`;

interface Day {
  key: string;
  block: number;
}

/** What the pure planner promises for hundreds of sequences, for some of them through the runner and PostgreSQL. */
describe('positions in PostgreSQL, after any sequence of answers,', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await connect(database);
    Logger.overrideLogger(false);
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const days = (): Promise<Day[]> =>
    dataSource.query(
      `SELECT hotkey || '/' || netuid || '/' || day AS key, block_number::int AS block FROM position_history`,
    );

  it('are those of the last complete answer, with a history that never shrinks and never goes back', async () => {
    const rig = await SyncRig.create(dataSource);
    const holdings = rig.module.get(HoldingRepository, { strict: false });
    const held = async (): Promise<[string, bigint][]> =>
      (await holdings.findPositions(dataSource.manager, ALICE))
        .filter(({ exitedAt }) => exitedAt === null)
        .map(({ hotkey, netuid, balance }): [string, bigint] => [`${hotkey}/${netuid}`, BigInt(balance)])
        .sort(([a], [b]) => (a < b ? -1 : 1));
    await fc.assert(
      fc.asyncProperty(walletSequences, async (steps) => {
        await dataSource.query(`TRUNCATE ${TABLES}`);
        await rig.register('positions', 'accounts');
        await rig.module.get(WalletRepository, { strict: false }).add({ address: ALICE, label: null });
        const oracle = new WalletOracle();
        for (const step of steps) {
          const before = await days();
          rig.upstream.answer(ENDPOINTS.accounts, { rows: oracle.next(step).rows });
          await rig.sync('positions');
          expect(await held()).toEqual([...oracle.held].sort(([a], [b]) => (a < b ? -1 : 1)));
          const after = new Map((await days()).map(({ key, block }) => [key, block]));
          for (const { key, block } of before) expect(after.get(key)).toBeGreaterThanOrEqual(block);
        }
      }),
      { numRuns: SEQUENCES },
    );
  });
});
