import { FakeClock } from '../../test/support/fake-clock';
import { HeldLease } from './held-lease';

const LEASE = { name: 'pools', owner: 'a', fence: '1' };
const TIMES = { ttlMs: 90_000, renewEveryMs: 30_000 };

function hold(renewals: (boolean | Error)[]): { clock: FakeClock; held: HeldLease; released: () => boolean } {
  const clock = new FakeClock();
  let released = false;
  const leases = {
    renew: (): Promise<boolean> => {
      const next = renewals.shift() ?? true;
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
    release: (): Promise<void> => {
      released = true;
      return Promise.resolve();
    },
  };
  return { clock, held: new HeldLease(LEASE, leases, clock, TIMES), released: () => released };
}

describe('HeldLease', () => {
  it('lives as long as it is renewed', async () => {
    const { clock, held } = hold([]);
    await clock.advance(3_600_000);
    expect(held.lost.aborted).toBe(false);
    await held.release();
  });

  it('is lost when another process has taken it', async () => {
    const { clock, held } = hold([true, false]);
    await clock.advance(60_000);
    expect(held.lost.reason).toMatchObject({ code: 'sync/fenced' });
    await held.release();
  });

  it('outlives a database that is away for less than its time', async () => {
    const away = new Error('away');
    const { clock, held } = hold([away, away]);
    await clock.advance(120_000);
    expect(held.lost.aborted).toBe(false);
    await held.release();
  });

  it('is given up by our own count when the database stays away', async () => {
    const away = new Error('away');
    const { clock, held } = hold([away, away, away]);
    await clock.advance(90_000);
    expect(held.lost.aborted).toBe(true);
    await held.release();
  });

  it('renews no more once it is released', async () => {
    const { clock, held, released } = hold([]);
    await held.release();
    expect([released(), clock.sleeping]).toEqual([true, 0]);
  });
});
