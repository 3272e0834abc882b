import { ALICE, BOB, HOTKEYS, type Holding, accountPayload } from '../../../test/support/wallet-world';
import type { AccountPayload } from '../../taostats';
import { type StoredWallet, type WalletVerdict, judgeWallet } from './wallet-answer';
import { generationAt, planWallet } from './wallet-plan';

const [HOTKEY] = HOTKEYS;
const on = (netuid: number, asTao: bigint): Holding => ({ hotkey: HOTKEY, netuid, balance: asTao * 2n, asTao });
const NEVER: StoredWallet = { account: null, positions: [], answerSha256: null, refused: null };

function judge(row: AccountPayload | null, stored = NEVER): WalletVerdict {
  const rows = row === null ? [] : [row];
  return judgeWallet({ address: ALICE, answer: { rows, rejected: [], sha256: 'new' }, stored, isProtected: true });
}

const whole = (holdings: Holding[], spoiled: Partial<AccountPayload> = {}): AccountPayload => ({
  ...accountPayload(ALICE, { block: 1_000, holdings }),
  ...spoiled,
});

describe('an answer for a wallet', () => {
  it('is complete when its positions are worth its stake', () => {
    expect(judge(whole([on(0, 50n), on(64, 100n)]))).toMatchObject({
      kind: 'accepted',
      covers: { root: true, alpha: true },
    });
  });

  it('is complete when rounding lost a rao for each row, and no more', () => {
    const account = (alpha: bigint): AccountPayload =>
      whole([on(64, 100n), on(65, 100n)], {
        balance_staked_alpha_as_tao: String(alpha),
        balance_staked: String(alpha),
        balance_total: String(alpha + 5_000_000_000n),
      });
    expect([198n, 202n, 197n, 203n].map((alpha) => judge(account(alpha)).kind)).toEqual([
      'accepted',
      'accepted',
      'refused',
      'refused',
    ]);
  });

  it('is complete without root among its positions, and then says nothing of root', () => {
    const listed = accountPayload(ALICE, { block: 1_000, holdings: [on(0, 50n), on(64, 100n)], listsRoot: false });
    expect(judge(listed)).toMatchObject({ kind: 'accepted', covers: { root: false, alpha: true } });
  });

  it('is complete without parts that the total proves to be nothing', () => {
    const bare = { balance_reserved: null, balance_liquidity: null, balance_staked_root: null };
    expect(judge(whole([on(0, 50n), on(64, 100n)], bare)).kind).toBe('accepted');
    expect(judge(whole([], { alpha_balances: null })).kind).toBe('accepted');
  });

  it('counts a repeated row once and refuses one that contradicts itself', () => {
    const account = whole([on(64, 100n)]);
    const [row] = account.alpha_balances ?? [];
    if (row === undefined) throw new Error('a position is missing');
    expect(judge({ ...account, alpha_balances: [row, { ...row }] })).toMatchObject({
      kind: 'accepted',
      balances: [row],
    });
    expect(judge({ ...account, alpha_balances: [row, { ...row, balance: '1' }] })).toMatchObject({
      code: 'sync/contradicting-rows',
    });
  });

  it('is not indexed yet when nothing was ever known, and refused when something was', () => {
    const stored = { ...NEVER, account: { blockNumber: 1, upstreamAt: new Date(0), balanceFree: '0' } };
    expect([judge(null), judge(null, stored)]).toMatchObject([
      { kind: 'not_indexed', code: 'sync/not-indexed' },
      { kind: 'refused', code: 'sync/wallet-vanished' },
    ]);
  });

  it('is refused with two accounts, and with a row that is not valid', () => {
    const row = whole([]);
    const ask = { address: ALICE, stored: NEVER, isProtected: true };
    const two = judgeWallet({ ...ask, answer: { rows: [row, row], rejected: [], sha256: '' } });
    const bad = { key: BOB, reason: 'balance_free must be rao', raw: '{}' };
    const invalid = judgeWallet({ ...ask, answer: { rows: [], rejected: [bad], sha256: '' } });
    expect([two, invalid]).toMatchObject([{ code: 'sync/ambiguous-answer' }, { code: 'sync/invalid-row' }]);
  });
});

describe('the rows of an answer', () => {
  it('belong to the generation of the netuid that their block falls into', () => {
    expect([899, 900, 4_999, 5_000].map((block) => generationAt([0, 900, 5_000], block))).toEqual([
      null,
      900,
      900,
      5_000,
    ]);
    expect(generationAt([0], 10)).toBeNull();
  });

  it('have no position for a zero that was never held', () => {
    const verdict = judge(whole([{ ...on(64, 0n), balance: 0n }]));
    if (verdict.kind !== 'accepted') throw new Error('refused');
    const plan = { address: ALICE, accepted: verdict, stored: NEVER, generations: new Map(), runId: 'run' };
    expect(planWallet(plan)).toMatchObject({ positions: [], positionDays: [], accountDay: { day: '2026-01-01' } });
  });
});
