import type { DataMeta } from './data-meta';
import type { HttpReply } from './http-reply';
import { PreparedAnswers } from './prepared-answers';

const META: DataMeta = {
  as_of: '2026-01-15T11:55:00.000Z',
  age_seconds: 42.3,
  trust: 'ok',
  run_id: null,
  source: 'taostats',
  simulated: false,
  datasets: {},
};

/** Bytes of each of the answers below. */
const SIZE = Buffer.byteLength(JSON.stringify({ data: [{ symbol: 'τ', of: '"a"' }], total: 1, meta: META }));

class Sent implements HttpReply {
  status = 200;
  headers: Record<string, string> = {};
  text: string | null = null;

  code(status: number): this {
    this.status = status;
    return this;
  }

  header(name: string, value: string): this {
    this.headers[name] = value;
    return this;
  }

  send(body?: unknown): void {
    if (Buffer.isBuffer(body)) this.text = body.toString();
  }
}

describe('prepared answers', () => {
  let written: string[];

  beforeEach(() => {
    written = [];
  });

  function ask(
    answers: PreparedAnswers,
    etag: string,
    { known, meta = META }: { known?: string; meta?: DataMeta } = {},
  ) {
    const sent = new Sent();
    const rows = () => {
      written.push(etag);
      return { data: [{ symbol: 'τ', of: etag }], total: 1, next_cursor: undefined };
    };
    answers.send(sent, known, { meta, etag, rows });
    return sent;
  }

  it('are what JSON makes of rows and meta, and are written once', () => {
    const answers = new PreparedAnswers();
    for (const age_seconds of [1, 2, 2, 10.5]) {
      const { headers, text } = ask(answers, '"a"', { meta: { ...META, age_seconds } });
      expect(text).toBe(
        JSON.stringify({ data: [{ symbol: 'τ', of: '"a"' }], total: 1, meta: { ...META, age_seconds } }),
      );
      expect(headers).toMatchObject({ etag: '"a"', 'content-type': 'application/json; charset=utf-8' });
    }
    expect(written).toEqual(['"a"']);
  });

  it('are not written at all for a reader who has them', () => {
    const { status, text } = ask(new PreparedAnswers(), '"a"', { known: '"a"' });
    expect([status, text, written]).toEqual([304, null, []]);
  });

  it('are kept apart by their tags', () => {
    const answers = new PreparedAnswers();
    const texts = ['"a"', '"b"', '"a"', '"b"'].map((etag) => ask(answers, etag).text);
    expect(texts.map((text) => (JSON.parse(text ?? '') as { data: [{ of: string }] }).data[0].of)).toEqual([
      '"a"',
      '"b"',
      '"a"',
      '"b"',
    ]);
    expect(written).toEqual(['"a"', '"b"']);
  });

  it.each([
    ['of so many', { maxEntries: 2, maxBytes: 10 * SIZE }],
    ['of so many bytes', { maxEntries: 10, maxBytes: 2 * SIZE }],
  ])('are kept to a number %s, of which the one that was not asked for longest goes', (_name, limits) => {
    const answers = new PreparedAnswers(limits);
    for (const etag of ['"a"', '"b"', '"a"', '"c"', '"a"', '"b"']) ask(answers, etag);
    expect(written).toEqual(['"a"', '"b"', '"c"', '"b"']);
  });

  it('that are too large to be kept are sent all the same, and push out no others', () => {
    const answers = new PreparedAnswers({ maxEntries: 10, maxBytes: SIZE });
    const large = '"a tag that makes the rows larger than the limit"';
    for (const etag of ['"a"', large, '"a"', large]) expect(ask(answers, etag).text).toContain('"data"');
    expect(written).toEqual(['"a"', large, large]);
  });
});
