import { computeTrade } from '../amm/trade';
import { curveOf } from '../amm/era';
import type { PoolReserves } from '../amm/pool';
import type { LedgerEvent } from '../ledger/ledger-event';
import { checkTrades, tradesSince } from './trades';

const TAO = 10n ** 9n;
const POOL: PoolReserves = {
  netuid: 7,
  blockNumber: 9_240_388,
  taoReserveRao: 5_000n * TAO,
  alphaReserveRao: 500_000n * TAO,
  price: '0.01',
  feeRate: '0.00050354772259098192',
  startup: false,
};

function trade(id: string, kind: LedgerEvent['kind'], change: Partial<LedgerEvent> = {}): LedgerEvent {
  return {
    id,
    blockNumber: POOL.blockNumber + 5,
    netuid: 7,
    generation: 1,
    coldkey: 'own',
    hotkey: 'validator',
    kind,
    alphaRao: 0n,
    taoRao: 10n * TAO,
    spotValueRao: 10n * TAO,
    feeTaoRao: 0n,
    estimated: false,
    ...change,
  };
}

describe('R8, trades on the chain recomputed', () => {
  const curve = curveOf(POOL);
  const outRao = (direction: 'stake' | 'unstake', inRao: bigint): bigint =>
    curve === null ? 0n : computeTrade(curve, { direction, inRao }).outRao;
  const buy = trade('buy', 'buy', { alphaRao: outRao('stake', 10n * TAO) });
  const sell = trade('sell', 'sell', { alphaRao: -1_000n * TAO, taoRao: outRao('unstake', 1_000n * TAO) });
  const severities = (trades: LedgerEvent[]): string[] => checkTrades(trades, () => POOL).map((each) => each.severity);

  it('pass when the curve gives what the chain gave, in both directions', () => {
    expect(severities([buy])).toEqual(['pass']);
    expect(severities([sell])).toEqual(['pass']);
  });

  it('fail beyond 2 %, which no trade of other people explains', () => {
    expect(severities([{ ...buy, alphaRao: (buy.alphaRao * 103n) / 100n }])).toEqual(['fail']);
    expect(severities([{ ...buy, alphaRao: (buy.alphaRao * 101n) / 100n }])).toEqual(['warn']);
  });

  it('say nothing after a further own trade, nor without reserves', () => {
    const later = { ...sell, blockNumber: buy.blockNumber + 1 };
    expect(checkTrades([later, buy], () => POOL).map(({ subject }) => subject)).toEqual(['own/7 event buy']);
    expect(checkTrades([buy], () => null)).toEqual([]);
  });

  it('are the newest swaps: no transfer, no move, nothing on root, nothing older', () => {
    const events = [
      trade('old', 'buy', { blockNumber: 10 }),
      trade('root', 'buy', { netuid: 0 }),
      trade('move', 'move'),
      trade('unpaid', 'sell', { taoRao: null }),
      buy,
      sell,
    ];
    expect(tradesSince(events, 100).map(({ id }) => id)).toEqual(['sell', 'buy']);
  });
});
