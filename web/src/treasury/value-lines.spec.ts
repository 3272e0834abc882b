import type { PortfolioPoint } from '../api/portfolio';
import { balanceRows, valueRows } from './value-lines';

const HOUR_MS = 3_600_000;

function point(at: string, complete = true): PortfolioPoint {
  return {
    at,
    complete,
    missing: complete ? [] : [{ input: 'pool 7', reason: 'no pool is known' }],
    mid_tao: '3',
    executable_50_tao: '2',
    executable_100_tao: '1',
    drawdown: '0',
  };
}

describe('the lines of the value', () => {
  it('run through hours that follow each other, however far apart their moments are', () => {
    const rows = valueRows([point('2026-11-28T10:01:00Z'), point('2026-11-28T11:59:00Z')], HOUR_MS);
    expect(rows.map((row) => row.mid)).toEqual(['3', '3']);
  });

  it('break where an hour has no value', () => {
    const rows = valueRows([point('2026-11-28T10:59:00Z'), point('2026-11-28T12:01:00Z')], HOUR_MS);
    expect(rows.map((row) => row.mid)).toEqual(['3', null, '3']);
    expect(rows[1]).toMatchObject({ atMs: Date.parse('2026-11-28T11:30:00Z'), reason: 'no value was recorded' });
  });

  it('break at a value that is not complete, and keep its reason', () => {
    const [row] = valueRows([point('2026-11-28T10:00:00Z', false)], HOUR_MS);
    expect(row).toMatchObject({ mid: null, exec50: null, exec100: null, reason: 'pool 7: no pool is known' });
  });

  it('take a day of TaoStats only when it has every wallet', () => {
    const rows = balanceRows(
      [
        { day: '2026-11-26', totals: ['1.5', '2.25'] },
        { day: '2026-11-27', totals: ['1.5', null] },
      ],
      Date.parse('2026-11-28T00:00:00Z'),
    );
    expect(rows.map((row) => row.balance)).toEqual(['3.750000000', null]);
  });
});
