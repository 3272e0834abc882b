import { paceOf } from './budget-pace';

const NOW = new Date('2026-11-10T06:00:00Z');
const day = (name: string, attempts: number, from = '00:00:00') => ({
  day: name,
  attempts,
  countedFrom: new Date(`${name}T${from}Z`),
});

describe('the pace of spending', () => {
  it('is that of the last 24 hours', () => {
    const pace = paceOf([day('2026-11-09', 400), day('2026-11-10', 100)], 10_000, NOW);
    expect(pace).toMatchObject({ spentThisMonth: 500, spentToday: 100, perDay: 400 });
  });

  it('says when the credits are spent', () => {
    const pace = paceOf([day('2026-11-09', 9600), day('2026-11-10', 200)], 10_000, NOW);
    expect(pace.daysUntilSpent).toBeCloseTo(200 / 7400);
    expect(pace.spentAt?.getTime()).toBeCloseTo(NOW.getTime() + (200 / 7400) * 86_400_000, -1);
  });

  it('is zero days once they are', () => {
    expect(paceOf([day('2026-11-10', 12_000)], 10_000, NOW)).toMatchObject({ daysUntilSpent: 0, spentAt: NOW });
  });

  it('extrapolates the first day from the hours counted, at least one', () => {
    expect(paceOf([day('2026-11-10', 100, '04:00:00')], 10_000, NOW).perDay).toBe(1200);
    expect(paceOf([day('2026-11-10', 100, '05:59:00')], 10_000, NOW).perDay).toBe(2400);
  });

  it('leaves the last day of the month before out of the month, but not out of the pace', () => {
    const pace = paceOf([day('2026-10-31', 480), day('2026-11-01', 5)], 10_000, new Date('2026-11-01T06:00:00Z'));
    expect(pace).toMatchObject({ spentThisMonth: 5, perDay: 365 });
  });

  it('is unknown before the first attempt, and its end where the credits are not known', () => {
    expect(paceOf([], 10_000, NOW)).toEqual({
      spentThisMonth: 0,
      spentToday: 0,
      perDay: null,
      daysUntilSpent: null,
      spentAt: null,
    });
    expect(paceOf([day('2026-11-10', 100)], 0, NOW)).toMatchObject({ daysUntilSpent: null, spentAt: null });
  });
});
