import { isDataStale } from './data-stale';

const SETTINGS = { staleDataThresholdMinutes: 30 };

describe('data_stale', () => {
  it.each([
    ['no dataset is known', [], true],
    ['every core dataset is young', [{ is_core: true, age_seconds: 1799, interval_seconds: 600 }], false],
    ['a core dataset reaches the threshold', [{ is_core: true, age_seconds: 1800, interval_seconds: 600 }], true],
    ['a core dataset was never synced', [{ is_core: true, age_seconds: null, interval_seconds: 600 }], true],
    ['a slow dataset is inside its rhythm', [{ is_core: true, age_seconds: 5399, interval_seconds: 3600 }], false],
    [
      'only another dataset is old',
      [
        { is_core: true, age_seconds: 60, interval_seconds: 600 },
        { is_core: false, age_seconds: 99_999, interval_seconds: 600 },
      ],
      false,
    ],
  ])('when %s', (_name, datasets, stale) => {
    expect(isDataStale(datasets, SETTINGS)).toBe(stale);
  });
});
