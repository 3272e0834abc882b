import type { Account, Position } from '../../database';
import type { AccountPayload, AlphaBalance, RejectedRow } from '../../taostats';

/** What is stored of a wallet, and how its newest answers were received. */
export interface StoredWallet {
  account: Pick<Account, 'blockNumber' | 'upstreamAt' | 'balanceFree'> | null;
  /** Exited ones too. */
  positions: readonly Pick<Position, 'hotkey' | 'netuid' | 'balanceAsTao' | 'exitedAt' | 'registrationBlockNumber'>[];
  /** Digest of the answer that stands. */
  answerSha256: string | null;
  /** Code of the newest refusal and how often in a row it came; null after a success. */
  refused: { code: string; count: number } | null;
}

export interface WalletAnswer {
  rows: readonly AccountPayload[];
  rejected: readonly RejectedRow[];
  sha256: string;
}

export interface AcceptedWallet {
  kind: 'accepted';
  account: AccountPayload;
  balances: readonly AlphaBalance[];
  /** Whether a stored position that the answer lacks is an exit: on root, and elsewhere. */
  covers: { root: boolean; alpha: boolean };
}

/** `confirmed`: the answer that stands, again. `not_indexed`: TaoStats does not know the wallet yet. */
export type WalletVerdict =
  | AcceptedWallet
  | { kind: 'confirmed'; account: AccountPayload }
  | { kind: 'not_indexed' | 'refused'; code: string; reason: string };

type Refused = Extract<WalletVerdict, { kind: 'not_indexed' | 'refused' }>;

export interface JudgeWallet {
  address: string;
  answer: WalletAnswer;
  stored: StoredWallet;
  /** ENABLE_PARTIAL_FAILURE_PROTECTION. Without it an incomplete answer is stored, but still zeroes nothing. */
  isProtected: boolean;
}

const ROOT = 0;
export const UNCONFIRMED_EXIT = 'sync/unconfirmed-exit';

/** Whether the answer for one wallet may replace what is stored of it. Pure: the same input, the same verdict. */
export function judgeWallet({ address, answer, stored, isProtected }: JudgeWallet): WalletVerdict {
  const [account, second] = answer.rows;
  if (answer.rejected.length > 0)
    return refuse('invalid-row', `the account is not valid: ${answer.rejected[0]?.reason}`);
  if (account === undefined) return unknownWallet(stored);
  if (second !== undefined) return refuse('ambiguous-answer', `${answer.rows.length} accounts for one address`);
  if (isOlder(account, stored)) return refuse('older-answer', 'the answer is older than what is stored');
  if (stored.account !== null && stored.answerSha256 === answer.sha256) return { kind: 'confirmed', account };
  const balances = uniqueBalances(account.alpha_balances ?? []);
  if (balances === null) return refuse('contradicting-rows', 'one position came with two balances');
  if (balances.some((balance) => balance.coldkey !== address)) {
    return refuse('foreign-position', 'a position belongs to another wallet');
  }
  const gap = findGap(account, balances);
  if (gap !== null && isProtected) return refuse('partial-answer', gap);
  const covers = { root: gap === null && coversRoot(account, balances), alpha: gap === null };
  const accepted: AcceptedWallet = { kind: 'accepted', account, balances, covers };
  return (isProtected ? findUnconfirmedExit(accepted, stored) : null) ?? accepted;
}

function refuse(code: string, reason: string): Refused {
  return { kind: 'refused', code: `sync/${code}`, reason };
}

function unknownWallet(stored: StoredWallet): Refused {
  if (stored.account !== null) return refuse('wallet-vanished', 'TaoStats no longer knows the wallet');
  return { kind: 'not_indexed', code: 'sync/not-indexed', reason: 'TaoStats does not know the wallet yet' };
}

function isOlder(account: AccountPayload, { account: stored }: StoredWallet): boolean {
  if (stored === null) return false;
  if (account.block_number !== stored.blockNumber) return account.block_number < stored.blockNumber;
  return Date.parse(account.timestamp) < stored.upstreamAt.getTime();
}

