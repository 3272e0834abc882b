import { Account, type AccountKey, Instant, OPTIONAL, RaoText, Text, Whole, defineField, isSs58 } from '../wire/field';

/** A position inside an account row: keys are plain ss58 here, amounts are rao. */
export interface AlphaBalance {
  /** Rao of the subnet's alpha. */
  balance: string;
  /** Rao of TAO at the spot price: a mark without slippage or fee. */
  balance_as_tao: string;
  hotkey: string;
  coldkey: string;
  netuid: number;
}

const RAO = /^\d{1,30}$/;
const MAX_POSITIONS = 10_000;

function alphaBalance(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const balance = value as Record<string, unknown>;
  for (const amount of ['balance', 'balance_as_tao']) {
    if (Number.isSafeInteger(balance[amount])) balance[amount] = String(balance[amount]);
  }
  if (typeof balance['netuid'] === 'string' && /^\d{1,5}$/.test(balance['netuid'])) {
    balance['netuid'] = Number(balance['netuid']);
  }
  return balance;
}

function isAlphaBalance(value: unknown): value is AlphaBalance {
  if (typeof value !== 'object' || value === null) return false;
  const { balance, balance_as_tao, hotkey, coldkey, netuid } = value as Partial<AlphaBalance>;
  return (
    typeof balance === 'string' &&
    RAO.test(balance) &&
    typeof balance_as_tao === 'string' &&
    RAO.test(balance_as_tao) &&
    isSs58(hotkey) &&
    isSs58(coldkey) &&
    Number.isSafeInteger(netuid)
  );
}

const AlphaBalances = defineField('alphaBalances', {
  normalize: (value) => {
    if (Array.isArray(value)) value.forEach(alphaBalance);
    return value;
  },
  accepts: (value) => Array.isArray(value) && value.length <= MAX_POSITIONS && value.every(isAlphaBalance),
  expected: 'a list of {balance, balance_as_tao, hotkey, coldkey, netuid}',
});

/**
 * One row of `account/history`, and the part that `account/latest` shares. Rao of TAO. Always
 * staked = staked_alpha_as_tao + staked_root, and total = free + staked + reserved + liquidity.
 */
export class AccountHistoryPayload {
  @Account() address!: AccountKey;
  @Text(OPTIONAL) network!: string | null;
  @Whole() block_number!: number;
  @Instant() timestamp!: string;
  @Whole(OPTIONAL) rank!: number | null;
  @RaoText() balance_free!: string;
  @RaoText() balance_staked!: string;
  @RaoText() balance_total!: string;
  @RaoText(OPTIONAL) balance_reserved!: string | null;
  @RaoText(OPTIONAL) balance_staked_alpha_as_tao!: string | null;
  @RaoText(OPTIONAL) balance_staked_root!: string | null;
  @RaoText(OPTIONAL) balance_liquidity!: string | null;
  @RaoText(OPTIONAL) root_basket_claimable_tao!: string | null;
  @Text(OPTIONAL) root_claim_type!: string | null;
  @Text(OPTIONAL) created_on_date!: string | null;
  @Text(OPTIONAL) created_on_network!: string | null;
}

/** One row of `account/latest`. The `_24hr_ago` fields and positions are filled only when `address` was given. */
export class AccountPayload extends AccountHistoryPayload {
  @RaoText(OPTIONAL) balance_free_24hr_ago!: string | null;
  @RaoText(OPTIONAL) balance_reserved_24hr_ago!: string | null;
  @RaoText(OPTIONAL) balance_staked_24hr_ago!: string | null;
  @RaoText(OPTIONAL) balance_staked_alpha_as_tao_24hr_ago!: string | null;
  @RaoText(OPTIONAL) balance_staked_root_24hr_ago!: string | null;
  @RaoText(OPTIONAL) balance_liquidity_24hr_ago!: string | null;
  @RaoText(OPTIONAL) balance_total_24hr_ago!: string | null;
  @AlphaBalances(OPTIONAL) alpha_balances!: AlphaBalance[] | null;
  @AlphaBalances(OPTIONAL) alpha_balances_24hr_ago!: AlphaBalance[] | null;
}

/** One row of `identity/latest`: what the owner of an address says of itself. */
export class IdentityPayload {
  @Account() address!: AccountKey;
  @Account(OPTIONAL) validator_hotkey!: AccountKey | null;
  @Text(OPTIONAL) name!: string | null;
  @Text(OPTIONAL) url!: string | null;
  @Text(OPTIONAL) github_repo!: string | null;
  @Text(OPTIONAL) image!: string | null;
  @Text(OPTIONAL) discord!: string | null;
  @Text(OPTIONAL) description!: string | null;
  @Text(OPTIONAL) additional!: string | null;
}
