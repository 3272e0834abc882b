import type { PortfolioPast } from '../treasury';
import { findTreasuryProblems } from './treasury-findings';

const AT = '2026-01-15T12:00:00.000Z';
const ADDRESS = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';

function past(
  drawdown: Partial<PortfolioPast['drawdown']> = {},
  point: Partial<PortfolioPast['points'][number]> = {},
): PortfolioPast {
  return {
    points: [{ at: AT, complete: true, missing: [], ...point } as PortfolioPast['points'][number]],
    drawdown: {
      current: '0.05',
      maximum: '0.05',
      maximum_at: null,
      state: 'within',
      soft_limit: '0.15',
      hard_limit: '0.2',
      as_of: AT,
      ends_because: null,
      ...drawdown,
    },
  };
}

describe('what the value of the treasury gives reason to say', () => {
  it('is nothing within the limits, and nothing before a value was ever recorded', () => {
    expect(findTreasuryProblems(past())).toEqual([]);
    expect(findTreasuryProblems({ ...past({ current: null, state: 'unknown' }), points: [] })).toEqual([]);
  });

  it.each([
    ['soft', 'warning', '0.1734', 'The treasury is 17.34 % below its peak; the soft limit is 15 %.'],
    ['hard', 'critical', '0.25', 'The treasury is 25 % below its peak; the hard limit is 20 %.'],
  ])('is a drawdown beyond the %s limit, %s, as one alert', (state, severity, current, message) => {
    expect(findTreasuryProblems(past({ state, current }))).toEqual([
      { key: 'drawdown_limit', code: 'drawdown_limit', subject: null, severity, message, since: null },
    ]);
  });

  it('is a value that is not known, with the first reason and without an address', () => {
    const missing = [
      { input: `wallet ${ADDRESS}`, reason: 'its positions are failing' },
      { input: 'pools', reason: 'the pools are stale' },
    ];
    const [problem] = findTreasuryProblems(past({}, { complete: false, missing }));
    expect(problem).toMatchObject({
      code: 'nav_incomplete',
      severity: 'warning',
      message: 'The value of the treasury is not known: its positions are failing and 1 more.',
      since: new Date(AT),
    });
  });

  it('is a notice that nobody watches the limits, without an address', () => {
    const [problem] = findTreasuryProblems(past({ ends_because: `wallet ${ADDRESS}: its events were never read` }));
    expect(problem).toMatchObject({ code: 'drawdown_unknown', severity: 'notice' });
    expect(problem?.message).not.toContain(ADDRESS);
  });
});
