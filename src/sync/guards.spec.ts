import fc from 'fast-check';
import { type Judged, type Refusal, isAcceptedByRepetition, judge } from './guards';

function keys(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, index) => String(from + index));
}

function judged(given: Partial<Judged> = {}): Judged {
  return {
    name: 'pools',
    keys: keys(129),
    rejectedKeys: [],
    complete: true,
    totalItems: 129,
    storedKeys: keys(129),
    minimum: 32,
    mayBeEmpty: false,
    jumps: null,
    older: false,
    ...given,
  };
}

const codeOf = (given: Partial<Judged>): string | null => judge(judged(given)).refusal?.code ?? null;

describe('judge', () => {
  it('accepts the same network again', () => {
    expect(judge(judged())).toEqual({ refusal: null, warnings: [] });
  });

  it('accepts the first answer of all, since nothing is stored that it could lack', () => {
    expect(codeOf({ storedKeys: [] })).toBeNull();
  });

  it.each<[string, Partial<Judged>, string]>([
    ['no rows', { keys: [] }, 'sync/insufficient-data'],
    ['fewer than the minimum', { keys: keys(31), storedKeys: [] }, 'sync/insufficient-data'],
    ['pages that were not read', { complete: false }, 'sync/incomplete-walk'],
    ['an older answer', { older: true }, 'sync/older-answer'],
    ['a figure that jumped', { jumps: { reason: 'a price moved tenfold', keys: ['7'] } }, 'sync/implausible-values'],
    ['more than a fifth missing (26 of 129)', { keys: keys(103) }, 'sync/shrunk'],
    ['three of nineteen missing', { keys: keys(16), storedKeys: keys(19), minimum: 1 }, 'sync/shrunk'],
    ['six rejected of 10,000', { keys: keys(9_994), rejectedKeys: keys(6, 9_994) }, 'sync/too-many-rejected'],
    ['two rejected of 129', { keys: keys(127), rejectedKeys: keys(2, 127) }, 'sync/too-many-rejected'],
  ])('refuses %s', (_name, given, code) => {
    expect(codeOf(given)).toBe(code);
  });

  it.each<[string, Partial<Judged>]>([
    ['a fifth missing (25 of 129)', { keys: keys(104) }],
    ['two of nineteen missing', { keys: keys(17), storedKeys: keys(19), minimum: 1 }],
    ['one rejected row of 129', { keys: keys(128), rejectedKeys: ['128'] }],
    ['one rejected row of three', { keys: keys(2), rejectedKeys: ['2'], storedKeys: keys(3), minimum: 1 }],
    ['five rejected of 10,000', { keys: keys(9_995), rejectedKeys: keys(5, 9_995), storedKeys: [] }],
    ['new rows', { keys: keys(140) }],
  ])('accepts %s', (_name, given) => {
    expect(codeOf(given)).toBeNull();
  });

  it('warns from 5 % of missing rows on', () => {
    expect(judge(judged({ keys: keys(123) })).warnings).toEqual([]);
    expect(judge(judged({ keys: keys(122) })).warnings).toHaveLength(1);
  });

  it('does not call a rejected row missing, even one without a readable key', () => {
    expect(codeOf({ keys: keys(16), rejectedKeys: ['16'], storedKeys: keys(19), minimum: 1 })).toBeNull();
    expect(codeOf({ keys: keys(16), rejectedKeys: [null], storedKeys: keys(19), minimum: 1 })).toBeNull();
  });

  describe('where no row at all can be true', () => {
    const empty: Partial<Judged> = { keys: [], totalItems: 0, minimum: 0, mayBeEmpty: true, storedKeys: keys(2) };

    it('wants to hear it twice', () => {
      expect(judge(judged(empty)).refusal).toMatchObject({
        code: 'sync/unconfirmed-empty',
        acceptedAfter: { answers: 2, intervals: 1 },
      });
    });

    it('never takes an emptiness that upstream does not state', () => {
      const { refusal } = judge(judged({ ...empty, totalItems: null }));
      expect(refusal).toMatchObject({ code: 'sync/insufficient-data', acceptedAfter: null });
    });

    it('accepts it at once when nothing is stored', () => {
      expect(codeOf({ ...empty, storedKeys: [] })).toBeNull();
    });
  });

  it('gives the same refusal of the same rows the same digest, whatever their order, and others another', () => {
    const digestOf = (lost: string[]): string | undefined =>
      judge(judged({ keys: keys(129).filter((key) => !lost.includes(key)) })).refusal?.digest;
    const lost = keys(30, 10);
    expect(digestOf(lost)).toBe(digestOf([...lost].reverse()));
    expect(digestOf(lost)).not.toBe(digestOf(keys(30, 11)));
  });

  it('never accepts an answer without more than a fifth of a large table', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 2_000 }), fc.integer({ min: 0, max: 2_000 }), (stored, seen) => {
        const { refusal } = judge(judged({ keys: keys(seen), storedKeys: keys(stored), minimum: 0 }));
        expect(refusal !== null).toBe(stored - seen > 0.2 * stored);
      }),
    );
  });
});

describe('isAcceptedByRepetition', () => {
  const refusal: Refusal = judge(judged({ keys: keys(90) })).refusal ?? ({} as Refusal);
  const since = new Date('2026-01-01T00:00:00Z');
  const after = (minutes: number): { now: Date; intervalSeconds: number } => ({
    now: new Date(since.getTime() + minutes * 60_000),
    intervalSeconds: 600,
  });

  it.each([
    [1, 60, false],
    [2, 19, false],
    [2, 20, true],
    [5, 10, false],
  ])('after %i refusals and %i minutes with an interval of ten: %s', (count, minutes, accepted) => {
    const memory = { digest: refusal.digest, count, since };
    expect(isAcceptedByRepetition(refusal, memory, after(minutes))).toBe(accepted);
  });

  it('starts anew when the refusal is another one', () => {
    const memory = { digest: 'another', count: 9, since };
    expect(isAcceptedByRepetition(refusal, memory, after(999))).toBe(false);
  });

  it('never accepts too few rows', () => {
    const tooFew = judge(judged({ keys: [] })).refusal ?? refusal;
    const memory = { digest: tooFew.digest, count: 99, since };
    expect(isAcceptedByRepetition(tooFew, memory, after(9_999))).toBe(false);
  });
});
