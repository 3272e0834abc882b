import { NoTurnError, RateLimitedError, TaostatsError } from '../taostats';
import { WINDOW_MS } from '../taostats/pace/grant';
import { BACKFILL_DEADLINE_MS, isWithoutTurn, stepFailure } from './step-failure';
import { WORKERS } from './sync-workers.service';

const LATER = new Date('2026-01-15T12:01:00Z');

describe('a step of a back-fill', () => {
  it('has time for its turn behind those of all other workers, on a key that leaves the past one call a minute', () => {
    expect(BACKFILL_DEADLINE_MS).toBeGreaterThan(WORKERS.other * WINDOW_MS);
  });

  it.each([
    ['the limit leaves no request in its time', new NoTurnError(LATER), true],
    ['its time is over', new TaostatsError('deadline', 'no answer'), true],
    ['TaoStats asked for a pause', new RateLimitedError(LATER), false],
  ])('is told from one that failed: %s', (_case, error, expected) => {
    expect(isWithoutTurn(error)).toBe(expected);
  });

  it('says who refuses a request', () => {
    expect(stepFailure(new NoTurnError(LATER))).toMatchObject({
      code: 'taostats/rate-limited',
      reason: 'The limit leaves no request before 2026-01-15T12:01:00.000Z',
      retryAt: LATER,
    });
  });
});
