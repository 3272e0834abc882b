/** netuid of the root network: price 1, no pool, no fee, no slippage. */
export const ROOT_NETUID = 0;

/** Smallest trade the chain accepts, in TAO rao: stakes net of fee, unstakes by the TAO they yield. */
export const MINIMUM_TRADE_RAO = 2_000_000n;
/** The chain refuses to swap against an output reserve below this. */
export const MINIMUM_RESERVE_RAO = 1_000_000n;
/** A net input above this multiple of the input reserve is refused by the chain. */
export const MAXIMUM_SWAP_MULTIPLE = 1_000n;
/** A nominator remainder worth less than this many TAO rao is sold by the chain without a limit. */
export const NOMINATOR_DUST_RAO = 20_000_000n;
export const MINIMUM_PRICE = '0.000001';
export const MAXIMUM_PRICE = '1000000';

/** The swap-v3 state from which block 5,947,549 to mid-2026 priced trades: liquidity L and the square root of the price. */
export interface VirtualLiquidity {
  liquidityRaw: string;
  alphaSqrtPrice: string;
}

/**
 * One pool as one TaoStats row shows it. Price and reserves must come from the same row: weights recovered from another
 * row's price are worse than no weights. Amounts in rao, price in TAO per alpha, `feeRate` a fraction as text.
 */
export interface PoolReserves {
  netuid: number;
  blockNumber: number;
  taoReserveRao: bigint;
  alphaReserveRao: bigint;
  price: string | null;
  feeRate: string | null;
  startup: boolean;
  virtual?: VirtualLiquidity | null;
}
