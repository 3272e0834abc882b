import { splitRao } from '../exact';
import type { HeldPosition } from './holding';
import type { HoldingValue } from './holding-value';

/** A position's share of what its whole subnet holding is worth; null where the holding is unpriced. TAO rao. */
export interface PositionValue {
  position: HeldPosition;
  midRao: bigint | null;
  exec50Rao: bigint | null;
  exec100Rao: bigint | null;
  feeRao: bigint | null;
  impactRao: bigint | null;
}

/**
 * Gives a holding's values back to its positions in proportion to alpha (exits: to alpha that is not locked). Every column
 * adds up to the holding's figure exactly, so wallets add up to the portfolio. Fee and impact are those of selling all.
 */
export function attributeHolding(value: HoldingValue): PositionValue[] {
  const { positions } = value.holding;
  const all = positions.map((position) => position.alphaRao);
  const unlocked = positions.map((position) => atLeastZero(position.alphaRao - (position.lockedAlphaRao ?? 0n)));
  const columns = {
    mid: column(value.midRao, all),
    exec50: column(value.exit50?.execRao ?? null, unlocked),
    exec100: column(value.exit100?.execRao ?? null, unlocked),
    fee: column(value.exit100?.feeRao ?? null, unlocked),
    impact: column(value.exit100?.impactRao ?? null, unlocked),
  };
  return positions.map((position, index) => ({
    position,
    midRao: columns.mid[index] ?? null,
    exec50Rao: columns.exec50[index] ?? null,
    exec100Rao: columns.exec100[index] ?? null,
    feeRao: columns.fee[index] ?? null,
    impactRao: columns.impact[index] ?? null,
  }));
}

function column(totalRao: bigint | null, weights: bigint[]): (bigint | null)[] {
  return totalRao === null ? weights.map(() => null) : splitRao(totalRao, weights);
}

function atLeastZero(rao: bigint): bigint {
  return rao > 0n ? rao : 0n;
}
