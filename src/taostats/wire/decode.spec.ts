import fc from 'fast-check';
import { parse } from 'lossless-json';
import { type Decoded, decode } from './decode';
import { tameContainers, parseLossless } from './lossless-json';
import { openEnvelope } from './envelope';

const keep = (text: string): string => text;

function read(body: string | Buffer, more: { status?: number; contentType?: string | undefined } = {}): Decoded {
  const answer = { status: 200, contentType: 'application/json; charset=utf-8', body: Buffer.from(body), ...more };
  return decode(answer, keep);
}

const reasonOf = (decoded: Decoded): string => (decoded.kind === 'unreadable' ? decoded.reason : decoded.kind);

describe('decoding', () => {
  it.each(['application/json', 'application/problem+json', 'APPLICATION/JSON;charset=utf-8', undefined])(
    'takes content type %s',
    (contentType) => {
      expect(read('{"data":[]}', { contentType })).toMatchObject({ kind: 'json', value: { data: [] } });
    },
  );

  it.each([
    ['HTML with its own type', '<html></html>', 'text/html', 'the content type is not JSON'],
    ['JSON sent as text', '{"data":[]}', 'text/plain', 'the content type is not JSON'],
    ['HTML sent as JSON', '<html></html>', 'application/json', 'the body is not complete JSON'],
    ['JSON cut in the middle', '{"data":[{"netuid":1', 'application/json', 'the body is not complete JSON'],
    ['nothing', '', 'application/json', 'the body is empty'],
    ['a nest too deep', `${'['.repeat(40)}${']'.repeat(40)}`, 'application/json', 'the body is nested deeper than 32'],
  ])('refuses %s', (_name, body, contentType, reason) => {
    expect(reasonOf(read(body, { contentType }))).toBe(reason);
  });

  it('refuses a 204, and bytes that are not UTF-8', () => {
    expect(reasonOf(read('', { status: 204 }))).toBe('the body is empty');
    expect(reasonOf(read(Buffer.from('{"name":"caf\xe9"}', 'latin1')))).toBe('the body is not UTF-8');
  });

  it('tolerates a byte order mark', () => {
    expect(read('\ufeff{"data":[]}')).toMatchObject({ kind: 'json', value: { data: [] } });
  });

  it('survives a nest that would overflow a recursive reader', () => {
    expect(reasonOf(read(`${'['.repeat(100_000)}${']'.repeat(100_000)}`))).toMatch(/nested|complete/);
  });

  it('sees the error inside a 200', () => {
    const body = '{"status_code":429,"message":"Rate Limited. Try Again Later."}';
    expect(read(body)).toEqual({ kind: 'error', status: 429, message: 'Rate Limited. Try Again Later.' });
  });

  it('takes rows for rows although a status code lies beside them', () => {
    expect(read('{"status_code":429,"data":[]}').kind).toBe('json');
  });

  it('masks the key wherever a body repeats it', () => {
    const answer = { status: 200, contentType: 'application/json', body: Buffer.from('{"data":["tao-secret"]}') };
    const decoded = decode(answer, (text) => text.replaceAll('tao-secret', '[redacted]'));
    expect(decoded).toMatchObject({ kind: 'json', value: { data: ['[redacted]'] } });
    expect(decoded.kind === 'json' && decoded.body.toString()).not.toContain('tao-secret');
  });
});

