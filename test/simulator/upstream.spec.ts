import { DEMO_WALLETS, type RunningSimulator, type SimulatorOptions, startSimulator } from './index';

interface Body {
  pagination: { per_page: number; total_items: number; total_pages: number; next_page: number | null };
  data: Record<string, string | number | null>[];
}

const START = new Date('2026-11-01T00:00:00Z');

describe('the simulated upstream', () => {
  const running: RunningSimulator[] = [];

  const start = async (options: SimulatorOptions = {}): Promise<RunningSimulator> => {
    const simulator = await startSimulator({ startAt: START, speed: 0, ...options });
    running.push(simulator);
    return simulator;
  };
  const ask = (simulator: RunningSimulator, path: string, key = 'a-key'): Promise<Response> =>
    fetch(simulator.url + path, { headers: { authorization: key } });
  const page = async (simulator: RunningSimulator, path: string): Promise<Body> =>
    (await (await ask(simulator, path)).json()) as Body;

  afterEach(() => Promise.all(running.splice(0).map((simulator) => simulator.close())));

  it('asks for the raw key: none, and one behind Bearer, are 401; the status needs none', async () => {
    const simulator = await start();
    expect((await fetch(`${simulator.url}/api/price/latest/v1?asset=tao`)).status).toBe(401);
    expect((await ask(simulator, '/api/price/latest/v1?asset=tao', 'Bearer a-key')).status).toBe(401);
    expect((await fetch(`${simulator.url}/api/status/v1`)).status).toBe(200);
    const strict = await start({ keys: ['known'] });
    expect((await ask(strict, '/api/block/v1', 'unknown')).status).toBe(401);
  });

  it.each(['/api/dtao/metagraph/latest/v1', '/api/price/latest', '/api/price/latest/v1/', '/api/hotkey/emission/v1'])(
    'answers 404 to the wrong path %s',
    async (path) => {
      expect((await ask(await start(), path)).status).toBe(404);
    },
  );

  it.each([
    ['/api/price/latest/v1', 'asset is required'],
    [
      '/api/dtao/stake_balance/history/v1?coldkey=5C4hrfjw9DjXZTzV3MwzrrAr9P1MJhSrvWGWqi1eSuyUpnhM',
      'hotkey is required',
    ],
    ['/api/block/v1?limit=0', 'limit must be at least 1'],
    ['/api/block/v1?page=x', 'page must be an integer'],
    ['/api/subnet/latest/v1?order=colour_asc', 'order colour_asc is not known'],
    ['/api/delegation/v1?nominator=5Nonsense', 'nominator is not a valid address'],
  ])('answers 400 to %s', async (path, message) => {
    const answer = await ask(await start(), path);
    expect([answer.status, await answer.json()]).toEqual([400, { status_code: 400, message }]);
  });

  it('pages by 50 unless asked, never by more than 200, and gives all pools and subnets at once', async () => {
    const simulator = await start();
    const sizes = async (path: string): Promise<number[]> => {
      const { pagination, data } = await page(simulator, path);
      return [pagination.per_page, data.length];
    };
    expect(await sizes('/api/block/v1')).toEqual([50, 50]);
    expect(await sizes('/api/block/v1?limit=500')).toEqual([200, 200]);
    expect(await sizes('/api/dtao/pool/latest/v1')).toEqual([1_024, 129]);
    expect(await sizes('/api/subnet/latest/v1?limit=1000')).toEqual([1_000, 129]);
    expect(await sizes('/api/dtao/pool/latest/v1?per_page=3')).toEqual([1_024, 129]);
  });

  it('walks pages to the end, in both directions alike', async () => {
    const simulator = await start();
    const walk = async (order: string): Promise<unknown[]> => {
      const ids: unknown[] = [];
      for (let number: number | null = 1; number !== null;) {
        const answer: Body = await page(simulator, `/api/delegation/v1?limit=100&page=${number}&order=${order}`);
        ids.push(...answer.data.map((row) => row['id']));
        number = answer.pagination.next_page;
      }
      return ids;
    };
    const [down, up] = [await walk('block_number_desc'), await walk('block_number_asc')];
    expect(new Set(down).size).toBe(down.length);
    expect(up).toEqual(down.toReversed());
  });

  it('orders pools worst first, root last, and by any known field when asked', async () => {
    const simulator = await start();
    const netuids = async (order: string): Promise<unknown[]> =>
      (await page(simulator, `/api/dtao/pool/latest/v1${order}`)).data.map((row) => row['netuid']);
    expect((await netuids('')).at(-1)).toBe(0);
    expect((await netuids('?order=netuid_asc')).slice(0, 3)).toEqual([0, 1, 2]);
    const prices = (await page(simulator, '/api/dtao/pool/latest/v1?order=price_desc')).data.map((row) =>
      Number(row['price']),
    );
    expect(prices).toEqual(prices.toSorted((a, b) => b - a));
  });

  it('ignores a parameter that it does not know and answers for the whole network', async () => {
    const simulator = await start();
    const filtered = await page(simulator, `/api/delegation/v1?nominator=${DEMO_WALLETS[0]}`);
    const typo = await page(simulator, `/api/delegation/v1?coldkey=${DEMO_WALLETS[0]}`);
    expect(typo.pagination.total_items).toBeGreaterThan(filtered.pagination.total_items);
  });

  it('allows a burst of the plan, then refuses without Retry-After until the bucket refills', async () => {
    let now = START.getTime();
    const simulator = await start({ ratePerMinute: 5, now: () => now });
    const statuses = async (): Promise<number[]> =>
      Promise.all(Array.from({ length: 7 }, async () => (await ask(simulator, '/api/block/v1?limit=1')).status));
    expect((await statuses()).toSorted((a, b) => a - b)).toEqual([200, 200, 200, 200, 200, 429, 429]);
    now += 12_000;
    const next = [await ask(simulator, '/api/block/v1?limit=1'), await ask(simulator, '/api/block/v1?limit=1')];
    expect(next.map((answer) => answer.status)).toEqual([200, 429]);
    expect(next[1]?.headers.get('retry-after')).toBeNull();
  });

  it('refuses with the credits message once the month is spent, and tells the usage', async () => {
    const simulator = await start({ monthlyCredits: 2 });
    const answers = [];
    for (let call = 0; call < 3; call += 1) answers.push(await ask(simulator, '/api/block/v1?limit=1'));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 429]);
    expect(await answers[2]?.text()).toContain('Insufficient credits');
    const usage = await fetch(`${simulator.url}/api/v1/key/validate?apiKeyId=a-key`);
    expect(await usage.json()).toMatchObject({ credit_remaining: 0 });
  });

  it('keeps paid endpoints for paid plans', async () => {
    const path = `/api/dtao/stake_balance/portfolio/v1?coldkey=${DEMO_WALLETS[0]}`;
    expect((await ask(await start(), path)).status).toBe(403);
    expect((await page(await start({ paid: true }), path)).data.length).toBeGreaterThan(18);
  });

  it('tells equal stories for equal seeds, and other ones for other seeds', async () => {
    const text = async (seed: number): Promise<string> =>
      (await ask(await start({ seed }), '/api/dtao/pool/latest/v1')).text();
    expect(await text(7)).toBe(await text(7));
    expect(await text(8)).not.toBe(await text(7));
  });

  it('writes the fields that changed type as text or as numbers, by generation', async () => {
    const types = async (generation: 'string' | 'number'): Promise<string[]> => {
      const simulator = await start({ generation });
      const history = await page(simulator, `/api/account/history/v1?address=${DEMO_WALLETS[0]}&limit=1`);
      const flow = await page(simulator, '/api/dtao/tao_flow/v1?netuid=64');
      const yields = await page(simulator, '/api/dtao/validator/yield/latest/v1?limit=1');
      return [history.data[0]?.['balance_free'], flow.data[0]?.['tao_flow'], yields.data[0]?.['one_day_apy']].map(
        (value) => typeof value,
      );
    };
    expect(await types('string')).toEqual(['string', 'string', 'string']);
    expect(await types('number')).toEqual(['number', 'number', 'number']);
  });

  it('answers the positions of a POST to the yields', async () => {
    const simulator = await start();
    const [row] = (await page(simulator, '/api/dtao/validator/yield/latest/v1?netuid=9&limit=1')).data;
    const hotkey = (row?.['hotkey'] as unknown as { ss58: string }).ss58;
    const answer = await fetch(`${simulator.url}/api/dtao/validator/yield/latest/v1`, {
      method: 'POST',
      headers: { authorization: 'k', 'content-type': 'application/json' },
      body: JSON.stringify({
        positions: [
          { hotkey, netuid: 9 },
          { hotkey, netuid: 0 },
        ],
        limit: 200,
      }),
    });
    expect(((await answer.json()) as Body).data.map((entry) => entry['netuid'])).toEqual(
      expect.arrayContaining([0, 9]),
    );
  });

  it('cuts the price history of a reused netuid where the new subnet begins', async () => {
    const simulator = await start();
    const [subnet] = (await page(simulator, '/api/subnet/latest/v1?netuid=87')).data;
    const registered = Number(subnet?.['registration_block_number']);
    const rows = (await page(simulator, `/api/dtao/pool/history/v1?netuid=87&limit=200`)).data;
    const around = rows.filter((row) => Math.abs(Number(row['block_number']) - registered) < 7_200);
    const [after, before] = around.map((row) => Number(row['price']));
    expect(after).toBeGreaterThan(1);
    expect(before).toBeLessThan(1);
  });

  it('has a year of history behind it when it starts', async () => {
    const simulator = await start();
    const days = (await page(simulator, `/api/account/history/v1?address=${DEMO_WALLETS[1]}&limit=200&page=2`))
      .pagination;
    expect(days.total_items).toBeGreaterThanOrEqual(365);
    expect(
      (await page(simulator, '/api/dtao/pool/history/v1?netuid=64&frequency=by_day&limit=1')).pagination.total_items,
    ).toBeGreaterThanOrEqual(365);
  });
});
