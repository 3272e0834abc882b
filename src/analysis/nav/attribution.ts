import { ROOT_NETUID } from '../amm/pool';
import { splitRao } from '../exact';
import type { HeldPosition } from './holding';
import type { HoldingValue } from './holding-value';
import type { Nav, WalletBalance } from './nav';

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

/** One wallet's part of the treasury, in TAO rao. The exit figures are its share of one exit of the whole treasury. */
export interface WalletShare {
  coldkey: string;
  freeRao: bigint | null;
  reservedRao: bigint | null;
  rootRao: bigint;
  alphaMidRao: bigint;
  midRao: bigint | null;
  exec50Rao: bigint | null;
  exec100Rao: bigint | null;
  /** False where a balance or a price of this wallet is missing; the totals are then null, the rest is what is known. */
  complete: boolean;
}

/**
 * Splits a treasury over its wallets; wallets add up to the treasury to the rao (before any extrinsic fees of an exit).
 * A wallet that holds stake but has no account row is listed with unknown balances.
 */
export function attributeWallets(nav: Nav, wallets: readonly WalletBalance[]): WalletShare[] {
  const shares = nav.holdings.flatMap(attributeHolding);
  const balances = new Map(wallets.map((wallet) => [wallet.coldkey, wallet]));
  const coldkeys = new Set([...balances.keys(), ...shares.map((share) => share.position.coldkey)]);
  return [...coldkeys].map((coldkey) => {
    const own = shares.filter((share) => share.position.coldkey === coldkey);
    return walletShare(coldkey, balances.get(coldkey) ?? null, own);
  });
}

function walletShare(coldkey: string, balance: WalletBalance | null, own: readonly PositionValue[]): WalletShare {
  const freeRao = balance?.freeRao ?? null;
  const reservedRao = balance?.reservedRao ?? null;
  const sum = (values: readonly PositionValue[], rao: (value: PositionValue) => bigint | null): bigint =>
    values.reduce((total, value) => total + (rao(value) ?? 0n), 0n);
  const root = own.filter((value) => value.position.netuid === ROOT_NETUID);
  const alpha = own.filter((value) => value.position.netuid !== ROOT_NETUID);
  const rootRao = sum(root, (value) => value.midRao);
  const alphaMidRao = sum(alpha, (value) => value.midRao);
  const complete = freeRao !== null && reservedRao !== null && own.every((value) => value.midRao !== null);
  const cashRao = freeRao ?? 0n;
  return {
    coldkey,
    freeRao,
    reservedRao,
    rootRao,
    alphaMidRao,
    midRao: complete ? cashRao + (reservedRao ?? 0n) + rootRao + alphaMidRao : null,
    exec50Rao: complete ? cashRao + sum(own, (value) => value.exec50Rao) : null,
    exec100Rao: complete ? cashRao + sum(own, (value) => value.exec100Rao) : null,
    complete,
  };
}

function column(totalRao: bigint | null, weights: bigint[]): (bigint | null)[] {
  return totalRao === null ? weights.map(() => null) : splitRao(totalRao, weights);
}

function atLeastZero(rao: bigint): bigint {
  return rao > 0n ? rao : 0n;
}
