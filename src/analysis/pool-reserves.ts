import { ExactDecimal } from '../common';
import type { Pool } from '../database';
import type { PoolReserves } from './amm/pool';
import { floorRao } from './exact';
import type { PoolIdentityRow } from './reconciliation/pool-checks';

/** What the curve needs of a pool's row. */
export type ReservesRow = Pick<
  Pool,
  | 'netuid'
  | 'blockNumber'
  | 'totalTao'
  | 'alphaInPool'
  | 'price'
  | 'feeRate'
  | 'startupMode'
  | 'liquidityRaw'
  | 'alphaSqrtPrice'
>;

/** What a pool row says to the curve; price and reserves are of one row, so of one block. */
export function toPoolReserves(pool: ReservesRow): PoolReserves {
  const { liquidityRaw, alphaSqrtPrice } = pool;
  return {
    netuid: pool.netuid,
    blockNumber: pool.blockNumber,
    // Stored figures may carry fractions of a rao; the chain's own do not.
    taoReserveRao: floorRao(new ExactDecimal(pool.totalTao)),
    alphaReserveRao: floorRao(new ExactDecimal(pool.alphaInPool)),
    price: pool.price,
    feeRate: pool.feeRate,
    startup: pool.startupMode === true,
    virtual: liquidityRaw === null || alphaSqrtPrice === null ? null : { liquidityRaw, alphaSqrtPrice },
  };
}

/** The same with the further fields that identities bind, for R10. */
export function toPoolIdentityRow(pool: Pool): PoolIdentityRow {
  const raoOf = (text: string | null): bigint | null => (text === null ? null : floorRao(new ExactDecimal(text)));
  return {
    pool: toPoolReserves(pool),
    alphaStakedRao: raoOf(pool.alphaStaked),
    marketCap: pool.marketCap,
    liquidity: pool.liquidity,
    protocolTaoRao: raoOf(pool.protocolProvidedTao),
    userTaoRao: raoOf(pool.userProvidedTao),
    protocolAlphaRao: raoOf(pool.protocolProvidedAlpha),
    userAlphaRao: raoOf(pool.userProvidedAlpha),
  };
}
