import type { RecordedBalance, StateAround } from '../../database';
import type { LedgerEvent } from './ledger-event';
import { alphaAtEnd, findSubnetEnds, statesAround, type SubnetEnd } from './subnet-end';

const END: SubnetEnd = { coldkey: 'own', netuid: 9, generation: 100, blockNumber: 1_000, statedAlphaRao: null };

function event(figures: Partial<LedgerEvent>): LedgerEvent {
  return {
    id: 'x',
    blockNumber: 500,
    netuid: 9,
    generation: 100,
    coldkey: 'own',
    hotkey: 'h',
    kind: 'buy',
    alphaRao: 0n,
    taoRao: 0n,
    spotValueRao: 0n,
    feeTaoRao: 0n,
    estimated: false,
    ...figures,
  };
}

const balance = (hotkey: string, block: number, alpha: string): RecordedBalance => ({
  wallet: 'own',
  netuid: 9,
  hotkey,
  endBlock: 1_000,
  block,
  alpha,
});

function state(side: StateAround['side'], block: number, alpha: string | null = null): StateAround {
  const holdings = alpha === null ? null : [{ netuid: 9, generation: 100, alpha, value: '1' }];
  return { wallet: 'own', endBlock: 1_000, side, at: new Date(0), block, cash: '0', holdings };
}

describe('alpha at the end of a subnet', () => {
  it('is what upstream says, if it says so', () => {
    expect(alphaAtEnd({ ...END, statedAlphaRao: 7n }, { around: [], balances: [] }, [])).toBe(7n);
  });

  it('is the last that was recorded with what happened since, of values before days', () => {
    const balances = [balance('h', 600, '50'), balance('other', 700, '500')];
    const events = [
      event({ blockNumber: 400, alphaRao: 999n }),
      event({ blockNumber: 650, alphaRao: 30n }),
      event({ blockNumber: 650, alphaRao: 9_000n, hotkey: 'other' }),
      event({ blockNumber: 960, alphaRao: -20n, kind: 'sell' }),
    ];
    // Of the other hotkey the day is newer than the purchase of block 650, and holds it already.
    expect(alphaAtEnd(END, { around: [], balances }, events)).toBe(560n);
    expect(alphaAtEnd(END, { around: [state('before', 950, '700')], balances }, events)).toBe(680n);
    expect(alphaAtEnd(END, { around: [state('before', 650, '700')], balances }, events)).toBe(560n);
  });

  it('is that of its events where nothing was recorded', () => {
    expect(alphaAtEnd(END, { around: [state('before', 950)], balances: [] }, [event({ alphaRao: 40n })])).toBe(40n);
  });

  it('is nothing for who had sold all, held another subnet of that netuid, or kept what roundings leave', () => {
    const sold = [event({ alphaRao: 40n }), event({ blockNumber: 600, alphaRao: -43n, kind: 'sell' })];
    expect(alphaAtEnd(END, { around: [], balances: [] }, sold)).toBeNull();
    expect(alphaAtEnd(END, { around: [], balances: [balance('h', 90, '5000')] }, [])).toBeNull();
    expect(alphaAtEnd(END, { around: [], balances: [balance('h', 900, '10')] }, [])).toBeNull();
  });
});

describe('ends of subnets', () => {
  const generations = new Map([[9, [100, 1_000, 5_000]]]);

  it('are where the next subnet took the netuid, or where upstream says, each once', () => {
    const said = event({ kind: 'dissolution', blockNumber: 999, alphaRao: -3n, generation: 100 });
    const ends = findSubnetEnds([said, { ...said, alphaRao: -4n, hotkey: 'other' }], generations, new Set(['own/9']));
    expect(
      ends.map(({ generation, blockNumber, statedAlphaRao }) => [generation, blockNumber, statedAlphaRao]),
    ).toEqual([
      [100, 999, 7n],
      [1_000, 5_000, null],
    ]);
  });

  it('are none for the subnet that has the netuid now', () => {
    expect(findSubnetEnds([event({ generation: 5_000 })], generations, new Set())).toEqual([]);
  });

  it('lie between the nearest states', () => {
    const around = [state('after', 1_900), state('before', 400), state('before', 900), state('after', 1_700)];
    const { before, after } = statesAround(around);
    expect([before?.block, after?.block]).toEqual([900, 1_700]);
  });
});
