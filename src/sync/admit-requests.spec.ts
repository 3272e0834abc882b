import fc from 'fast-check';
import type { SyncRequestLog } from '../database';
import { admitRequests } from './admit-requests';

const NOW = Date.UTC(2026, 10, 28);
const NOTHING: SyncRequestLog = { nowMs: NOW, paidUntilMs: 0, acceptedAtMs: new Map() };
const MINUTE = { intervalMs: 60_000, limitPerMinute: 60 };

const wish = (dataset: string, plannedCalls = 1) => ({ dataset, plannedCalls });

describe('requests for syncs', () => {
  it('are admitted as long as they fit into a fifth of the minute', () => {
    const { admitted, refused, paidUntilMs } = admitRequests([wish('pools'), wish('subnets', 2)], NOTHING, MINUTE);
    expect([admitted, refused]).toEqual([['pools', 'subnets'], []]);
    // Twelve calls a minute: three take fifteen seconds.
    expect(paidUntilMs - NOW).toBe(15_000);
  });

  it('are admitted whole when nothing is owed, whatever they cost, and refused until that is paid for', () => {
    const { admitted, paidUntilMs } = admitRequests([wish('a', 20)], NOTHING, { ...MINUTE, limitPerMinute: 5 });
    expect([admitted, paidUntilMs - NOW]).toEqual([['a'], 20 * 60_000]);
    const later = { ...NOTHING, paidUntilMs, nowMs: NOW + 60_000 };
    expect(admitRequests([wish('b')], later, { ...MINUTE, limitPerMinute: 5 })).toEqual({
      admitted: [],
      refused: [{ dataset: 'b', code: 'sync/request-budget-spent', retryInMs: 19 * 60_000 }],
      paidUntilMs,
    });
  });

  it('leave out a dataset that was asked for within the interval, and only that', () => {
    const log = { ...NOTHING, acceptedAtMs: new Map([['pools', NOW - 20_000]]) };
    expect(admitRequests([wish('pools'), wish('subnets')], log, MINUTE)).toMatchObject({
      admitted: ['subnets'],
      refused: [{ dataset: 'pools', code: 'sync/asked-too-soon', retryInMs: 40_000 }],
    });
    expect(admitRequests([wish('pools')], { ...log, nowMs: NOW + 40_000 }, MINUTE).admitted).toEqual(['pools']);
  });

  it('cost nothing when the dataset asks nothing', () => {
    const log = { ...NOTHING, paidUntilMs: NOW + 60_000 };
    expect(admitRequests([wish('positions', 0)], log, MINUTE).admitted).toEqual(['positions']);
  });

  it('never use more than a fifth of the limit in the long run, and are admitted when told to come back', () => {
    const step = fc.record({ afterMs: fc.nat(120_000), calls: fc.nat(30) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 50 }), fc.integer({ min: 1, max: 600 }), (steps, limit) => {
        const limits = { intervalMs: 0, limitPerMinute: limit };
        let log = NOTHING;
        let spent = 0;
        let last = 0;
        for (const { afterMs, calls } of steps) {
          log = { ...log, nowMs: log.nowMs + afterMs };
          const { admitted, refused, paidUntilMs } = admitRequests([wish('a', calls)], log, limits);
          if (admitted.length > 0) [spent, last] = [spent + calls, calls];
          log = { ...log, paidUntilMs };
          const inMs = refused[0]?.retryInMs;
          if (inMs === undefined) continue;
          const again = { ...log, nowMs: log.nowMs + Math.ceil(inMs) };
          expect(admitRequests([wish('a', calls)], again, limits).admitted).toEqual(['a']);
        }
        const share = (limit * 0.2 * (log.nowMs - NOW)) / 60_000;
        // In advance is at most a minute's share, or the newest request itself.
        expect(spent).toBeLessThanOrEqual(share + Math.max(limit * 0.2, last) + 1e-6);
      }),
    );
  });
});
