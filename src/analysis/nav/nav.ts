import { ROOT_NETUID, type PoolReserves } from '../amm/pool';
import { ExactDecimal } from '../../common';
import { exact } from '../exact';
import { groupHoldings, holdingKey, type HeldPosition } from './holding';
import { computeHoldingValue, type HoldingValue } from './holding-value';

/** Free and reserved TAO of one coldkey; null where the account is not known, which is not zero. */
export interface WalletBalance {
  coldkey: string;
  freeRao: bigint | null;
  reservedRao: bigint | null;
  /** Root dividends accrued in validator baskets, unclaimed: its own line, in no total. */
  rootBasketRao?: bigint | null;
}

/** A pool row with the subnet generation that it describes. */
export interface SubnetPool {
  generation: number | null;
  pool: PoolReserves;
}

export interface NavInputs {
  wallets: readonly WalletBalance[];
  positions: readonly HeldPosition[];
  pools: readonly SubnetPool[];
  /** Inputs that the caller does not trust, by name and reason; any makes the result incomplete. */
  refusedInputs?: readonly MissingInput[];
  /** TAO that the extrinsics of an exit would cost; left out of the executable figures when absent. */
  exitExtrinsicFeesRao?: bigint;
}

export interface MissingInput {
  input: string;
  reason: string;
}

/** Sums in TAO rao over what is known. */
export interface NavTotals {
  freeRao: bigint;
  reservedRao: bigint;
  rootRao: bigint;
  alphaMidRao: bigint;
  alphaExec50Rao: bigint;
  alphaExec100Rao: bigint;
  midRao: bigint;
  exec50Rao: bigint;
  exec100Rao: bigint;
  rootBasketRao: bigint;
}

/**
 * Net asset value. `known` adds up what could be valued; the three totals are null unless that is everything, because a
 * sum with a missing part is a smaller number and not a value.
 */
export interface Nav {
  midRao: bigint | null;
  exec50Rao: bigint | null;
  exec100Rao: bigint | null;
  complete: boolean;
  missing: readonly MissingInput[];
  known: NavTotals;
  holdings: readonly HoldingValue[];
}

/**
 * mid = free + reserved + root + sum of marks; executable = free + root + sum of exits (reserved TAO cannot be spent) less
 * the optional extrinsic fees. Stake is added up over hotkeys and own coldkeys per subnet generation before pricing.
 */
export function computeNav(inputs: NavInputs): Nav {
  const pools = new Map(
    inputs.pools.map((entry) => [holdingKey({ ...entry.pool, generation: entry.generation }), entry.pool]),
  );
  const holdings = groupHoldings(inputs.positions).map((holding) =>
    computeHoldingValue(holding, pools.get(holdingKey(holding)) ?? null),
  );
  const missing = [...(inputs.refusedInputs ?? []), ...missingBalances(inputs.wallets), ...missingPrices(holdings)];
  const known = totals(inputs, holdings);
  const complete = missing.length === 0;
  return {
    midRao: complete ? known.midRao : null,
    exec50Rao: complete ? known.exec50Rao : null,
    exec100Rao: complete ? known.exec100Rao : null,
    complete,
    missing,
    known,
    holdings,
  };
}

/** TAO rao in dollars with two decimals, cut; null without a price. */
export function usdText(rao: bigint | null, usdPerTao: string | null): string | null {
  if (rao === null || usdPerTao === null) return null;
  return exact(rao).times(usdPerTao).div('1000000000').toFixed(2, ExactDecimal.ROUND_DOWN);
}

function totals(inputs: NavInputs, holdings: readonly HoldingValue[]): NavTotals {
  const alpha = holdings.filter((value) => value.holding.netuid !== ROOT_NETUID);
  const root = holdings.filter((value) => value.holding.netuid === ROOT_NETUID);
  const freeRao = sum(inputs.wallets, (wallet) => wallet.freeRao);
  const reservedRao = sum(inputs.wallets, (wallet) => wallet.reservedRao);
  const rootRao = sum(root, (value) => value.midRao);
  const alphaMidRao = sum(alpha, (value) => value.midRao);
  const alphaExec50Rao = sum(alpha, (value) => value.exit50?.execRao);
  const alphaExec100Rao = sum(alpha, (value) => value.exit100?.execRao);
  const exitFeesRao = inputs.exitExtrinsicFeesRao ?? 0n;
  return {
    freeRao,
    reservedRao,
    rootRao,
    alphaMidRao,
    alphaExec50Rao,
    alphaExec100Rao,
    midRao: freeRao + reservedRao + rootRao + alphaMidRao,
    exec50Rao: freeRao + sum(root, (value) => value.exit50?.execRao) + alphaExec50Rao - exitFeesRao,
    exec100Rao: freeRao + sum(root, (value) => value.exit100?.execRao) + alphaExec100Rao - exitFeesRao,
    rootBasketRao: sum(inputs.wallets, (wallet) => wallet.rootBasketRao),
  };
}

function missingBalances(wallets: readonly WalletBalance[]): MissingInput[] {
  return wallets
    .filter((wallet) => wallet.freeRao === null || wallet.reservedRao === null)
    .map((wallet) => ({ input: `account ${wallet.coldkey}`, reason: 'its free or reserved balance is not known' }));
}

function missingPrices(holdings: readonly HoldingValue[]): MissingInput[] {
  return holdings
    .filter((value) => value.midRao === null)
    .map(({ holding, flags }) => ({
      input: `pool ${holding.netuid}`,
      reason: flags.includes('startup')
        ? 'trading has not started, the price has no meaning'
        : 'no usable price or reserves',
    }));
}

function sum<T>(items: readonly T[], rao: (item: T) => bigint | null | undefined): bigint {
  return items.reduce((total, item) => total + (rao(item) ?? 0n), 0n);
}