describe('lossless JSON', () => {
  it.each([
    ['0.0853797768549170136737598244'],
    ['18446744073709551615'],
    ['9007199254740993'],
    ['-8770778418879012864'],
    ['1.012375333531027970456969303'],
    ['5.421e-16'],
    ['1e400'],
  ])('keeps every digit of %s', (token) => {
    expect(parseLossless(`{"a":${token},"b":[${token}]}`)).toEqual({ a: token, b: [token] });
  });

  it('leaves small whole numbers numbers', () => {
    expect(parseLossless('{"netuid":64,"price":1.5,"big":123456789012345}')).toEqual({
      netuid: 64,
      price: '1.5',
      big: 123456789012345,
    });
  });

  it('is not misled by numbers inside text', () => {
    expect(parseLossless('{"note":"a: 1.5, [2.5]","at":"2026-01-11T04:11:12.001Z"}')).toEqual({
      note: 'a: 1.5, [2.5]',
      at: '2026-01-11T04:11:12.001Z',
    });
  });

  it.each(['{"__proto__":{"polluted":true},"a":1}', '{"\\u005f_proto__":{"polluted":true},"a":1}'])(
    'drops the key __proto__ of %s',
    (text) => {
      const value = parseLossless(text) as Record<string, unknown>;
      expect(tameContainers(value, 2)).toBe(true);
      expect(Object.keys(value)).toEqual(['a']);
      expect(Object.assign({}, value)).not.toHaveProperty('polluted');
    },
  );

  it('agrees with JSON.parse on everything that a double holds', () => {
    fc.assert(
      fc.property(
        fc
          .jsonValue({ noUnicodeString: false })
          .filter((value) => !/[\d]\.\d|\de[+-]|\d{16}|__proto__/.test(JSON.stringify(value))),
        (value) => {
          const text = JSON.stringify(value);
          expect(parseLossless(text)).toEqual(JSON.parse(text));
        },
      ),
    );
  });

  it('reads numbers and texts of any shape as a slow reader of single characters does', () => {
    const digits = fc.stringMatching(/^(0|[1-9]\d{0,20})$/);
    const token = fc
      .tuple(
        fc.constantFrom('', '-'),
        digits,
        fc.stringMatching(/^(\.\d{1,25})?$/),
        fc.stringMatching(/^([eE][+-]?\d)?$/),
      )
      .map((parts) => parts.join(''));
    const text = fc
      .oneof(fc.string(), fc.constantFrom('\\', '"', '\\"', ': 1.5, [2.5]', '":1.5', 'caf\u00e9 \u{1f3e6}'))
      .map((value) => JSON.stringify(value));
    const spaces = fc.constantFrom('', ' ', '\n\t', ' \r\n');
    const { json } = fc.letrec<{ json: string; list: string; object: string }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 3 },
        token,
        text,
        fc.constantFrom('true', 'false', 'null'),
        tie('list'),
        tie('object'),
      ),
      list: fc.tuple(fc.array(tie('json')), spaces).map(([items, space]) => `[${space}${items.join(`${space},`)}]`),
      object: fc
        .tuple(fc.array(fc.tuple(text, tie('json'))), spaces)
        .map(
          ([fields, space]) =>
            `{${fields.map(([key, value], at) => `"${at}${key.slice(1)}${space}:${space}${value}`).join(',')}}`,
        ),
    }));
    const slowly = (source: string): unknown =>
      parse(source, null, (number) => (/[.eE]|\d{16}/.test(number) ? number : Number(number)));
    fc.assert(
      fc.property(json, (inner) => {
        const source = `[${inner}]`;
        expect(parseLossless(source)).toEqual(slowly(source));
      }),
      { numRuns: 500 },
    );
  });

  it('counts the depth of arrays and objects', () => {
    expect(tameContainers({ a: [{ b: 1 }] }, 3)).toBe(true);
    expect(tameContainers({ a: [{ b: 1 }] }, 2)).toBe(false);
  });
});

describe('the envelope', () => {
  it.each([
    [[], 'the answer is not an object'],
    [null, 'the answer is not an object'],
    ['text', 'the answer is not an object'],
    [{}, '`data` is missing'],
    [{ data: null }, '`data` is not an array'],
    [{ data: {} }, '`data` is not an array'],
    [{ data: Array(2000).fill({}) }, '`data` holds 2000 rows, more than 1024'],
  ])('is broken by %j', (value, violation) => {
    expect(openEnvelope(value)).toEqual({ violation });
  });

  it('reads the paging, and null where it says nothing usable', () => {
    const pagination = { current_page: 1, per_page: '200', total_items: 129, total_pages: -1, next_page: null };
    expect(openEnvelope({ pagination, data: [] })).toEqual({
      rows: [],
      pagination: { currentPage: 1, perPage: 200, totalItems: 129, totalPages: null, nextPage: null },
    });
  });
});
