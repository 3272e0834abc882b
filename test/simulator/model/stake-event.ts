import { NET_UNSTAKE_BLOCK } from '../chain';
import type { Key } from '../keys';
import { PRICE_SCALE, ratioText } from '../numbers';
import { spotPrice, type Reserves } from './amm';

/** One row of the delegation list. */
export interface StakeEvent {
  id: string;
  block: number;
  action: 'DELEGATE' | 'UNDELEGATE';
  nominator: Key;
  delegate: Key;
  netuid: number;
  /** rao of TAO: paid in gross when staking, received when unstaking; 0 for swaps of a hotkey and liquidations. */
  amount: bigint;
  /** rao of alpha as the row states it; unstaking states it net of the fee since April 2026. */
  alpha: bigint;
  /** rao of the token that was paid in. */
  fee: bigint;
  /** Percent, fee included. */
  slippage: string;
  extrinsic: string;
  transferAddress: Key | null;
}

/** One row of the transfer list. */
export interface TransferEvent {
  id: string;
  block: number;
  from: Key;
  to: Key;
  amount: bigint;
  fee: bigint;
  extrinsic: string;
}

/** Alpha of an unstake as the row states it. */
export function statedAlpha(block: number, gross: bigint, fee: bigint): bigint {
  return block < NET_UNSTAKE_BLOCK ? gross : gross - fee;
}

/** Percent lost against the price just before, fee included, when TAO buys alpha. */
export function buySlippage(pool: Reserves, paid: bigint, received: bigint): string {
  const ideal = (paid * PRICE_SCALE) / spotPrice(pool);
  return ideal === 0n ? '0' : ratioText((ideal - received) * 100n, ideal, 18);
}

/** The same when alpha is sold. */
export function sellSlippage(pool: Reserves, paid: bigint, received: bigint): string {
  const ideal = paid * spotPrice(pool);
  return ideal === 0n ? '0' : ratioText((ideal - received * PRICE_SCALE) * 100n, ideal, 18);
}
