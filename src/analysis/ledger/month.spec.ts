import fc from 'fast-check';
import { ExactDecimal } from '../../common';
import { spotPrice, type Curve } from '../amm/curve';
import { afterTrade, computeTrade, type Direction } from '../amm/trade';
import { ONE, exact, floorRao, ratioText } from '../exact';
import { toBasisEntries } from './basis-entry';
import { normalizeDelegations, type DelegationRow } from './delegation';
import { computeEarnings } from './earnings';
import { computeFifo } from './fifo';

/**
 * A wallet that trades on a pool for a month, written down as upstream writes it: slippage as a percent with 18 decimals,
 * the fee in the input token, unstaked alpha gross before the change of meaning and net after it, moves as two rows.
 */
const TAO = 10n ** 9n;
const NET_FROM_BLOCK = 500;
const OWN = new Set(['own', 'second own']);

type Act = 'stake' | 'unstake' | 'move' | 'receive' | 'give' | 'own transfer' | 'emission' | 'someone trades';

interface Month {
  curve: Curve;
  alphaRao: bigint;
  emissionRao: bigint;
  rows: DelegationRow[];
  feeTaoRao: ExactDecimal;
}

function startMonth(): Month {
  return {
    curve: {
      method: 'balancer_equal_weights',
      taoRao: 5_000n * TAO,
      alphaRao: 250_000n * TAO,
      taoWeight: null,
      fee: { kind: 'rate', numerator: 33n, assumed: false },
      notes: [],
    },
    alphaRao: 1_000n * TAO,
    emissionRao: 0n,
    rows: [],
    feeTaoRao: new ExactDecimal(0),
  };
}

function row(blockNumber: number, index: number, change: Partial<DelegationRow>): DelegationRow {
  return {
    id: `finney-7-hotkey-coldkey-${blockNumber}-${index}`,
    blockNumber,
    action: 'DELEGATE',
    coldkey: 'own',
    hotkey: 'validator',
    netuid: 7,
    generation: 1,
    amountRao: 0n,
    alphaRao: 0n,
    feeRao: 0n,
    slippagePercent: '0',
    extrinsicId: `${blockNumber}-1`,
    isTransfer: false,
    transferAddress: null,
    ...change,
  };
}

function tradeRow(month: Month, blockNumber: number, order: { direction: Direction; inRao: bigint }): Month {
  const spot = spotPrice(month.curve);
  const trade = computeTrade(month.curve, order);
  if (trade.outRao === 0n) return month;
  const isStake = order.direction === 'stake';
  const ideal = isStake ? exact(trade.inRao).div(spot) : exact(trade.inRao).times(spot);
  const slippagePercent = ratioText(ONE.minus(exact(trade.outRao).div(ideal)).times(100));
  const netAlphaRao = blockNumber >= NET_FROM_BLOCK ? trade.netInRao : trade.inRao;
  return {
    ...month,
    curve: afterTrade(month.curve, trade),
    alphaRao: month.alphaRao + (isStake ? trade.outRao : -trade.inRao),
    feeTaoRao: month.feeTaoRao.plus(isStake ? exact(trade.feeRao) : exact(trade.feeRao).times(spot)),
    rows: [
      ...month.rows,
      row(blockNumber, 1, {
        action: isStake ? 'DELEGATE' : 'UNDELEGATE',
        amountRao: isStake ? trade.inRao : trade.outRao,
        alphaRao: isStake ? trade.outRao : netAlphaRao,
        feeRao: trade.feeRao,
        slippagePercent,
      }),
    ],
  };
}

