import { areAscending, lastRowOfEachDay, secondsOf, seenTo, wantedDays, wholeTo } from './history-window';

const row = (block_number: number, timestamp: string): { block_number: number; timestamp: string } => ({
  block_number,
  timestamp,
});

describe('the window of a history', () => {
  it('is a year that ends yesterday', () => {
    expect(wantedDays(new Date('2026-11-23T22:10:00Z'))).toEqual({ from: '2025-11-23', to: '2026-11-22' });
  });

  it('does not begin before there was alpha', () => {
    expect(wantedDays(new Date('2025-06-01T00:00:00Z'))).toEqual({ from: '2025-02-13', to: '2025-05-31' });
  });

  it('is asked for by its first and last second', () => {
    expect(secondsOf({ from: '2026-01-01', to: '2026-01-01' })).toEqual({
      timestamp_start: 1_767_225_600,
      timestamp_end: 1_767_311_999,
    });
  });
});

describe('a day of a history', () => {
  it('is its row with the highest block, wherever the row stands', () => {
    const rows = [
      row(5, '2026-01-02T00:00:00Z'),
      row(3, '2026-01-01T23:59:48Z'),
      row(1, '2026-01-01T10:00:00Z'),
      row(4, '2026-01-01T23:59:59.999Z'),
    ];
    expect(lastRowOfEachDay(rows).map(({ block_number }) => block_number)).toEqual([4, 5]);
  });
});

describe('a walk', () => {
  const range = { from: '2026-01-01', to: '2026-01-31' };

  it('is whole to the end of its window when the answer is', () => {
    expect(wholeTo([], range, true)).toBe('2026-01-31');
  });

  it('is whole to the day before the last one of a page that ended early', () => {
    expect(wholeTo([row(1, '2026-01-01T10:00:00Z'), row(2, '2026-01-09T10:00:00Z')], range, false)).toBe('2026-01-08');
  });

  it('needs more pages when one holds not even a day', () => {
    expect(wholeTo([row(1, '2026-01-01T10:00:00Z'), row(2, '2026-01-01T11:00:00Z')], range, false)).toBeNull();
    expect(wholeTo([], range, false)).toBeNull();
  });

  it('goes on only behind rows that come oldest first', () => {
    expect(areAscending([row(1, ''), row(1, ''), row(2, '')])).toBe(true);
    expect(areAscending([row(2, ''), row(1, '')])).toBe(false);
  });

  it('passes over days whose last hour was seen, up to the first that was not', () => {
    const seenAt = new Map([
      ['2026-01-01', new Date('2026-01-01T23:00:00Z')],
      ['2026-01-02', new Date('2026-01-02T23:59:59Z')],
      ['2026-01-03', new Date('2026-01-03T22:59:59Z')],
      ['2026-01-04', new Date('2026-01-04T23:59:59Z')],
    ]);
    expect(seenTo(seenAt, range)).toBe('2026-01-02');
    expect(seenTo(seenAt, { from: '2026-01-03', to: '2026-01-31' })).toBeNull();
    expect(seenTo(seenAt, { from: '2026-01-04', to: '2026-01-04' })).toBe('2026-01-04');
  });
});
