import { Amount, Count, Instant, REQUIRED, Words } from './columns';

/** What is known of an account at a block. Rao of TAO; total = free + staked + reserved + liquidity. */
export abstract class AccountFigures {
  @Count('block_number', REQUIRED) blockNumber!: number;
  @Instant('upstream_at', REQUIRED) upstreamAt!: Date;
  /** By total balance, 1 is the largest account. */
  @Count('rank') rank!: number | null;
  @Amount('balance_free', REQUIRED) balanceFree!: string;
  @Amount('balance_reserved') balanceReserved!: string | null;
  /** Alpha at the spot price plus root stake. */
  @Amount('balance_staked', REQUIRED) balanceStaked!: string;
  @Amount('balance_staked_alpha_as_tao') balanceStakedAlphaAsTao!: string | null;
  @Amount('balance_staked_root') balanceStakedRoot!: string | null;
  @Amount('balance_liquidity') balanceLiquidity!: string | null;
  @Amount('balance_total', REQUIRED) balanceTotal!: string;
  /** Root dividends that wait in validators' baskets; not part of the total. */
  @Amount('root_basket_claimable_tao') rootBasketClaimableTao!: string | null;
  /** `Swap`, `Keep`, `Delegate` and whatever comes next. */
  @Words('root_claim_type') rootClaimType!: string | null;
}
