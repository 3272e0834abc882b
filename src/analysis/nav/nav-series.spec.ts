import fc from 'fast-check';
import type { NavSnapshot } from '../../database';
import { flowBetween, walletFlows, type WalletFlow } from './external-flows';
import { type KnownFlows, navSeries } from './nav-series';

const at = (hour: number): Date => new Date(Date.UTC(2026, 9, 1, hour));

function snapshot(hour: number, exec100: string | null, wallets: NavSnapshot['wallets']): NavSnapshot {
  return {
    scope: 'all',
    runId: '018f0000-0000-7000-8000-000000000001',
    at: at(hour),
    blockNumber: hour,
    poolsBlock: null,
    complete: exec100 !== null,
    missing: [],
    mid: exec100,
    exec50: exec100,
    exec100,
    free: '0',
    reserved: '0',
    root: '0',
    alphaMid: '0',
    usdPerTao: null,
    wallets,
    holdings: [],
  };
}

const share = (block: number, exec100: string): NavSnapshot['wallets'][string] => ({ block, mid: exec100, exec100 });
const known = (flows: WalletFlow[], to = 100): KnownFlows => ({ flows, from: at(0), to: at(to), gaps: [] });

describe('the series of values', () => {
  it('takes each wallet’s flows between its own blocks', () => {
    const snapshots = [
      snapshot(1, '30', { a: share(10, '10'), b: share(20, '20') }),
      snapshot(2, '37', { a: share(11, '12'), b: share(25, '25') }),
    ];
    const flows = new Map([
      [
        'a',
        known([
          { blockNumber: 10, rao: 100n },
          { blockNumber: 11, rao: 2n },
        ]),
      ],
      [
        'b',
        known([
          { blockNumber: 20, rao: 100n },
          { blockNumber: 25, rao: 5n },
        ]),
      ],
    ]);
    expect(navSeries(snapshots, flows).points.map(({ navRao, flowRao }) => [navRao, flowRao])).toEqual([
      [30n, 0n],
      [37n, 7n],
    ]);
  });

  it('passes over incomplete values and carries their flows to the next', () => {
    const snapshots = [
      snapshot(1, '10', { a: share(1, '10') }),
      snapshot(2, null, { a: share(2, '0') }),
      snapshot(3, '15', { a: share(3, '15') }),
    ];
    const { points } = navSeries(snapshots, new Map([['a', known([{ blockNumber: 2, rao: 5n }])]]));
    expect(points.map(({ flowRao }) => flowRao)).toEqual([0n, 5n]);
  });

  it('takes a wallet that leaves for money that goes out', () => {
    const snapshots = [
      snapshot(1, '30', { a: share(1, '10'), b: share(1, '20') }),
      snapshot(2, '10', { a: share(2, '10') }),
    ];
    expect(navSeries(snapshots, new Map([['a', known([])]])).points.at(-1)?.flowRao).toBe(-20n);
  });

  it.each<[string, KnownFlows | undefined]>([
    ['its events were never read', undefined],
    ['its events are known up to', known([], 1)],
    ['its events are known from', { ...known([]), from: at(2) }],
    [
      'are missing',
      { ...known([]), gaps: [{ dataset: 'transfers', netuid: null, reason: 'unreadable', from: at(1), to: at(2) }] },
    ],
  ])('ends, because %s', (reason, flows) => {
    const snapshots = [snapshot(1, '10', { a: share(1, '10') }), snapshot(2, '99', { a: share(2, '99') })];
    const { points, endsBecause } = navSeries(snapshots, new Map(flows === undefined ? [] : [['a', flows]]));
    expect(points).toHaveLength(1);
    expect(endsBecause).toContain(reason);
  });
});

describe('flows of a wallet', () => {
  const rows = {
    delegations: [],
    transfers: [
      { id: '1', blockNumber: 5, from: 'x', to: 'a', amountRao: 10n, feeRao: 1n, extrinsicId: null },
      { id: '2', blockNumber: 6, from: 'a', to: 'b', amountRao: 4n, feeRao: 1n, extrinsicId: null },
    ],
  };

  it('leave the fees out, which are costs', () => {
    expect(walletFlows('a', rows).map(({ rao }) => rao)).toEqual([10n, -4n]);
  });

  it('cancel between own wallets', () => {
    const all = [...walletFlows('a', rows), ...walletFlows('b', rows)].sort((a, b) => a.blockNumber - b.blockNumber);
    expect(flowBetween(all, 0, 10)).toBe(10n);
  });

  it('of two windows that meet are those of both together', () => {
    const flow = fc.record({ blockNumber: fc.nat(100), rao: fc.bigInt({ min: -1000n, max: 1000n }) });
    fc.assert(
      fc.property(fc.array(flow), fc.nat(100), fc.nat(100), fc.nat(100), (unsorted, a, b, c) => {
        const flows = unsorted.sort((left, right) => left.blockNumber - right.blockNumber);
        const [from, middle, to] = [a, b, c].sort((left, right) => left - right) as [number, number, number];
        expect(flowBetween(flows, from, middle) + flowBetween(flows, middle, to)).toBe(flowBetween(flows, from, to));
      }),
    );
  });
});
