import fc from 'fast-check';
import type { KnownFlows } from '../analysis';
import type { NavSample } from '../database';
import { extendSeries, NO_SERIES } from './portfolio-series';

const at = (hour: number): Date => new Date(Date.UTC(2026, 9, 1, hour));

function sample(hour: number, exec100: string | null, wallets: readonly string[]): NavSample {
  return {
    at: at(hour),
    blockNumber: hour,
    complete: exec100 !== null,
    missing: [],
    mid: exec100,
    exec50: exec100,
    exec100,
    usdPerTao: '300',
    wallets: Object.fromEntries(wallets.map((wallet) => [wallet, { block: hour, mid: exec100, exec100 }])),
  };
}

describe('a series that is gone on with', () => {
  it('is the one that is made at once, wherever it is cut', () => {
    const value = fc.option(fc.bigInt(0n, 10n ** 12n).map(String));
    const wallets = fc.subarray(['a', 'b'], { minLength: 1 });
    const flow = fc.record({ blockNumber: fc.nat(20), rao: fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }) });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(value, wallets), { maxLength: 20 }),
        fc.array(flow, { maxLength: 10 }),
        fc.nat(20),
        fc.nat(25),
        (values, unsorted, cut, knownTo) => {
          const samples = values.map(([exec100, held], hour) => sample(hour, exec100, held));
          const own: KnownFlows = {
            flows: unsorted.sort((left, right) => left.blockNumber - right.blockNumber),
            from: at(0),
            to: at(knownTo),
            gaps: [],
          };
          const flows = new Map([
            ['a', own],
            ['b', { ...own, flows: [] }],
          ]);
          const begun = extendSeries(NO_SERIES, samples.slice(0, cut), flows);
          expect(extendSeries(begun, samples.slice(cut), flows)).toEqual(extendSeries(NO_SERIES, samples, flows));
        },
      ),
      { numRuns: 500 },
    );
  });
});
