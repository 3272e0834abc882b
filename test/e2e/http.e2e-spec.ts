import { TreasuryWorld } from '../support/treasury-world';

interface Problem {
  status: number;
  code: string;
  detail: string;
  errors?: { field: string }[];
}

describe('the HTTP API', () => {
  let world: TreasuryWorld;

  beforeAll(async () => {
    world = await TreasuryWorld.start();
    await world.firstSync();
  });

  afterAll(() => world.stop());

  const get = (path: string, init?: RequestInit): Promise<Response> => fetch(world.service.url + path, init);

  it.each([
    ['/api/v1/subnets?limit=0', 'limit'],
    ['/api/v1/subnets?limit=abc', 'limit'],
    ['/api/v1/subnets?sort=colour', 'sort'],
    ['/api/v1/subnets?nonsense=1', 'nonsense'],
    ['/api/v1/subnets/abc', 'netuid'],
    ['/api/v1/subnets/-1', 'netuid'],
    ['/api/v1/subnets/1/history?from=yesterday', 'from'],
    ['/api/v1/runs?limit=1000', 'limit'],
    ['/api/v1/runs/not-an-id', 'id'],
  ])('answers %s with problem+json 400 that names the field', async (path, field) => {
    const answer = await get(path);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    const problem = (await answer.json()) as Problem;
    expect(problem.errors?.map((entry) => entry.field)).toContain(field);
  });

  it('answers a body that is no JSON, or too large, with a problem', async () => {
    const headers = { 'content-type': 'application/json' };
    const broken = await get('/api/v1/tasks/sync', { method: 'POST', headers, body: '{"datasets":' });
    expect([broken.status, broken.headers.get('content-type')]).toEqual([400, expect.stringContaining('problem+json')]);
    const large = await get('/api/v1/tasks/sync', {
      method: 'POST',
      headers,
      body: JSON.stringify({ datasets: ['x'.repeat(20_000)] }),
    });
    expect([large.status, large.headers.get('content-type')]).toEqual([413, expect.stringContaining('problem+json')]);
  });

  it('names the datasets that exist when asked to sync one that does not', async () => {
    const answer = await get('/api/v1/tasks/sync?datasets=gold', { method: 'POST' });
    const problem = (await answer.json()) as Problem;
    expect(answer.status).toBe(400);
    expect(problem.detail).toContain('pools');
  });

  it('points from an unknown route to /docs', async () => {
    const answer = await get('/api/v1/nothing');
    expect(answer.status).toBe(404);
    expect(((await answer.json()) as Problem).detail).toContain('/docs');
  });

  it('says for every figure how old it is and how far it can be trusted', async () => {
    for (const path of ['/api/v1/subnets', '/api/v1/subnets/1', '/api/v1/subnets/1/history', '/api/v1/prices/tao']) {
      const answer = await get(path);
      const body = (await answer.json()) as { meta: Record<string, unknown> };
      expect([path, answer.status]).toEqual([path, 200]);
      expect(Object.keys(body.meta)).toEqual(
        expect.arrayContaining(['as_of', 'age_seconds', 'trust', 'run_id', 'source']),
      );
      expect(answer.headers.get('x-data-trust')).toBe('ok');
      expect(Date.parse(answer.headers.get('x-data-as-of') ?? '')).toBeGreaterThan(0);
    }
  });

  it('answers 304 to a reader who has the same rows already', async () => {
    const first = await get('/api/v1/subnets?limit=5');
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[^"]+"$/);
    const second = await get('/api/v1/subnets?limit=5', { headers: { 'if-none-match': etag } });
    expect(second.status).toBe(304);
  });

  it('walks all 129 subnets by cursor, each once', async () => {
    const seen: number[] = [];
    for (let path: string | null = '/api/v1/subnets?limit=50'; path !== null;) {
      const body = (await (await get(path)).json()) as { data: { netuid: number }[]; next_cursor: string | null };
      seen.push(...body.data.map((subnet) => subnet.netuid));
      path =
        body.next_cursor === null ? null : `/api/v1/subnets?limit=50&cursor=${encodeURIComponent(body.next_cursor)}`;
    }
    expect([seen.length, new Set(seen).size]).toEqual([129, 129]);
  });

  it('serves its OpenAPI document and a page to read it', async () => {
    const document = (await (await get('/openapi.json')).json()) as { paths: Record<string, unknown> };
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/api/v1/trust-pack', '/api/v1/subnets', '/api/v1/tasks/sync', '/api/v1/runs/{id}']),
    );
    expect((await get('/docs')).status).toBe(200);
  });

  it('gives one run to two requests for the same dataset', async () => {
    await world.fault({ match: '/api/dtao/pool/latest', times: 1, fault: { kind: 'latency', ms: 1_000 } });
    const ask = async (): Promise<string[]> => {
      const answer = await get('/api/v1/tasks/sync?datasets=pools', { method: 'POST' });
      expect(answer.status).toBe(202);
      return ((await answer.json()) as { run_ids: string[] }).run_ids;
    };
    const [first, second] = await Promise.all([ask(), ask()]);
    expect(first).toEqual(second);
  });

  it('lets nobody but this machine reset the counters, and resets them', async () => {
    expect((await get('/api/v1/metrics/reset', { method: 'POST' })).ok).toBe(true);
    await world.service.until<{ api_health: { total_calls: number } }>(
      '/api/v1/trust-pack',
      (pack) => pack.api_health.total_calls === 0,
    );
  });
});