/** One row for each position; null when two rows of one position differ. */
function uniqueBalances(balances: readonly AlphaBalance[]): AlphaBalance[] | null {
  const unique = new Map<string, AlphaBalance>();
  for (const balance of balances) {
    const key = `${balance.coldkey}/${balance.hotkey}/${balance.netuid}`;
    const other = unique.get(key);
    if (other === undefined) unique.set(key, balance);
    else if (other.balance !== balance.balance || other.balance_as_tao !== balance.balance_as_tao) return null;
  }
  return [...unique.values()];
}

/**
 * What does not add up, or null for a complete answer: total = free + staked + reserved + liquidity, staked = alpha +
 * root, and the positions' values are the stake, each rounded by less than a rao. Whether upstream lists root among the
 * positions is not documented; either is complete. An absent part counts as nothing, which the total then proves.
 */
function findGap(account: AccountPayload, balances: readonly AlphaBalance[]): string | null {
  const [staked, root] = [BigInt(account.balance_staked), account.balance_staked_root];
  const parts = [account.balance_free, account.balance_staked, account.balance_reserved, account.balance_liquidity];
  if (sum(parts) !== BigInt(account.balance_total)) return 'the parts of the balance do not add up to the total';
  if (account.alpha_balances === null && staked > 0n) return 'there is stake, but the positions are missing';
  const onRoot = balances.filter((balance) => balance.netuid === ROOT);
  const onSubnets = balances.filter((balance) => balance.netuid !== ROOT);
  const rootStake = root === null ? valueOf(onRoot) : BigInt(root);
  const alphaStake =
    account.balance_staked_alpha_as_tao === null ? staked - rootStake : BigInt(account.balance_staked_alpha_as_tao);
  if (alphaStake + rootStake !== staked) return 'alpha and root stake do not add up to the stake';
  if (!isNear(valueOf(onSubnets), alphaStake, onSubnets.length)) return gapText('subnets', onSubnets, alphaStake);
  if (onRoot.length > 0 && !isNear(valueOf(onRoot), rootStake, onRoot.length))
    return gapText('root', onRoot, rootStake);
  return null;
}

function gapText(where: string, balances: readonly AlphaBalance[], stake: bigint): string {
  return `positions on ${where} are worth ${valueOf(balances)} rao, the account says ${stake}`;
}

function sum(amounts: readonly (string | null)[]): bigint {
  return amounts.reduce((total, amount) => total + BigInt(amount ?? '0'), 0n);
}

function valueOf(balances: readonly AlphaBalance[]): bigint {
  return sum(balances.map((balance) => balance.balance_as_tao));
}

function isNear(value: bigint, expected: bigint, rows: number): boolean {
  const difference = value > expected ? value - expected : expected - value;
  return difference <= BigInt(rows);
}

/** Root stake without a root row: upstream does not list root, so nothing is known of single root positions. */
function coversRoot(account: AccountPayload, balances: readonly AlphaBalance[]): boolean {
  if (balances.some((balance) => balance.netuid === ROOT)) return true;
  return BigInt(account.balance_staked_root ?? '0') === 0n;
}

/**
 * Every position gone at once, and at most half of their worth arrived as free TAO: true once in a treasury's life, and
 * what an index that lost its stake table says. Believed when it is said twice in a row.
 */
function findUnconfirmedExit({ account, balances, covers }: AcceptedWallet, stored: StoredWallet): Refused | null {
  const held = stored.positions
    .filter((position) => position.exitedAt === null)
    .filter((position) => (position.netuid === ROOT ? covers.root : covers.alpha));
  const isEmptied = held.length > 0 && !balances.some((balance) => BigInt(balance.balance) > 0n);
  if (!isEmptied || stored.account === null || stored.refused?.code === UNCONFIRMED_EXIT) return null;
  const lost = sum(held.map((position) => position.balanceAsTao));
  const arrived = BigInt(account.balance_free) - BigInt(stored.account.balanceFree);
  if (arrived * 2n > lost) return null;
  return {
    kind: 'refused',
    code: UNCONFIRMED_EXIT,
    reason: `all ${held.length} positions are gone and their worth did not arrive; believed when it is said again`,
  };
}
