import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { type SequenceAnswer, WalletOracle, walletSequences } from '../../../test/support/wallet-sequence';
import { ALICE } from '../../../test/support/wallet-world';
import type { Account, Position, PositionHistory, WalletHoldings } from '../../database';
import { type StoredWallet, judgeWallet } from './wallet-answer';
import { planWallet } from './wallet-plan';

type Key = string;

const keyOf = ({ hotkey = '', netuid = 0 }: { hotkey?: string; netuid?: number }): Key => `${hotkey}/${netuid}`;

/** Tables in memory: never an older row over a newer one. */
class MemoryTables {
  account: Account | null = null;
  readonly positions = new Map<Key, Position>();
  readonly days = new Map<Key, PositionHistory>();
  private answerSha256: string | null = null;
  private refused: StoredWallet['refused'] = null;

  take({ rows }: SequenceAnswer): 'stored' | 'confirmed' | 'left' {
    const sha256 = createHash('sha256').update(JSON.stringify(rows)).digest('hex');
    const { account, answerSha256, refused } = this;
    const stored = { account, positions: [...this.positions.values()], answerSha256, refused };
    const answer = { rows, rejected: [], sha256 };
    const verdict = judgeWallet({ address: ALICE, answer, stored, isProtected: true });
    if ('reason' in verdict) {
      const { kind, code } = verdict;
      this.refused = kind === 'refused' ? { code, count: refused?.code === code ? refused.count + 1 : 1 } : null;
      return 'left';
    }
    this.refused = null;
    this.answerSha256 = sha256;
    if (verdict.kind === 'confirmed') return 'confirmed';
    this.store(planWallet({ address: ALICE, accepted: verdict, stored, generations: new Map(), runId: 'run' }));
    return 'stored';
  }

  private store({ account, positions, positionDays }: WalletHoldings): void {
    this.account = account as Account;
    for (const row of positions) this.positions.set(keyOf(row), row as Position);
    for (const row of positionDays) {
      const key = `${keyOf(row)}/${row.day}`;
      if ((this.days.get(key)?.blockNumber ?? 0) <= (row.blockNumber ?? 0)) this.days.set(key, row as PositionHistory);
    }
  }

  held(): Map<Key, bigint> {
    const held = [...this.positions.values()].filter(({ exitedAt }) => exitedAt === null);
    return new Map(held.map((position) => [keyOf(position), BigInt(position.balance)]));
  }
}

const sorted = (held: Map<Key, bigint>): [Key, bigint][] => [...held].sort(([a], [b]) => (a < b ? -1 : 1));

describe('the stored positions, after any sequence of answers,', () => {
  it('are those of the last complete answer', () => {
    fc.assert(
      fc.property(walletSequences, (steps) => {
        const [tables, oracle] = [new MemoryTables(), new WalletOracle()];
        for (const step of steps) {
          tables.take(oracle.next(step));
          expect(sorted(tables.held())).toEqual(sorted(oracle.held));
        }
      }),
      { numRuns: 400 },
    );
  });

  it('are zero only where a complete answer said so, and then explicitly', () => {
    fc.assert(
      fc.property(walletSequences, (steps) => {
        const [tables, oracle] = [new MemoryTables(), new WalletOracle()];
        for (const step of steps) {
          const before = tables.held();
          const answer = oracle.next(step);
          const outcome = tables.take(answer);
          const gone = [...before.keys()].filter((key) => !tables.held().has(key));
          if (gone.length > 0) expect(outcome).toBe('stored');
          for (const key of gone) {
            expect((answer.rows[0]?.alpha_balances ?? []).map(keyOf)).not.toContain(key);
            expect(tables.positions.get(key)).toMatchObject({
              balance: '0',
              balanceAsTao: '0',
              blockNumber: answer.block,
            });
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('leave a history that never shrinks and never goes back', () => {
    fc.assert(
      fc.property(walletSequences, (steps) => {
        const [tables, oracle] = [new MemoryTables(), new WalletOracle()];
        for (const step of steps) {
          const before = new Map([...tables.days].map(([key, { blockNumber }]) => [key, blockNumber]));
          tables.take(oracle.next(step));
          for (const [key, block] of before) expect(tables.days.get(key)?.blockNumber).toBeGreaterThanOrEqual(block);
        }
      }),
      { numRuns: 300 },
    );
  });
});
