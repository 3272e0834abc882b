import { ExactDecimal } from '../common';
import type { Pool } from '../database';
import type { PoolReserves } from './amm/pool';
import { floorRao } from './exact';

/** What a stored pool row says to the curve; price and reserves are of one row, so of one block. */
export function toPoolReserves(pool: Pool): PoolReserves {
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
