import type { RecentError } from '../api/trust-pack';
import { groupErrors } from './group-errors';

function failed(at: string, over: Partial<RecentError> = {}): RecentError {
  return {
    at,
    endpoint: '/api/price/latest/v1',
    outcome: 'transient',
    status: 503,
    code: 'taostats/unavailable',
    message: 'gave up after 3 attempts in 1.5 s',
    attempt: 1,
    run_id: null,
    ...over,
  };
}

describe('recent errors', () => {
  it('are one group when they differ in numbers and ids only', () => {
    const [group, ...others] = groupErrors([
      failed('2026-01-01T00:00:00Z'),
      failed('2026-01-01T00:05:00Z', { message: 'gave up after 4 attempts in 12 s' }),
    ]);
    expect(others).toEqual([]);
    expect(group).toMatchObject({ count: 2, firstAt: '2026-01-01T00:00:00Z', lastAt: '2026-01-01T00:05:00Z' });
  });

  it('are told apart by code and endpoint, the most recent first', () => {
    const groups = groupErrors([
      failed('2026-01-01T00:00:00Z'),
      failed('2026-01-01T00:01:00Z', { endpoint: '/api/subnet/latest/v1' }),
      failed('2026-01-01T00:02:00Z', { code: 'taostats/rate-limited' }),
    ]);
    expect(groups.map((group) => [group.code, group.endpoint])).toEqual([
      ['taostats/rate-limited', '/api/price/latest/v1'],
      ['taostats/unavailable', '/api/subnet/latest/v1'],
      ['taostats/unavailable', '/api/price/latest/v1'],
    ]);
  });
});
