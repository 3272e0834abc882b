import { isFromThisMachine } from './metrics-reset.controller';

describe('a request to reset the counters', () => {
  it.each([
    [{ ip: '127.0.0.1', headers: {} }, true],
    [{ ip: '::1', headers: {} }, true],
    [{ ip: '::ffff:127.0.0.1', headers: {} }, true],
    [{ ip: '10.0.0.5', headers: {} }, false],
    [{ ip: '::ffff:10.0.0.5', headers: {} }, false],
    [{ ip: '127.0.0.1', headers: { 'x-forwarded-for': '203.0.113.9' } }, false],
    [{ ip: '127.0.0.1', headers: { 'sec-fetch-site': 'cross-site' } }, false],
    [{ ip: '127.0.0.1', headers: { 'sec-fetch-site': 'same-origin' } }, true],
  ])('from %j is from this machine: %s', (request, expected) => {
    expect(isFromThisMachine(request)).toBe(expected);
  });
});
