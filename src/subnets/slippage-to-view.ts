import {
  type CheckResult,
  type CurvePoint,
  curveOf,
  exitCurve,
  largestInputUnder,
  slippageSurface,
  type SwapQuote,
  toPoolReserves,
  type UpstreamQuote,
} from '../analysis';
import { ExactDecimal, formatTokens, tokensOf } from '../common';
import type { Pool } from '../database';
import type { CurvePointView, ExitCurveView, LargestTradeView, SurfaceSubnetView } from './slippage-curve.view';
import type { LocalQuoteView, SlippageInputsView, SlippageView, UpstreamQuoteView } from './slippage-quote.view';

/** Slippages, fee included, whose largest sale an exit curve tells. */
const EXIT_SLIPPAGES = ['0.01', '0.02', '0.05', '0.1'] as const;
const PERCENT = new ExactDecimal(100);

export function toInputsView(pool: Pool): SlippageInputsView {
  return {
    block_number: pool.blockNumber,
    block_at: pool.timestamp.toISOString(),
    price_tao: pool.price,
    tao_reserve: tokensOf(pool.totalTao),
    alpha_reserve: tokensOf(pool.alphaInPool),
    fee_rate: pool.feeRate,
  };
}

/** Our quote alone. */
export function toSlippageView(pool: Pool, quote: SwapQuote): SlippageView {
  const local = toLocalQuoteView(quote);
  return {
    netuid: quote.netuid,
    direction: quote.direction,
    input_token: quote.direction === 'stake' ? 'tao' : 'alpha',
    input: formatTokens(quote.inRao),
    answered_by: 'local',
    output_token: local.output_token,
    output: local.output,
    slippage: local.slippage,
    includes_fee: true,
    local,
    inputs: toInputsView(pool),
    upstream: null,
  };
}

/** The quote of TaoStats in front, ours beside it. */
export function withUpstreamQuote(view: SlippageView, upstream: UpstreamQuote, check: CheckResult): SlippageView {
  const quote: UpstreamQuoteView = {
    output: formatTokens(upstream.outRao),
    expected_output: formatTokens(upstream.expectedOutRao),
    slippage: new ExactDecimal(upstream.slippagePercent).div(PERCENT).toFixed(),
    price_tao: upstream.price,
    block_number: upstream.blockNumber,
    block_at: upstream.at.toISOString(),
    fetched_at: upstream.fetchedAt.toISOString(),
    stale: upstream.stale,
    same_block: upstream.blockNumber === view.inputs.block_number,
    difference: check.difference,
    agreement: check.severity,
  };
  const { output, slippage } = quote;
  return {
    ...view,
    answered_by: 'taostats',
    output,
    slippage,
    includes_fee: false,
    upstream: { quote, error: null },
  };
}

/** A curve of `steps` sales; the caller has made sure that at least one is possible. */
export function toExitCurveView(pool: Pool, points: readonly CurvePoint[], alphaRao: bigint): ExitCurveView {
  const curve = curveOf(toPoolReserves(pool));
  return {
    netuid: pool.netuid,
    amount: formatTokens(alphaRao),
    method: curve?.method ?? '',
    notes: [...(curve?.notes ?? [])],
    inputs: toInputsView(pool),
    points: points.map(toCurvePointView),
    largest_under: curve === null ? [] : EXIT_SLIPPAGES.map((slippage) => largestUnder(curve, slippage)),
  };
}

export function exitPoints(pool: Pool, alphaRao: bigint, steps: number): CurvePoint[] {
  return exitCurve(toPoolReserves(pool), alphaRao, steps);
}

/** One subnet of the surface. A pool that cannot be traded is listed with the reason at every size. */
export function toSurfaceSubnetView(pool: Pool): SurfaceSubnetView {
  const reserves = toPoolReserves(pool);
  const curve = curveOf(reserves);
  return {
    netuid: pool.netuid,
    method: curve?.method ?? null,
    notes: [...(curve?.notes ?? [])],
    inputs: toInputsView(pool),
    points: slippageSurface(reserves).map(toCurvePointView),
  };
}

function toLocalQuoteView(quote: SwapQuote): LocalQuoteView {
  return {
    output_token: quote.direction === 'stake' ? 'alpha' : 'tao',
    output: formatTokens(quote.outRao),
    expected_output: formatTokens(quote.expectedOutRao),
    fee_token: quote.feeToken,
    fee: formatTokens(quote.feeRao),
    fee_cost: formatTokens(quote.feeCostRao),
    impact_cost: formatTokens(quote.impactCostRao),
    slippage: quote.slippage,
    price_impact: quote.impact,
    spot_price_tao: quote.spotPrice,
    average_price_tao: quote.averagePrice,
    post_price_tao: quote.postPrice,
    method: quote.method,
    notes: [...quote.notes],
  };
}

function toCurvePointView({ direction, sizeTaoRao, inRao, result }: CurvePoint): CurvePointView {
  const quote = result.ok ? result.value : null;
  return {
    direction,
    size_tao: formatTokens(sizeTaoRao),
    input: formatTokens(inRao),
    output: quote === null ? null : formatTokens(quote.outRao),
    slippage: quote?.slippage ?? null,
    price_impact: quote?.impact ?? null,
    refusal: result.ok ? null : { ...result.refusal },
  };
}

function largestUnder(curve: NonNullable<ReturnType<typeof curveOf>>, slippage: string): LargestTradeView {
  const amountRao = largestInputUnder(curve, { direction: 'unstake', maximum: new ExactDecimal(slippage) });
  return { slippage, amount: amountRao === null ? null : formatTokens(amountRao) };
}
