import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Endpoint } from './endpoint';
import { ENDPOINTS } from './endpoints';
import { type PageRows, readPage } from './page-rows';
import { decode } from './wire/decode';

const RECORDED = join(__dirname, '../../../shared/recorded');
const FOLDERS = ['2026-01-full-snapshot', '2025-official-examples'];

// The POST of the same path answers for the positions in its body, which a recording of the GET cannot know.
const RECORDED_ENDPOINTS = Object.entries(ENDPOINTS).filter(([, endpoint]) => endpoint.method === 'GET');

const FILES = RECORDED_ENDPOINTS.flatMap(([name, endpoint]) =>
  FOLDERS.map((folder) => ({
    name,
    endpoint,
    file: join(RECORDED, folder, `${endpoint.path.slice(1).replaceAll('/', '-')}.json`),
  })),
).filter(({ file }) => existsSync(file));

function readRecorded(endpoint: Endpoint<object>, text: string): PageRows<object> {
  const decoded = decode({ status: 200, contentType: 'application/json', body: Buffer.from(text) }, (same) => same);
  if (decoded.kind !== 'json') throw new Error(`not readable: ${JSON.stringify(decoded)}`);
  const page = readPage(endpoint, decoded.value, { query: {}, validate: true });
  if ('violation' in page) throw new Error(page.violation);
  return page;
}

/** The other generation: every decimal text as a JSON number, as the server began to send some of them in 2026. */
function asNumbers(text: string): string {
  return text.replace(/"(-?\d+(?:\.\d+)?)"(?=\s*[,}\]])/g, '$1');
}

if (FILES.length === 0) {
  it('has no recordings to read: ../shared/recorded is absent', () => undefined);
} else {
  describe.each(FILES)('$name as recorded', ({ endpoint, file }) => {
    const text = readFileSync(file, 'utf8');
    const row = endpoint as unknown as Endpoint<object>;

    it('is valid in every row', () => {
      const page = readRecorded(row, text);
      expect(page.rejected).toEqual([]);
      expect(page.rows.length).toBeGreaterThan(0);
    });

    it('keeps the text of every figure', () => {
      const { rows } = readRecorded(row, text);
      const recorded = JSON.parse(text) as { data?: Record<string, unknown>[] };
      (recorded.data ?? [recorded]).forEach((expected, index) => {
        // A whole number may come out as text: the digits are what counts.
        const row = rows[index] as Record<string, unknown>;
        for (const [field, value] of Object.entries(expected)) {
          expect(typeof value === 'number' ? String(row[field]) : row[field]).toEqual(
            typeof value === 'number' ? String(value) : value,
          );
        }
      });
    });

    it('reads the same figures when they are sent as numbers', () => {
      expect(readRecorded(row, asNumbers(text))).toEqual(readRecorded(row, text));
    });

    it('has one row for every natural key', () => {
      const keys = readRecorded(row, text).rows.map(row.naturalKey);
      expect(new Set(keys).size).toBe(keys.length);
    });
  });
}
