import { isFromForeignPage, isKnownHost } from './foreign-page';

describe('a change that a browser sends', () => {
  const listed = ['https://board.example'];

  it.each([
    ['a program without any of the headers', {}, false],
    ['our own page', { 'sec-fetch-site': 'same-origin', origin: 'http://127.0.0.1:8050' }, false],
    ['the address bar', { 'sec-fetch-site': 'none' }, false],
    ['a page of a listed origin', { 'sec-fetch-site': 'cross-site', origin: 'https://board.example' }, false],
    ['a page of another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, true],
    ['a page on another port of this machine', { 'sec-fetch-site': 'same-site' }, true],
    ['a sandboxed page', { origin: 'null', host: '127.0.0.1:8050' }, true],
    ['an old browser on our own page', { origin: 'http://127.0.0.1:8050', host: '127.0.0.1:8050' }, false],
    ['an old browser on another page', { origin: 'http://evil.example', host: '127.0.0.1:8050' }, true],
  ])('is foreign or not: %s', (_who, headers, foreign) => {
    expect(isFromForeignPage(headers, listed)).toBe(foreign);
  });
});

describe('the Host of a request to a loopback socket', () => {
  it.each([
    ['127.0.0.1:8050', true],
    ['localhost:8050', true],
    ['[::1]:8050', true],
    [undefined, true],
    ['board.example', true],
    ['evil.example', false],
    ['127.0.0.1.evil.example:8050', false],
    ['localhost.evil.example', false],
    ['169.254.169.254', false],
    ['not a host', false],
  ])('%s is known: %s', (host, known) => {
    expect(isKnownHost(host, ['https://board.example'])).toBe(known);
  });
});
