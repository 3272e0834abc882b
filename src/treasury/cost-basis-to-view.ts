import { type MissingInput, type PositionBasis, type PositionFigures, shareText, splitRao } from '../analysis';
import type { CostBasisTotalView, CostBasisView, LotView } from './cost-basis.view';
import { tao } from './portfolio-to-view';

const UNIT_COST_PLACES = 18;

export function toCostBasisView({ coldkey, netuid, generation, figures, reason }: PositionBasis): CostBasisView {
  const amount = (pick: (known: PositionFigures) => bigint): string | null =>
    figures === null ? null : tao(pick(figures));
  return {
    wallet: coldkey,
    netuid,
    registration_block: generation,
    state: figures === null ? 'unknown' : 'known',
    reason,
    basis_complete: figures?.basisComplete ?? null,
    alpha: amount((known) => known.alphaRao),
    value_tao: amount((known) => known.valueRao),
    cost_tao: amount((known) => known.costRao),
    unit_cost_tao: figures === null ? null : shareText(figures.costRao, figures.alphaRao, UNIT_COST_PLACES),
    realised_tao: amount((known) => known.realisedRao),
    unrealised_tao: amount((known) => known.unrealisedRao),
    yield_tao: amount((known) => known.yieldRao),
    in_tao: amount((known) => known.inRao),
    out_tao: amount((known) => known.outRao),
    carried_in_tao: amount((known) => known.carriedInRao),
    carried_out_tao: amount((known) => known.carriedOutRao),
    emission_alpha: amount((known) => known.emissionAlphaRao),
    unmatched_alpha: amount((known) => known.unmatchedAlphaRao),
    lots: figures?.lots.length ?? null,
    events: figures?.eventCount ?? null,
    closure_rao: figures?.closureRao.toString() ?? null,
  };
}

/** Open lots of one position, the next to go first; their values add up to the position's. */
export function toLotViews({ coldkey, netuid, generation, figures }: PositionBasis): LotView[] {
  if (figures === null) return [];
  const values = splitRao(
    figures.valueRao,
    figures.lots.map((lot) => lot.alphaRao),
  );
  return figures.lots.map((lot, position) => ({
    wallet: coldkey,
    netuid,
    registration_block: generation,
    position,
    id: lot.id,
    kind: lot.kind,
    acquired_block: lot.at === null ? null : lot.blockNumber,
    acquired_at: lot.at?.toISOString() ?? null,
    alpha: tao(lot.alphaRao),
    cost_tao: tao(lot.costRao),
    value_tao: tao(values[position] ?? null),
  }));
}

/** Null unless everything that was asked for is known. */
export function toCostBasisTotal(positions: readonly PositionBasis[], isKnown: boolean): CostBasisTotalView {
  const known = positions.flatMap(({ figures }) => figures ?? []);
  const total = (pick: (figures: PositionFigures) => bigint): string | null =>
    isKnown ? tao(known.reduce((sum, figures) => sum + pick(figures), 0n)) : null;
  return {
    value_tao: total((figures) => figures.valueRao),
    cost_tao: total((figures) => figures.costRao),
    realised_tao: total((figures) => figures.realisedRao),
    unrealised_tao: total((figures) => figures.unrealisedRao),
    yield_tao: total((figures) => figures.yieldRao),
    basis_complete: isKnown ? known.every((figures) => figures.basisComplete) : null,
  };
}

/** What concerns a whole wallet is said once, not for each of its subnets. */
export function missingBasis(
  positions: readonly PositionBasis[],
  wallets: readonly { wallet: string; reason: string }[],
): MissingInput[] {
  const isSaid = (coldkey: string, reason: string): boolean =>
    wallets.some((whole) => whole.wallet === coldkey && whole.reason === reason);
  return [
    ...wallets.map(({ wallet, reason }) => ({ input: `wallet ${wallet}`, reason })),
    ...positions.flatMap(({ coldkey, netuid, reason }) =>
      reason === null || isSaid(coldkey, reason) ? [] : [{ input: `subnet ${netuid} of ${coldkey}`, reason }],
    ),
  ];
}
