import { seriesMoments, windowOf, windowSince } from './earnings-windows';

const NOW = new Date('2026-10-10T12:00:00Z');
const at = (text: string): Date => new Date(text);

describe('the window that earnings are asked for', () => {
  it('is the last thirty days unless it is said', () => {
    expect(windowOf({}, NOW)).toEqual({ from: at('2026-09-10T12:00:00Z'), to: NOW });
  });

  it('ends now when it would end later', () => {
    expect(windowOf({ from: at('2026-10-01'), to: at('2027-01-01') }, NOW).to).toEqual(NOW);
  });

  it.each([
    [{ from: at('2026-10-02'), to: at('2026-10-01') }, 'must be before `to`'],
    [{ from: at('2026-11-01') }, 'must be in the past'],
  ])('%j is refused', (asked, message) => {
    expect(() => windowOf(asked, NOW)).toThrow(message);
  });

  it('of changes is a day unless it is said, and begins in the past', () => {
    expect(windowSince(undefined, NOW).from).toEqual(at('2026-10-09T12:00:00Z'));
    expect(windowSince(at('2026-10-01'), NOW)).toEqual({ from: at('2026-10-01'), to: NOW });
    expect(() => windowSince(at('2026-11-01'), NOW)).toThrow('since: must be in the past');
  });
});

describe('the windows of a series', () => {
  const textsOf = (moments: readonly Date[]): string[] => moments.map((moment) => moment.toISOString().slice(5, 16));

  it('meet at midnights between the two ends', () => {
    const window = { from: at('2026-10-01T06:00:00Z'), to: at('2026-10-03T18:00:00Z') };
    expect(textsOf(seriesMoments(window, 'day'))).toEqual(['10-01T06:00', '10-02T00:00', '10-03T00:00', '10-03T18:00']);
  });

  it('are one when the whole is shorter than one', () => {
    const window = { from: at('2026-10-01'), to: at('2026-10-02') };
    expect(textsOf(seriesMoments(window, 'week'))).toEqual(['10-01T00:00', '10-02T00:00']);
  });

  it('are not more than one answer holds', () => {
    expect(() => seriesMoments({ from: at('2025-01-01'), to: at('2027-01-01') }, 'day')).toThrow('longer interval');
  });
});
