import fc from 'fast-check';
import { DEFAULT_FEE_NUMERATOR, feeOn, feeOnNet, grossFor, rateFee } from './fee';

describe('swap fee', () => {
  // Recorded delegation rows of November 2025 and January 2026: input token rao and the fee the chain took from it.
  it.each([
    [2_584_934_856n, 1_301_638n],
    [116_772_003_009n, 58_800_276n],
    [2_000_000_000n, 1_007_095n],
    [115_000_000_000n, 57_907_988n],
    [80_000_000_000n, 40_283_817n],
    [1_000_000_000n, 503_547n],
  ])('takes what the chain took from %s', (inRao, feeRao) => {
    expect(feeOn(inRao, DEFAULT_FEE_NUMERATOR)).toBe(feeRao);
  });

  it.each([
    ['0.00050354772259098192', 33n, false],
    ['0.15259021896696421759', 10_000n, false],
    [null, 33n, true],
    ['not a rate', 33n, true],
    ['0.9', 33n, true],
  ])('reads the rate %s as %s over 65535 (assumed: %s)', (text, numerator, assumed) => {
    expect(rateFee(text)).toEqual({ kind: 'rate', numerator, assumed });
  });

  it('finds the smallest gross input that leaves the wanted net input', () => {
    const inputs = fc.tuple(fc.bigInt(0n, 10n ** 17n), fc.bigInt(0n, 10_000n));
    fc.assert(
      fc.property(inputs, ([netRao, numerator]) => {
        const grossRao = grossFor(netRao, numerator);
        expect(grossRao - feeOn(grossRao, numerator)).toBeGreaterThanOrEqual(netRao);
        if (grossRao > 0n) expect(grossRao - 1n - feeOn(grossRao - 1n, numerator)).toBeLessThan(netRao);
      }),
      { numRuns: 10_000 },
    );
  });

  it('adds a limit order fee to the net input by its own denominator', () => {
    expect(feeOnNet(65_502n, 33n)).toBe(33n);
    expect(feeOnNet(65_501n, 33n)).toBe(32n);
  });
});
