import {
  ALL_WALLETS,
  attributeHolding,
  attributeWallets,
  computeConcentration,
  computeNav,
  type Concentration,
  type ExitValue,
  type HoldingValue,
  type Nav,
  type PositionValue,
  toNavInputs,
  usdText,
  type WalletShare,
} from '../analysis';
import { formatTokens } from '../common';
import type { NavRows } from '../database';
import type { DrawdownView } from './portfolio-history.view';
import type {
  ConcentrationView,
  ExitView,
  HoldingView,
  KnownPartsView,
  NavView,
  PortfolioView,
  PositionShareView,
  WalletShareView,
} from './portfolio.view';

const ROOT = 0;

/** The value of the rows' wallets, of one or of all. */
export function toPortfolioView(wallet: string | null, rows: NavRows, drawdown: DrawdownView): PortfolioView {
  const inputs = toNavInputs(rows);
  const nav = computeNav(inputs);
  const usd = rows.taoPrice?.price ?? null;
  const shares = new Map(attributeWallets(nav, inputs.wallets).map((share) => [share.coldkey, share]));
  return {
    scope: wallet ?? ALL_WALLETS,
    complete: nav.complete,
    missing: nav.missing.map(({ input, reason }) => ({ input, reason })),
    nav: toNavView(nav, usd),
    known: toKnownPartsView(nav),
    usd_per_tao: usd,
    usd_measured_at: rows.taoPrice?.lastUpdated.toISOString() ?? null,
    holdings: nav.holdings.map((value) => toHoldingView(value, usd)),
    wallets: rows.standings.flatMap(({ wallet: { address, label } }) => {
      const share = shares.get(address);
      const account = rows.accounts.find((row) => row.address === address);
      return share === undefined ? [] : [toWalletShareView(share, label, account?.blockNumber ?? null)];
    }),
    concentration: nav.complete ? toConcentrationView(computeConcentration(bucketsOf(nav))) : null,
    alpha_concentration: nav.complete ? toConcentrationView(computeConcentration(alphaOf(nav))) : null,
    drawdown,
  };
}

export function tao(rao: bigint): string;
export function tao(rao: bigint | null): string | null;
export function tao(rao: bigint | null): string | null {
  return rao === null ? null : formatTokens(rao);
}

function toNavView({ midRao, exec50Rao, exec100Rao }: Nav, usd: string | null): NavView {
  return {
    mid_tao: tao(midRao),
    executable_50_tao: tao(exec50Rao),
    executable_100_tao: tao(exec100Rao),
    mid_usd: usdText(midRao, usd),
    executable_50_usd: usdText(exec50Rao, usd),
    executable_100_usd: usdText(exec100Rao, usd),
  };
}

function toKnownPartsView({ known }: Nav): KnownPartsView {
  return {
    free_tao: tao(known.freeRao),
    reserved_tao: tao(known.reservedRao),
    root_tao: tao(known.rootRao),
    alpha_mid_tao: tao(known.alphaMidRao),
    alpha_executable_50_tao: tao(known.alphaExec50Rao),
    alpha_executable_100_tao: tao(known.alphaExec100Rao),
    root_basket_tao: tao(known.rootBasketRao),
  };
}

function toHoldingView(value: HoldingValue, usd: string | null): HoldingView {
  const { holding } = value;
  return {
    netuid: holding.netuid,
    registration_block: holding.generation,
    alpha: tao(holding.alphaRao),
    price_tao: value.price,
    pool_block: value.blockNumber,
    mid_tao: tao(value.midRao),
    mid_usd: usdText(value.midRao, usd),
    exit_50: toExitView(value.exit50),
    exit_100: toExitView(value.exit100),
    half_sold_mark_tao: tao(value.halfSoldMarkRao),
    flags: [...value.flags],
    positions: attributeHolding(value).map(toPositionShareView),
  };
}

function toExitView(exit: ExitValue | null): ExitView | null {
  if (exit === null) return null;
  return {
    value_tao: tao(exit.execRao),
    fee_tao: tao(exit.feeRao),
    impact_tao: tao(exit.impactRao),
    unsellable_tao: tao(exit.unsellableRao),
    slippage: exit.slippage,
  };
}

function toPositionShareView(share: PositionValue): PositionShareView {
  return {
    wallet: share.position.coldkey,
    hotkey: share.position.hotkey,
    alpha: tao(share.position.alphaRao),
    mid_tao: tao(share.midRao),
    executable_50_tao: tao(share.exec50Rao),
    executable_100_tao: tao(share.exec100Rao),
    fee_tao: tao(share.feeRao),
    impact_tao: tao(share.impactRao),
  };
}

function toWalletShareView(share: WalletShare, label: string | null, blockNumber: number | null): WalletShareView {
  return {
    address: share.coldkey,
    label,
    block_number: blockNumber,
    free_tao: tao(share.freeRao),
    reserved_tao: tao(share.reservedRao),
    root_tao: tao(share.rootRao),
    alpha_mid_tao: tao(share.alphaMidRao),
    mid_tao: tao(share.midRao),
    executable_50_tao: tao(share.exec50Rao),
    executable_100_tao: tao(share.exec100Rao),
    complete: share.complete,
  };
}

/** Executable values: each alpha holding, root, and cash. */
function bucketsOf(nav: Nav): bigint[] {
  const root = nav.holdings.filter((value) => value.holding.netuid === ROOT).map(executable);
  return [...alphaOf(nav), ...root, nav.known.freeRao];
}

function alphaOf(nav: Nav): bigint[] {
  return nav.holdings.filter((value) => value.holding.netuid !== ROOT).map(executable);
}

function executable(value: HoldingValue): bigint {
  return value.exit100?.execRao ?? 0n;
}

function toConcentrationView(found: Concentration | null): ConcentrationView | null {
  return found === null ? null : { hhi: found.hhi, effective_count: found.effectiveCount, band: found.band };
}
