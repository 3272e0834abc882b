export { ceilDiv, exact, floorRao, ratioText, roundRao, shareText, splitRao } from './exact';
export { ROOT_CURVE, spotPrice, type Curve, type CurveNote, type SwapMethod } from './amm/curve';
export { ERAS, curveOf, eraAt, type Era } from './amm/era';
export { SURFACE_SIZES_RAO, alphaWorth, exitCurve, slippageSurface, type CurvePoint } from './amm/exit-curve';
export { DEFAULT_FEE_NUMERATOR, FEE_DENOMINATOR, feeOn, grossFor, rateFee, type SwapFee } from './amm/fee';
export { inputForOutput, largestInputUnder } from './amm/inverse';
export { limitQuantity, type LimitQuantity } from './amm/limit';
export { quoteMove, type MoveQuote } from './amm/move';
export {
  MINIMUM_RESERVE_RAO,
  MINIMUM_TRADE_RAO,
  ROOT_NETUID,
  type PoolReserves,
  type VirtualLiquidity,
} from './amm/pool';
export { quoteTrade, type QuoteOrder, type SwapQuote } from './amm/quote';
export type { Refusable, Refusal, RefusalCode } from './amm/refusal';
export { afterTrade, atSpot, computeTrade, type Direction, type Trade } from './amm/trade';
export {
  STALENESS_LEVELS,
  limitsOf,
  trustOf,
  type DatedDataset,
  type Freshness,
  type StalenessLevel,
  type StalenessSettings,
} from './freshness';
export { attributeHolding, attributeWallets, type PositionValue, type WalletShare } from './nav/attribution';
export { computeConcentration, type Concentration, type ConcentrationBand } from './nav/concentration';
export { dissolutionPayouts, type DissolvedSubnet } from './nav/dissolution';
export {
  NO_VALUES,
  computeDrawdown,
  drawdownState,
  nextStand,
  summaryOf,
  unitPointOf,
  type DrawdownStand,
  type DrawdownState,
  type DrawdownSummary,
  type NavPoint,
  type UnitPricePoint,
} from './nav/drawdown';
export { groupHoldings, holdingKey, type HeldPosition, type Holding } from './nav/holding';
export { computeHoldingValue, type ExitValue, type HoldingValue, type ValueFlag } from './nav/holding-value';
export {
  computeNav,
  usdText,
  type MissingInput,
  type Nav,
  type NavInputs,
  type NavTotals,
  type SubnetPool,
  type WalletBalance,
} from './nav/nav';
export {
  annualize,
  chainLink,
  dailyReturn,
  dietzReturn,
  totalReturn,
  type AnnualRate,
  type TimedFlow,
} from './nav/returns';
export { computeAverageCost, type AverageCostResult } from './ledger/average-cost';
export { toBasisEntries, type BasisEntry, type BasisResult, type ClosingMark } from './ledger/basis-entry';
export {
  classifyTransfers,
  computeCashStatement,
  computePortfolioEarnings,
  type CashEvent,
  type CashKind,
  type CashStatement,
  type PortfolioEarnings,
  type TransferRow,
} from './ledger/cash';
export { normalizeDelegations, type DelegationRow, type Ledger, type LedgerRules } from './ledger/delegation';
export {
  chainEarnings,
  computeEarnings,
  sumEarnings,
  type Earnings,
  type EarningsInput,
  type EarningsParts,
  type KnownEarnings,
  type PositionMark,
  type UnknownEarnings,
} from './ledger/earnings';
export { computeFifo, type FifoOptions } from './ledger/fifo';
export type { EmissionView, FifoResult } from './ledger/position-book';
export type { Lot } from './ledger/lot-book';
export {
  isInWindow,
  type BlockWindow,
  type LedgerEvent,
  type LedgerKind,
  type RejectedEvent,
} from './ledger/ledger-event';
export { NET_ALPHA_FROM_BLOCK, readUnstake, type UnstakeRow } from './ledger/unstake-alpha';
export { explainChanges, type ChangeCause, type ChangeLine, type Changes } from './ledger/changes';
export { CHECK_IDS, skipped, type CheckId, type CheckResult, type Severity } from './reconciliation/check';
export { MAXIMUM_BLOCK_GAP, checkBlockGap, checkCoverage, type SourceCoverage } from './reconciliation/completeness';
export { checkPool, type PoolIdentityRow } from './reconciliation/pool-checks';
export {
  checkPortfolioValue,
  checkQuote,
  checkSameBlockValue,
  checkTradeModel,
  checkValue,
  type EndpointQuote,
} from './reconciliation/prices';
export {
  checkAccountIdentity,
  checkAlpha,
  checkAlphaLedger,
  checkCash,
  checkCostBasis,
  checkEarningsClosure,
  checkStakedTotal,
  valueAt,
  type AccountBalances,
  type AlphaPair,
} from './reconciliation/quantities';
export {
  TREASURY_STATEMENTS,
  checkBases,
  checkStatements,
  type StatementWindow,
  type TreasuryStatements,
} from './reconciliation/statements';
export { checkTrades, tradesSince } from './reconciliation/trades';
export { nextQuoteTarget, type PastQuote, type QuoteTarget } from './reconciliation/quote-target';
export {
  isQuantityCheck,
  judgeReconciliation,
  type CheckSummary,
  type ReconciliationReport,
  type Verdict,
} from './reconciliation/verdict';
export { agesOf, versionOf } from './dataset-ages';
export {
  checkAlphas,
  checkLiveWallet,
  checkStoredWallet,
  checkTotalValue,
  checkValues,
  eventWindow,
  type PricedPool,
  type StakeReading,
  type WalletEvidence,
  type WalletPair,
  type WalletReading,
} from './reconciliation/wallet';
export { toPoolIdentityRow, toPoolReserves, type ReservesRow } from './pool-reserves';
export { UPSTREAM_QUOTES, type UpstreamQuote, type UpstreamQuotes } from './upstream-quotes';
export {
  generationAt,
  toDelegationRows,
  toTransferRow,
  type Generations,
  type StakeEventRow,
} from './ledger/event-rows';
export { flowBetween, walletFlows, type WalletFlow } from './nav/external-flows';
export { knownFlowsOf } from './nav/known-flows';
export { ALL_WALLETS, toNavInputs, toNavSnapshots, untrustedInputs } from './nav/nav-rows';
export {
  missingEvents,
  navSeries,
  nextNavPoint,
  type KnownFlows,
  type NavSeries,
  type UnreadTime,
} from './nav/nav-series';
export { boundaryKey, toWalletBoundary, type BoundaryHolding, type WalletBoundary } from './ledger/wallet-boundary';
export {
  computeWalletEarnings,
  sumCash,
  withoutLostAlpha,
  type Doubt,
  type TreasuryLedger,
  type WalletEarnings,
} from './ledger/wallet-earnings';
export type { DissolutionPayout } from './ledger/dissolution-payout';
export { findPayouts } from './ledger/payout';
export { PAYMENT_BLOCKS, findSubnetEnds, type SubnetEnd } from './ledger/subnet-end';
export {
  RESERVE_SHARE,
  planBudget,
  type BudgetDataset,
  type BudgetLimits,
  type BudgetPlan,
  type BudgetRank,
  type PlannedDataset,
} from './budget';
export { forecastStaleness, type StalenessForecast, type StalenessOutlook } from './budget-forecast';
export { paceOf, type SpendingPace, type SpentDay } from './budget-pace';
export { UPSTREAM_PLANS, type UpstreamPlan } from './budget-plans';
export {
  COST_METHODS,
  computeCostBasis,
  type BasisInput,
  type ClosingState,
  type CostMethod,
  type PositionBasis,
} from './ledger/treasury-basis';
export type { PositionFigures } from './ledger/position-figures';
export { positionKey } from './ledger/basis-steps';
export type { DayMark } from './ledger/emission-lots';
