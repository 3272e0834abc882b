import type { BasisEntry, BasisResult, ClosingMark } from './basis-entry';

export interface AverageCostResult extends BasisResult {
  boughtAlphaRao: bigint;
  soldAlphaRao: bigint;
  /** balance - bought + sold - transferred in + transferred out: the residual, so it absorbs any missed event. */
  earnedAlphaRao: bigint;
}

/**
 * All-time average cost as TaoStats computes it: realised = sold - bought * min(1, sold alpha / bought alpha), unrealised =
 * value - bought * max(0, 1 - sold alpha / bought alpha). Not ordered in time; transfers carry no cost, so a position that
 * was sent away keeps its cost and one that was received looks like pure gain: `basisComplete` says so.
 */
export function computeAverageCost(entries: readonly BasisEntry[], closing: ClosingMark): AverageCostResult {
  const total = (kinds: BasisEntry['kind'][], rao: (entry: BasisEntry) => bigint): bigint =>
    entries.filter((entry) => kinds.includes(entry.kind)).reduce((sum, entry) => sum + rao(entry), 0n);
  const alpha = (entry: BasisEntry): bigint => entry.alphaRao;
  const tao = (entry: BasisEntry): bigint => entry.taoRao;

  const boughtAlphaRao = total(['buy'], alpha);
  const soldAlphaRao = total(['sell', 'dissolution'], alpha);
  const boughtRao = total(['buy'], tao);
  const soldRao = total(['sell', 'dissolution'], tao);
  const transferredIn = total(['transfer_in'], alpha);
  const transferredOut = total(['transfer_out'], alpha);

  const matchedRao = soldAlphaRao < boughtAlphaRao ? soldAlphaRao : boughtAlphaRao;
  const consumedRao = boughtAlphaRao === 0n ? boughtRao : (boughtRao * matchedRao) / boughtAlphaRao;
  const costRao = boughtRao - consumedRao;
  const earnedAlphaRao = closing.alphaRao - boughtAlphaRao + soldAlphaRao - transferredIn + transferredOut;
  return {
    realisedRao: soldRao - consumedRao,
    unrealisedRao: closing.valueRao - costRao,
    yieldRao: 0n,
    costRao,
    basisComplete: transferredIn === 0n && transferredOut === 0n && earnedAlphaRao >= 0n,
    unmatchedAlphaRao: soldAlphaRao > boughtAlphaRao ? soldAlphaRao - boughtAlphaRao : 0n,
    boughtAlphaRao,
    soldAlphaRao,
    earnedAlphaRao,
  };
}
