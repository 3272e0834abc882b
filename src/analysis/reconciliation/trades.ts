import { ROOT_NETUID, type PoolReserves } from '../amm/pool';
import type { LedgerEvent } from '../ledger/ledger-event';
import type { CheckResult } from './check';
import { checkTradeModel } from './prices';

/** Trades that are recomputed, the newest ones. */
const MAX_TRADES = 20;

/** Whole trades against a pool since a block, newest first. On root nothing is swapped. */
export function tradesSince(events: readonly LedgerEvent[], fromBlock: number): LedgerEvent[] {
  return events
    .filter((event) => event.blockNumber > fromBlock && event.netuid !== ROOT_NETUID && isTrade(event))
    .toReversed()
    .slice(0, MAX_TRADES);
}

/**
 * R8: trades recomputed on the newest reserves that are known from before them. Other people trade in between, so only a
 * large difference says that the curve or the fee is another one; after a further own trade nothing is said.
 */
export function checkTrades(
  trades: readonly LedgerEvent[],
  poolBefore: (trade: LedgerEvent) => PoolReserves | null,
): CheckResult[] {
  return trades.flatMap((trade) => {
    const pool = poolBefore(trade);
    const isDisturbed = trades.some(
      (other) =>
        other.id !== trade.id &&
        other.netuid === trade.netuid &&
        other.blockNumber > (pool?.blockNumber ?? 0) &&
        other.blockNumber <= trade.blockNumber,
    );
    if (pool === null || isDisturbed) return [];
    const alphaRao = trade.alphaRao < 0n ? -trade.alphaRao : trade.alphaRao;
    const isBuy = trade.kind === 'buy';
    const taoRao = trade.taoRao ?? 0n;
    return [
      checkTradeModel({
        subject: `${trade.coldkey}/${trade.netuid} event ${trade.id}`,
        pool,
        direction: isBuy ? 'stake' : 'unstake',
        inRao: isBuy ? taoRao : alphaRao,
        outRao: isBuy ? alphaRao : taoRao,
        sameBlock: false,
      }),
    ];
  });
}

function isTrade({ kind, taoRao }: LedgerEvent): boolean {
  return (kind === 'buy' || kind === 'sell') && taoRao !== null && taoRao > 0n;
}
