import { checkClocks, readClock } from './clock-check';

const NOW = new Date('2026-01-15T12:00:00Z');

function reading(offsetSeconds: number, roundTripMs = 0) {
  return readClock('PostgreSQL', new Date(NOW.getTime() + offsetSeconds * 1000), NOW, roundTripMs);
}

describe('the check of the clocks', () => {
  it('measures against the middle of the question', () => {
    expect(reading(0, 4_000)).toMatchObject({ aheadSeconds: 2, uncertaintySeconds: 2 });
  });

  it.each([0, 30, -30])('is content when the other is off by %s s', (seconds) => {
    expect(checkClocks([reading(seconds)]).state).toBe('ok');
  });

  it.each([
    [90, 'this machine is 90 s behind PostgreSQL'],
    [-90, 'this machine is 90 s ahead of PostgreSQL'],
  ])('says whose clock is off when it is %s s', (seconds, message) => {
    expect(checkClocks([reading(0), reading(seconds)])).toMatchObject({ state: 'warning', message });
  });

  it('blames no clock for a slow answer', () => {
    expect(checkClocks([reading(10, 80_000)]).state).toBe('ok');
  });

  it('says that no clock could be read', () => {
    expect(checkClocks([]).state).toBe('skipped');
  });
});
