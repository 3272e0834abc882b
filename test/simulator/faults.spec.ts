import { get as httpGet } from 'node:http';
import { type Fault, type RunningSimulator, startSimulator } from './index';

interface Body {
  pagination: { current_page: number; total_items: number; total_pages: number; next_page: number | null };
  data: Record<string, unknown>[];
}

const POOL = '/api/dtao/pool/latest/v1';
const SUBNET = '/api/subnet/latest/v1';

describe('a fault', () => {
  let simulator: RunningSimulator;

  beforeAll(async () => {
    simulator = await startSimulator({ startAt: new Date('2026-11-01T00:00:00Z'), speed: 0 });
  });

  afterEach(() => simulator.clearFaults());
  afterAll(() => simulator.close());

  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(simulator.url + path, { headers: { authorization: 'canary-key' }, redirect: 'manual', ...init });
  const struck = (fault: Fault, path = POOL): Promise<Response> => {
    simulator.addFault({ match: '/api', times: 1, fault });
    return ask(path);
  };
  const body = async (answer: Promise<Response>): Promise<Body> => (await (await answer).json()) as Body;

  it('strikes the beginning of a path as often as it was told to, then lets the truth through', async () => {
    simulator.addFault({ match: POOL, times: 2, skip: 1, fault: { kind: 'status', status: 503 } });
    const statuses: number[] = [];
    for (const path of [SUBNET, POOL, POOL, POOL, POOL]) statuses.push((await ask(`${path}?limit=1`)).status);
    expect(statuses).toEqual([200, 200, 503, 503, 200]);
  });

  it('is taken by POST and DELETE, and refused with the list of kinds when it is unknown', async () => {
    const post = (rule: unknown): Promise<Response> =>
      fetch(`${simulator.url}/__faults`, { method: 'POST', body: JSON.stringify(rule) });
    expect((await post({ match: POOL, fault: { kind: 'html' } })).status).toBe(200);
    expect((await ask(POOL)).headers.get('content-type')).toContain('text/html');
    await fetch(`${simulator.url}/__faults`, { method: 'DELETE' });
    expect((await ask(`${POOL}?limit=1`)).status).toBe(200);
    const refused = await post({ match: POOL, fault: { kind: 'gremlin' } });
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('empty_data');
  });

  it('answers 429 with the recorded body, and with Retry-After and Date only when told to', async () => {
    const bare = await struck({ kind: 'status', status: 429 });
    expect(bare.headers.get('retry-after')).toBeNull();
    expect(await bare.text()).toBe('{"status_code":429,"message":"Rate Limited. Try Again Later."}');
    const date = 'Sun, 06 Nov 1994 08:49:37 GMT';
    const dated = await struck({ kind: 'status', status: 429, headers: { 'Retry-After': date, Date: date } });
    expect([dated.headers.get('retry-after'), dated.headers.get('date')]).toEqual([date, date]);
    expect(await (await struck({ kind: 'credits_exhausted' })).text()).toMatch(/Insufficient credits.*remaining: 0/);
  });

  it.each<[Fault, (page: Body) => void]>([
    [{ kind: 'empty_data' }, (page) => expect([page.data, page.pagination.total_items]).toEqual([[], 0])],
    [{ kind: 'empty_data', keepTotal: true }, (page) => expect(page.pagination.total_items).toBe(129)],
    [{ kind: 'data_null' }, (page) => expect(page.data).toBeNull()],
    [{ kind: 'data_missing' }, (page) => expect('data' in page).toBe(false)],
    [
      { kind: 'short_page', rows: 50 },
      (page) => expect([page.data.length, page.pagination.total_items]).toEqual([50, 129]),
    ],
    [
      { kind: 'drop_rows', fraction: 0.3 },
      (page) => expect([page.data.length, page.pagination.total_items]).toEqual([90, 90]),
    ],
    [
      { kind: 'duplicate_rows', rows: 2 },
      (page) => expect(new Set(page.data.map((row) => row['netuid'])).size).toBe(129),
    ],
    [{ kind: 'page_loop' }, (page) => expect(page.pagination.next_page).toBe(1)],
    [{ kind: 'page_loop', mode: 'endless' }, (page) => expect(page.pagination.total_pages).toBe(1e9)],
    [{ kind: 'in_body_error', status: 429 }, (page) => expect(page).toMatchObject({ status_code: 429 })],
    [{ kind: 'remove_field', field: 'price' }, (page) => expect(page.data.some((row) => 'price' in row)).toBe(false)],
    [{ kind: 'rename_field', field: 'price', to: 'cost' }, (page) => expect(page.data[0]?.['cost']).toBeDefined()],
    [{ kind: 'numbers_as_numbers' }, (page) => expect(typeof page.data[0]?.['price']).toBe('number')],
    [{ kind: 'numbers_as_strings' }, (page) => expect(typeof page.data[0]?.['netuid']).toBe('string')],
    [
      { kind: 'corrupt_row', netuid: 7, field: 'price', value: 'NaN' },
      (page) => expect(page.data.filter((row) => row['price'] === 'NaN').map((row) => row['netuid'])).toEqual([7]),
    ],
    [
      { kind: 'reregistered', netuid: 7 },
      (page) =>
        expect(page.data.find((row) => row['netuid'] === 7)).toMatchObject({ startup_mode: true, name: 'Unknown' }),
    ],
  ])('%j reshapes the page', async (fault, check) => {
    check(await body(struck(fault)));
  });

  it('shifts the rows of later pages, so that a walk meets some twice or never', async () => {
    simulator.addFault({ match: SUBNET, fault: { kind: 'page_drift' } });
    const walk = async (): Promise<unknown[]> => {
      const pages = [1, 2].map((page) => body(ask(`${SUBNET}?limit=65&page=${page}`)));
      return (await Promise.all(pages)).flatMap((page) => page.data.map((row) => row['netuid']));
    };
    expect(new Set(await walk()).size).toBe(129 + 1 - 1);
    expect((await walk()).filter((netuid) => netuid === 64)).toHaveLength(2);
    simulator.clearFaults();
    simulator.addFault({ match: SUBNET, fault: { kind: 'page_drift', direction: 'deleted' } });
    expect(await walk()).not.toContain(65);
  });

  it('holds the index at one block, or sends it back in time', async () => {
    simulator.addFault({ match: POOL, fault: { kind: 'frozen' } });
    const [first] = (await body(ask(`${POOL}?netuid=5`))).data;
    simulator.advance(3_600);
    const [second] = (await body(ask(`${POOL}?netuid=5`))).data;
    expect(second).toEqual(first);
    simulator.clearFaults();
    const [past] = (await body(struck({ kind: 'time_travel', blocks: 600 }, `${POOL}?netuid=5`))).data;
    expect(past?.['block_number']).toBe(Number(first?.['block_number']) - 300);
  });

  it.each<Fault>([{ kind: 'reset' }, { kind: 'reset', afterBytes: 100 }, { kind: 'truncate' }])(
    '%j breaks the connection',
    async (fault) => {
      await expect(body(struck(fault))).rejects.toThrow();
    },
  );

  it('ends a chunked body in the middle of the JSON without any sign of it', async () => {
    const text = await (await struck({ kind: 'truncate', mode: 'chunked' })).text();
    expect(text.length).toBeGreaterThan(1_000);
    expect(() => JSON.parse(text) as unknown).toThrow();
  });

  it.each<Fault>([{ kind: 'stall' }, { kind: 'drip', bytesPerSecond: 20 }])(
    '%j sends a beginning and keeps the connection open',
    async (fault) => {
      simulator.addFault({ match: POOL, times: 1, fault });
      const { bytes, complete } = await beginningOf(`${simulator.url}${POOL}`);
      expect(bytes).toBeGreaterThan(0);
      expect(complete).toBe(false);
    },
  );

  it('takes a request and never answers it when it hangs', async () => {
    simulator.clearLog();
    simulator.addFault({ match: POOL, times: 1, fault: { kind: 'hang' } });
    const controller = new AbortController();
    const answer = ask(POOL, { signal: controller.signal });
    while (simulator.log().length === 0) await new Promise((wake) => setImmediate(wake));
    controller.abort();
    await expect(answer).rejects.toThrow('aborted');
    expect(simulator.log()).toMatchObject([{ fault: 'hang', status: 0 }]);
  });

  it('marks the text: byte order mark, wrong type, wrong encoding, empty', async () => {
    const marked = new Uint8Array(await (await struck({ kind: 'bom' })).arrayBuffer());
    expect([...marked.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect((await struck({ kind: 'wrong_content_type' })).headers.get('content-type')).toBe('text/plain');
    expect(await (await struck({ kind: 'latin1' })).text()).not.toContain('Τ');
    expect(await (await struck({ kind: 'empty_body' })).text()).toBe('');
    expect((await struck({ kind: 'no_content' })).status).toBe(204);
    expect((await struck({ kind: 'redirect', location: 'http://127.0.0.1:1/' })).headers.get('location')).toContain(
      ':1/',
    );
  });

  it('repeats the key in a body, and bombs with a small gzip', async () => {
    expect(await (await struck({ kind: 'echo_key' })).text()).toContain('canary-key');
    const bomb = await struck({ kind: 'gzip_bomb', bytes: 4_000_000 });
    expect(Number(bomb.headers.get('content-length'))).toBeLessThan(20_000);
    expect((await bomb.text()).length).toBeGreaterThan(4_000_000);
    expect((await (await struck({ kind: 'huge', bytes: 3_000_000 })).text()).length).toBe(3_000_000);
  });

  it('is written beside the request in the log, and the key only as a hash', async () => {
    simulator.clearLog();
    await struck({ kind: 'html' }, `${POOL}?netuid=3`);
    const log = await (await fetch(`${simulator.url}/__log`)).text();
    expect(JSON.parse(log)).toMatchObject([
      { method: 'GET', path: POOL, query: 'netuid=3', status: 200, fault: 'html' },
    ]);
    expect(log).not.toContain('canary-key');
  });
});

/** What has come of a body when its first chunk is there. */
function beginningOf(url: string): Promise<{ bytes: number; complete: boolean }> {
  return new Promise((resolve, reject) => {
    const request = httpGet(url, { headers: { authorization: 'k' } }, (response) => {
      response.once('data', (chunk: Buffer) => {
        resolve({ bytes: chunk.length, complete: response.complete });
        request.destroy();
      });
    });
    request.on('error', reject);
  });
}
