import { DEFAULT_FEE_NUMERATOR, FEE_DENOMINATOR, MAXIMUM_FEE_NUMERATOR, feeOn } from '../amm/fee';
import { ceilDiv } from '../exact';

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

export interface UnstakeReading {
  /** What really left the position, fee included. */
  alphaRao: bigint;
  /** The stated fee is that of neither meaning at any rate, so the alpha may be off by the fee or by a refund. */
  doubtful: boolean;
}

/**
 * Reads an unstake whichever meaning its alpha has. The fee decides: floor(alpha * f / 65535) means the row is gross,
 * floor((alpha + fee) * f / 65535) that it is net; f is the subnet's own rate, else the network's, else any that an owner
 * may have set by then. What both meanings fit, or neither, goes by the block.
 */
export function readUnstake(
  row: UnstakeRow,
  rules: { feeNumerator?: bigint; netFromBlock?: number } = {},
): UnstakeReading {
  const { alphaRao, feeAlphaRao: feeRao } = row;
  const { feeNumerator = DEFAULT_FEE_NUMERATOR, netFromBlock = NET_ALPHA_FROM_BLOCK } = rules;
  const withFeeRao = alphaRao + feeRao;
  if (feeRao === 0n) return { alphaRao, doubtful: false };
  const fits: ((grossRao: bigint) => boolean)[] = [
    (grossRao) => feeOn(grossRao, feeNumerator) === feeRao,
    (grossRao) => feeOn(grossRao, DEFAULT_FEE_NUMERATOR) === feeRao,
    (grossRao) => hasSomeRate(grossRao, feeRao),
  ];
  const byBlock = row.blockNumber >= netFromBlock ? withFeeRao : alphaRao;
  const decisive = fits.find((fit) => fit(alphaRao) || fit(withFeeRao));
  if (decisive === undefined) return { alphaRao: byBlock, doubtful: true };
  if (decisive(alphaRao) && decisive(withFeeRao)) return { alphaRao: byBlock, doubtful: false };
  return { alphaRao: decisive(withFeeRao) ? withFeeRao : alphaRao, doubtful: false };
}

/** Whether some rate that the chain allows takes exactly this fee. */
function hasSomeRate(grossRao: bigint, feeRao: bigint): boolean {
  if (grossRao <= 0n) return false;
  const numerator = ceilDiv(feeRao * FEE_DENOMINATOR, grossRao);
  return numerator <= MAXIMUM_FEE_NUMERATOR && feeOn(grossRao, numerator) === feeRao;
}
