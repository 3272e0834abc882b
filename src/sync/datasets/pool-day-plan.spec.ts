import { Backfill } from '../../database';
import { addDays, nextDays, planWalk, wantedDays } from './pool-day-plan';

const TODAY = '2026-11-23';
const subnet = { netuid: 64, registrationBlockNumber: 4_000_000, registeredOn: '2024-05-01' };
const days = (from: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => addDays(from, index));

function walk(change: Partial<Backfill>): Backfill {
  return Object.assign(new Backfill(), { windowFrom: '2025-11-23', windowTo: '2026-11-22', doneTo: null, ...change });
}

describe('the days of pool history that are wanted', () => {
  it('are the last year up to yesterday', () => {
    expect(wantedDays(subnet, TODAY)).toEqual({ from: '2025-11-23', to: '2026-11-22' });
  });

  it('begin with the registration of the subnet that has the netuid now', () => {
    expect(wantedDays({ ...subnet, registeredOn: '2026-11-01' }, TODAY)).toEqual({
      from: '2026-11-01',
      to: '2026-11-22',
    });
  });

  it('are none on the day of the registration', () => {
    expect(wantedDays({ ...subnet, registeredOn: TODAY }, TODAY)).toBeNull();
  });
});

describe('planWalk', () => {
  it('walks up to the last missing day', () => {
    const missing = days('2025-11-23', 300);
    expect(planWalk(subnet, { missing, walked: undefined, today: TODAY })).toEqual({
      scope: '64/4000000',
      windowFrom: '2025-11-23',
      windowTo: missing.at(-1),
    });
  });

  it('leaves days alone that upstream did not have when they were walked', () => {
    const walked = walk({ doneTo: '2026-11-22', state: 'complete' });
    expect(planWalk(subnet, { missing: ['2026-02-03'], walked, today: TODAY })).toBeNull();
  });

  it('begins anew for days that were missed after the walk', () => {
    const walked = walk({ doneTo: '2026-10-01', state: 'complete' });
    expect(planWalk(subnet, { missing: ['2026-02-03', '2026-11-05'], walked, today: TODAY })?.windowTo).toBe(
      '2026-11-05',
    );
  });
});

describe('nextDays', () => {
  it('go on behind what is done, at the first missing day', () => {
    const missing = ['2025-12-01', '2026-03-01', '2026-03-02', '2026-11-22'];
    expect(nextDays(walk({ doneTo: '2026-01-31' }), missing)).toEqual({ from: '2026-03-01', to: '2026-11-22' });
  });

  it('are none when nothing is missing', () => {
    expect(nextDays(walk({}), [])).toBeNull();
  });
});
