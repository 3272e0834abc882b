import fc from 'fast-check';
import { type BudgetDataset, type BudgetRequest, BUDGET_RANKS, RESERVE_SHARE, planBudget } from './budget';
import { UPSTREAM_PLANS } from './budget-plans';

const MONTH_BEGIN = new Date('2026-11-01T00:00:00Z');
const FREE = { perMinute: 5, perMonth: 10_000 };

/** The service's own datasets with one wallet, at their default intervals. */
const DEFAULTS: BudgetDataset[] = [
  { name: 'tao_price', intervalSeconds: 300, plannedCalls: 1, rank: 'core' },
  { name: 'pools', intervalSeconds: 600, plannedCalls: 1, rank: 'core' },
  { name: 'subnets', intervalSeconds: 900, plannedCalls: 2, rank: 'core' },
  { name: 'positions', intervalSeconds: 300, plannedCalls: 1, rank: 'wallet' },
  { name: 'accounts', intervalSeconds: 300, plannedCalls: 0, rank: 'wallet' },
  { name: 'tao_flow', intervalSeconds: 1800, plannedCalls: 1, rank: 'other' },
  { name: 'validators', intervalSeconds: 3600, plannedCalls: 3, rank: 'other' },
  { name: 'validator_yields', intervalSeconds: 3600, plannedCalls: 15, rank: 'other' },
];

const plan = (change: Partial<BudgetRequest> = {}) =>
  planBudget({
    limits: FREE,
    spentThisMonth: 0,
    now: MONTH_BEGIN,
    datasets: DEFAULTS,
    reserveShare: RESERVE_SHARE,
    ...change,
  });

describe('the budget of the month', () => {
  it('leaves the intervals alone where they fit minute and month', () => {
    const scale = plan({ limits: { perMinute: 240, perMonth: 500_000 } });
    expect(scale).toMatchObject({ fitsMinute: true, fitsMonth: true, holds: true, stretch: { favoured: 1, rest: 1 } });
    expect(scale.datasets.map((dataset) => dataset.plannedSeconds)).toEqual(
      DEFAULTS.map((dataset) => dataset.intervalSeconds),
    );
  });

  it('counts the calls of a day and of this month', () => {
    const { configuredPerDay, datasets } = plan({ limits: { perMinute: 240, perMonth: 500_000 } });
    expect(configuredPerDay).toBe(288 + 144 + 192 + 288 + 48 + 72 + 360);
    expect(datasets[0]).toMatchObject({ callsPerDay: 288, callsPerMonth: 8640 });
  });

  it('stretches the defaults on the free plan until a month lasts, the rest four times as much as core and wallets', () => {
    const free = plan();
    expect(free).toMatchObject({ fitsMinute: true, fitsMonth: false, holds: true });
    expect(free.stretch.rest / free.stretch.favoured).toBeCloseTo(4);
    expect(free.plannedPerDay * 30).toBeLessThanOrEqual(8000);
    // The step below would not have fitted: no more is stretched than needed.
    expect(free.plannedPerDay * 1.1 * 1.1 * 30).toBeGreaterThan(8000);
  });

  it('stretches the rest alone while that suffices', () => {
    const develop = plan({ limits: { perMinute: 60, perMonth: 45_000 } });
    expect(develop.stretch.favoured).toBe(1);
    expect(develop.stretch.rest).toBeGreaterThan(1);
    expect(develop.datasets.filter((dataset) => dataset.rank !== 'other')).toEqual(
      DEFAULTS.filter((dataset) => dataset.rank !== 'other').map(
        ({ name, intervalSeconds }) => expect.objectContaining({ name, plannedSeconds: intervalSeconds }) as unknown,
      ),
    );
  });

  it('pays a costly week back over the days that are left', () => {
    const now = new Date('2026-11-16T00:00:00Z');
    const even = plan({ now, spentThisMonth: 4000 });
    const ahead = plan({ now, spentThisMonth: 7000 });
    expect(even.allowedPerDay).toBeCloseTo(4000 / 15);
    expect(ahead.allowedPerDay).toBeCloseTo(1000 / 15);
    expect(ahead.stretch.rest).toBeGreaterThan(even.stretch.rest);
  });

  it('says that nothing holds once the credits are spent, and asks for each dataset once a day', () => {
    const spent = plan({ spentThisMonth: 10_000 });
    expect(spent).toMatchObject({ allowedPerDay: 0, holds: false });
    expect(new Set(spent.datasets.map((dataset) => dataset.plannedSeconds))).toEqual(new Set([86_400]));
  });

  it('lets the minute alone bind where the credits are not known', () => {
    expect(plan({ limits: { perMinute: 5, perMonth: 0 } })).toMatchObject({ fitsMonth: null, stretch: { rest: 1 } });
    const many = DEFAULTS.map((dataset) => ({ ...dataset, plannedCalls: dataset.plannedCalls * 10 }));
    const narrow = plan({ limits: { perMinute: 5, perMonth: 0 }, datasets: many });
    expect(narrow).toMatchObject({ fitsMinute: false, fitsMonth: null, holds: true });
    expect(narrow.plannedPerDay).toBeLessThanOrEqual(5 * 0.8 * 1440);
  });

  it('says how long a run takes at the limit', () => {
    const yields = plan().datasets.find((dataset) => dataset.name === 'validator_yields');
    expect(yields?.secondsPerRun).toBe((14 * 60) / 4);
  });

  it('never allows more than the limits, never shortens an interval, and never favours the rest', () => {
    const datasets = fc.array(
      fc.record({
        name: fc.string(),
        intervalSeconds: fc.integer({ min: 6, max: 604_800 }),
        plannedCalls: fc.integer({ min: 0, max: 50 }),
        rank: fc.constantFrom(...BUDGET_RANKS),
      }),
      { maxLength: 20 },
    );
    const limits = fc.record({
      perMinute: fc.integer({ min: 1, max: 500 }),
      perMonth: fc.integer({ min: 1, max: 1e6 }),
    });
    fc.assert(
      fc.property(datasets, limits, fc.nat(1e6), (wanted, limit, spentThisMonth) => {
        const made = plan({ datasets: wanted, limits: limit, spentThisMonth });
        if (made.holds) expect(made.plannedPerDay).toBeLessThanOrEqual(made.allowedPerDay);
        expect(made.stretch.favoured).toBeLessThanOrEqual(made.stretch.rest);
        for (const { plannedSeconds, intervalSeconds } of made.datasets) {
          expect(plannedSeconds).toBeGreaterThanOrEqual(intervalSeconds);
        }
      }),
    );
  });

  it('buys more with every bigger plan', () => {
    const stretches = UPSTREAM_PLANS.map((limits) => plan({ limits }).stretch.rest);
    expect(stretches).toEqual([...stretches].sort((a, b) => b - a));
    expect(stretches.at(-1)).toBe(1);
  });
});
