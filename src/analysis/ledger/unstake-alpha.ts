import { DEFAULT_FEE_NUMERATOR, feeOn } from '../amm/fee';

/**
 * Through runtime 393 an unstake reported the alpha that left the position; from runtime 401 (2026-04-23) the alpha that
 * reached the pool, fee excluded. Noon of that day, counted at 12 s a block from block 7,295,491 (2026-01-11 04:11 UTC);
 * only rows that the fee itself cannot decide (less than 0.004 alpha, or a part-filled limit order) depend on it.
 */
export const NET_ALPHA_FROM_BLOCK = 8_032_200;

export interface UnstakeRow {
  blockNumber: number;
  alphaRao: bigint;
  feeAlphaRao: bigint;
}

/**
 * Alpha that really left the position, whichever meaning the row has. The fee decides: floor(alpha * f / 65535) means the
 * row is gross, floor((alpha + fee) * f / 65535) that it is net. Undecided rows go by their block.
 */
export function grossUnstakeAlpha(
  row: UnstakeRow,
  rules: { feeNumerator?: bigint; netFromBlock?: number } = {},
): bigint {
  const { feeNumerator = DEFAULT_FEE_NUMERATOR, netFromBlock = NET_ALPHA_FROM_BLOCK } = rules;
  if (row.feeAlphaRao === 0n) return row.alphaRao;
  const withFeeRao = row.alphaRao + row.feeAlphaRao;
  const fitsGross = feeOn(row.alphaRao, feeNumerator) === row.feeAlphaRao;
  const fitsNet = feeOn(withFeeRao, feeNumerator) === row.feeAlphaRao;
  const isNet = fitsGross === fitsNet ? row.blockNumber >= netFromBlock : fitsNet;
  return isNet ? withFeeRao : row.alphaRao;
}
