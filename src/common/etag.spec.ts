import { matchesEtag, strongEtag } from './etag';

describe('an entity tag', () => {
  it('is quoted, and differs as soon as a part does', () => {
    const tags = [strongEtag('ab', 'c'), strongEtag('a', 'bc'), strongEtag('ab', null), strongEtag('ab')];
    expect(new Set(tags).size).toBe(tags.length);
    expect(tags.every((tag) => /^"[\w-]+"$/.test(tag))).toBe(true);
    expect(strongEtag('ab', { limit: 5 })).toBe(strongEtag('ab', { limit: 5 }));
  });

  it.each([
    ['"x"', true],
    ['W/"x"', true],
    ['"a", "x"', true],
    ['*', true],
    ['"a"', false],
    ['x', false],
    ['', false],
    [undefined, false],
  ])('is matched by If-None-Match %s: %s', (header, expected) => {
    expect(matchesEtag(header, '"x"')).toBe(expected);
  });
});
