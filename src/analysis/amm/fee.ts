import { ExactDecimal } from '../../common';
import { ceilDiv } from '../exact';

/** Fee rates (the chain's Swap.FeeRate) are u16 fractions of this. */
export const FEE_DENOMINATOR = 65_535n;
/** What the chain charges when a subnet sets nothing: 33 / 65535, about 0.05035 %. */
export const DEFAULT_FEE_NUMERATOR = 33n;
/** Highest rate that the chain lets a subnet owner set. */
export const MAXIMUM_FEE_NUMERATOR = 10_000n;
/** Before the swap pallet every stake and unstake paid this many TAO rao, whatever its size. */
export const FLAT_FEE_RAO = 50_000n;

export type SwapFee =
  { kind: 'none' } | { kind: 'flat'; taoRao: bigint } | { kind: 'rate'; numerator: bigint; assumed: boolean };

/**
 * Fee rate of a pool row as a numerator over 65535. TaoStats prints the fraction with 20 decimals, so the nearest
 * integer recovers the stored u16 exactly. A missing or absurd rate falls back to the default and says so (`assumed`).
 */
export function rateFee(feeRate: string | null): SwapFee {
  if (feeRate !== null && /^\d+(?:\.\d+)?$/.test(feeRate)) {
    const numerator = BigInt(
      new ExactDecimal(feeRate)
        .times(FEE_DENOMINATOR.toString())
        .toDecimalPlaces(0, ExactDecimal.ROUND_HALF_UP)
        .toFixed(),
    );
    if (numerator <= MAXIMUM_FEE_NUMERATOR) return { kind: 'rate', numerator, assumed: false };
  }
  return { kind: 'rate', numerator: DEFAULT_FEE_NUMERATOR, assumed: true };
}

/** floor(in * f / 65535), in the input token; the chain rounds the fee in the trader's favour. Domain: grossIn >= 0. */
export function feeOn(grossInRao: bigint, numerator: bigint): bigint {
  return (grossInRao * numerator) / FEE_DENOMINATOR;
}

/** Fee that a limit order adds to a net input: floor(net * f / (65535 - f)). */
export function feeOnNet(netInRao: bigint, numerator: bigint): bigint {
  return (netInRao * numerator) / (FEE_DENOMINATOR - numerator);
}

/** Smallest gross input that leaves at least `netInRao` after the fee. */
export function grossFor(netInRao: bigint, numerator: bigint): bigint {
  // floor() in the fee lets a gross up to one rao below the real-number answer suffice: step down while it does.
  let grossRao = ceilDiv(netInRao * FEE_DENOMINATOR, FEE_DENOMINATOR - numerator);
  while (grossRao > 0n && grossRao - 1n - feeOn(grossRao - 1n, numerator) >= netInRao) grossRao -= 1n;
  return grossRao;
}
