import fc from 'fast-check';
import { LATENCY_BOUNDS_MS, latencyBucket, latencyQuantile } from './latency-histogram';

function bucketsOf(latencies: readonly number[]): number[] {
  const buckets = new Array<number>(LATENCY_BOUNDS_MS.length + 1).fill(0);
  for (const latencyMs of latencies) {
    const index = latencyBucket(latencyMs);
    buckets[index] = (buckets[index] ?? 0) + 1;
  }
  return buckets;
}

describe('the latency histogram', () => {
  it.each([
    [0, 0],
    [5, 0],
    [5.01, 1],
    [30_000, 14],
    [30_001, 15],
  ])('counts %s ms in bucket %s', (latencyMs, index) => {
    expect(latencyBucket(latencyMs)).toBe(index);
  });

  it('has no quantile without attempts', () => {
    expect(latencyQuantile(bucketsOf([]), 0.5)).toBeNull();
  });

  it('interpolates inside the bucket, as Prometheus does', () => {
    // Ten attempts between 100 and 250 ms: the fifth stands in the middle.
    expect(latencyQuantile(bucketsOf(new Array<number>(10).fill(200)), 0.5)).toBe(175);
  });

  it('answers the last bound when the real value is beyond it', () => {
    expect(latencyQuantile(bucketsOf([60_000]), 0.95)).toBe(30_000);
  });

  it('never falls when the quantile rises', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1 }), (latencies) => {
        const buckets = bucketsOf(latencies);
        const values = [0.05, 0.5, 0.95, 1].map((quantile) => latencyQuantile(buckets, quantile) ?? NaN);
        expect([...values].sort((a, b) => a - b)).toEqual(values);
      }),
    );
  });
});
