import { wantsCsv, withoutCsvSuffix } from './table-format';

describe('the form of a list', () => {
  it.each([
    ['/api/v1/positions', 'text/csv'],
    ['/api/v1/positions', 'text/csv; q=0.9, application/json;q=0.1'],
    ['/api/v1/positions', 'Text/CSV, */*;q=0.1'],
    ['/api/v1/positions.csv', undefined],
    ['/api/v1/positions.csv?wallet=a', 'application/json'],
  ])('is CSV for %s with Accept %s', (url, accept) => {
    expect(wantsCsv({ url, headers: { accept } })).toBe(true);
  });

  it.each([
    ['/api/v1/positions', undefined],
    ['/api/v1/positions', '*/*'],
    ['/api/v1/positions', 'application/json'],
    ['/api/v1/positions', 'application/json, text/csv'],
    ['/api/v1/positions', 'text/csv;q=0'],
    ['/api/v1/positions', 'text/csv;q=nonsense'],
    ['/api/v1/positions?name=x.csv', undefined],
  ])('is JSON for %s with Accept %s', (url, accept) => {
    expect(wantsCsv({ url, headers: { accept } })).toBe(false);
  });

  it('is no part of a path parameter', () => {
    expect([withoutCsvSuffix('64.csv'), withoutCsvSuffix('64')]).toEqual(['64', '64']);
  });
});
