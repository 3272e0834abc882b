import { createHash } from 'node:crypto';
import { makeToken, presentedToken, TokenSet } from './tokens';

describe('the tokens', () => {
  const monitor = makeToken('read', 'monitor');
  const operator = makeToken('admin');
  const tokens = new TokenSet([monitor.entry, operator.entry]);

  it('are known by their hash, with scope and label', () => {
    expect(tokens.find(monitor.token)).toEqual({ label: 'monitor', scope: 'read' });
  });

  it('are named after their hash when they have no label', () => {
    const hash = createHash('sha256').update(operator.token).digest('hex');
    expect(tokens.find(operator.token)).toEqual({ label: hash.slice(0, 8), scope: 'admin' });
  });

  it.each(['', 'tk_live_', `${monitor.token}x`, monitor.token.slice(0, -1), monitor.entry, 'x'.repeat(10_000)])(
    'are not known by anything else (%#)',
    (text) => {
      expect(tokens.find(text)).toBeNull();
    },
  );

  it('may be two for one caller, so that a rotation has no gap', () => {
    const next = makeToken('read', 'monitor');
    const rotating = new TokenSet([monitor.entry, next.entry]);
    expect([rotating.find(monitor.token)?.label, rotating.find(next.token)?.label]).toEqual(['monitor', 'monitor']);
  });

  it('carry 256 bits behind a prefix that secret scanners know, and are never the same', () => {
    expect(Buffer.from(monitor.token.replace('tk_live_', ''), 'base64url')).toHaveLength(32);
    expect(monitor.token).not.toBe(makeToken('read').token);
    expect(monitor.entry).not.toContain(monitor.token);
  });
});

describe('an Authorization header', () => {
  const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

  it.each([
    ['Bearer tk_live_a', 'tk_live_a'],
    ['bearer   tk_live_a', 'tk_live_a'],
    [basic('anyone:tk_live_a'), 'tk_live_a'],
    [basic(':a:b'), 'a:b'],
    [undefined, null],
    ['', null],
    ['Bearer', null],
    ['Bearer two words', null],
    ['Digest abc', null],
    [basic('no colon'), null],
  ])('%s presents %s', (header, token) => {
    expect(presentedToken(header)).toBe(token);
  });
});