function step(month: Month, blockNumber: number, act: Act, sizeRao: bigint): Month {
  const held = sizeRao < month.alphaRao ? sizeRao : month.alphaRao;
  const value = floorRao(exact(held).times(spotPrice(month.curve)));
  const given = { alphaRao: held, amountRao: value, feeRao: 0n };
  switch (act) {
    case 'stake':
      return tradeRow(month, blockNumber, { direction: 'stake', inRao: sizeRao / 50n });
    case 'unstake':
      return held === 0n ? month : tradeRow(month, blockNumber, { direction: 'unstake', inRao: held });
    case 'move': {
      const away = row(blockNumber, 1, { ...given, action: 'UNDELEGATE' });
      return { ...month, rows: [...month.rows, away, row(blockNumber, 2, { ...given, hotkey: 'other validator' })] };
    }
    case 'receive': {
      const gift = row(blockNumber, 1, { ...given, isTransfer: true, transferAddress: 'stranger' });
      return { ...month, alphaRao: month.alphaRao + held, rows: [...month.rows, gift] };
    }
    case 'give': {
      const gift = row(blockNumber, 1, {
        ...given,
        action: 'UNDELEGATE',
        isTransfer: true,
        transferAddress: 'stranger',
      });
      return { ...month, alphaRao: month.alphaRao - held, rows: [...month.rows, gift] };
    }
    case 'own transfer': {
      // Upstream may show only the sender's row of such a pair: the sum must not depend on the other.
      const sent = row(blockNumber, 1, {
        ...given,
        action: 'UNDELEGATE',
        isTransfer: true,
        transferAddress: 'second own',
      });
      return { ...month, rows: [...month.rows, sent] };
    }
    case 'emission':
      return { ...month, alphaRao: month.alphaRao + sizeRao / 500n, emissionRao: month.emissionRao + sizeRao / 500n };
    case 'someone trades': {
      const theirs = computeTrade(month.curve, {
        direction: blockNumber % 2 === 0 ? 'stake' : 'unstake',
        inRao: sizeRao,
      });
      return { ...month, curve: afterTrade(month.curve, theirs) };
    }
  }
}

describe('a month of a wallet on a pool', () => {
  const act = fc.constantFrom<Act>(
    'stake',
    'unstake',
    'move',
    'receive',
    'give',
    'own transfer',
    'emission',
    'someone trades',
  );
  // Above 0.005 alpha the fee tells gross from net by itself.
  const acts = fc.array(fc.tuple(act, fc.bigInt(TAO, 800n * TAO)), { minLength: 1, maxLength: 30 });

  it('is told back to the rao by its rows: emission as yield, fees as fees, and nothing left over', () => {
    fc.assert(
      fc.property(acts, (script) => {
        const opening = startMonth();
        const month = script.reduce((state, [each, size], index) => step(state, 30 * index + 1, each, size), opening);
        const { events, rejected } = normalizeDelegations(month.rows, {
          ownColdkeys: OWN,
          netAlphaFromBlock: NET_FROM_BLOCK,
        });
        expect(rejected).toEqual([]);
        const endPrice = ratioText(spotPrice(month.curve), 28);
        const earnings = computeEarnings({
          netuid: 7,
          generation: 1,
          window: { fromBlock: 0, toBlock: 1_000 },
          start: { alphaRao: opening.alphaRao, price: '0.02' },
          end: { alphaRao: month.alphaRao, price: endPrice },
          events,
        });
        if (earnings.state === 'unknown') throw new Error(earnings.reason);
        expect(earnings.yieldAlphaRao).toBe(month.emissionRao);
        expect(earnings.earningsRao).toBe(earnings.priceRao + earnings.yieldRao - earnings.costRao);
        expect(earnings.costRao).toBeGreaterThanOrEqual(0n);
        expect(exact(earnings.feeRao).minus(month.feeTaoRao).abs().lte(script.length)).toBe(true);

        const valueRao = floorRao(exact(month.alphaRao).times(endPrice));
        const fifo = computeFifo(
          toBasisEntries(events),
          { alphaRao: month.alphaRao, valueRao },
          { emission: 'gain', openingAlphaRao: opening.alphaRao },
        );
        expect(fifo.realisedRao + fifo.unrealisedRao + fifo.yieldRao).toBe(valueRao - earnings.flowsRao);
      }),
      { numRuns: 5_000 },
    );
  });
});
