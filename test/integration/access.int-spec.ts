import { AccessApp, AUTH_TOKENS, TOKENS } from '../support/access-app';

interface Problem {
  type: string;
  status: number;
  code: string;
  request_id: string;
  errors?: { field: string; message: string }[];
}

async function problemOf(answer: Response): Promise<Problem> {
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  const problem = (await answer.json()) as Problem;
  expect(problem.status).toBe(answer.status);
  expect(problem.type).toBe(`urn:tao-treasury:problem:${problem.code}`);
  return problem;
}

const POST = { method: 'POST' };

describe('a service with AUTH_TOKENS', () => {
  let app: AccessApp;

  beforeAll(async () => {
    app = await AccessApp.start({ environment: { AUTH_TOKENS, CORS_ORIGINS: 'https://board.example' } });
  });
  afterAll(() => app.stop());

  it.each(['/livez', '/startupz', '/api/v1/health/live', '/healthz/freshness?verbose'])(
    'answers the probe %s without a token',
    async (path) => {
      expect((await app.fetch(path)).status).not.toBe(401);
    },
  );

  it.each(['/api/v1/trust-pack', '/api/v1/health', '/metrics', '/no/such/route'])(
    'answers GET %s with 401 and how to authenticate, unless a token is shown',
    async (path) => {
      const refused = await app.fetch(path);
      const problem = await problemOf(refused);
      expect([problem.status, problem.code]).toEqual([401, 'access/credentials-missing']);
      expect(problem.errors?.map((entry) => entry.field)).toEqual(['authorization']);
      expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer realm=/);
      expect((await app.as('read', path)).status).not.toBe(401);
    },
  );

  it('takes the token as the password of Basic too, which a browser can ask for', async () => {
    const authorization = `Basic ${Buffer.from(`me:${TOKENS.read.token}`).toString('base64')}`;
    expect((await app.fetch('/api/v1/trust-pack', { headers: { authorization } })).status).toBe(200);
  });

  it('answers a wrong token with 401 and never with what was sent', async () => {
    const answer = await app.fetch('/api/v1/trust-pack', { headers: { authorization: 'Bearer tk_live_wrong' } });
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
    const problem = await problemOf(answer);
    expect([problem.status, problem.code]).toEqual([401, 'access/credentials-wrong']);
    expect(JSON.stringify(problem)).not.toContain('tk_live_wrong');
  });

  it.each([
    ['read', '/api/v1/tasks/sync', 'sync'],
    ['read', '/api/v1/metrics/reset', 'admin'],
    ['sync', '/api/v1/metrics/reset', 'admin'],
    ['sync', '/no/such/route', 'admin'],
  ] as const)('answers a %s token that posts to %s with 403 and the scope it needs', async (scope, path, needed) => {
    const answer = await app.as(scope, path, POST);
    const problem = await problemOf(answer);
    expect([problem.status, problem.code]).toEqual([403, 'access/scope-too-small']);
    expect(problem.errors?.[0]?.message).toContain(`scope ${needed}`);
    expect(answer.headers.get('www-authenticate')).toContain(`scope="${needed}"`);
  });

  it('refuses before it reads a body', async () => {
    const answer = await app.fetch('/api/v1/tasks/sync', { ...POST, body: 'x'.repeat(20_000) });
    expect((await problemOf(answer)).code).toBe('access/credentials-missing');
  });

  it('lets an admin token reset the counters from wherever it comes', async () => {
    const answer = await app.as('admin', '/api/v1/metrics/reset', {
      ...POST,
      headers: { 'x-forwarded-for': '203.0.113.9' },
    });
    expect([200, 503]).toContain(answer.status);
  });

  it('refuses a change that a foreign page makes a browser send, whatever credentials the browser adds', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    const problem = await problemOf(await app.as('admin', '/api/v1/tasks/sync', { ...POST, headers }));
    expect([problem.status, problem.code]).toEqual([403, 'access/foreign-page']);
  });

  it('lets the pages of a listed origin ask and read, and no others', async () => {
    const ask = (origin: string): Promise<Response> =>
      app.fetch('/api/v1/trust-pack', {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' },
      });
    const listed = await ask('https://board.example');
    expect([listed.status, listed.headers.get('access-control-allow-origin')]).toEqual([204, 'https://board.example']);
    expect((await ask('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('counts what it refused, by code', async () => {
    await app.fetch('/api/v1/trust-pack');
    const exposition = await (await app.as('read', '/metrics')).text();
    expect(exposition).toMatch(/^tao_http_refusals_total\{code="access\/credentials-missing"\} [1-9]/m);
  });

  it('writes who asked into the log, by label, and no token', async () => {
    await app.as('read', '/api/v1/trust-pack');
    expect(app.logLines.some((line) => line.includes('"caller":"board"'))).toBe(true);
    expect(app.logLines.join('')).not.toContain('tk_live_');
  });
});

describe('a service on loopback without AUTH_TOKENS', () => {
  let app: AccessApp;

  beforeAll(async () => {
    app = await AccessApp.start();
  });
  afterAll(() => app.stop());

  it('is open to programs of this machine, as the runbook has it', async () => {
    expect((await app.fetch('/api/v1/trust-pack')).status).toBe(200);
    expect((await app.fetch('/api/v1/tasks/sync', POST)).status).not.toBe(403);
  });

  it('answers nothing to a foreign name that was pointed at this machine', async () => {
    const answer = await app.raw('GET /api/v1/trust-pack HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(answer).toContain('"code":"access/foreign-host"');
  });

  it('refuses a change that a foreign page makes a browser send', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'content-type': 'application/x-www-form-urlencoded' };
    const problem = await problemOf(await app.fetch('/api/v1/tasks/sync', { ...POST, headers }));
    expect([problem.status, problem.code]).toEqual([403, 'access/foreign-page']);
  });

  it('limits nobody: all callers are programs of this machine', async () => {
    const answers = await Promise.all(Array.from({ length: 700 }, () => app.fetch('/api/v1/trust-pack')));
    expect(answers.filter((answer) => answer.status !== 200)).toEqual([]);
  });

  it('answers with an id that is in the log, the caller’s own when it is a UUID', async () => {
    const own = '0198b2f4-1c1e-7aaa-8bbb-0123456789ab';
    const taken = await app.fetch('/api/v1/trust-pack', { headers: { 'x-request-id': own } });
    expect(taken.headers.get('x-request-id')).toBe(own);
    expect(app.logLines.some((line) => line.includes(own))).toBe(true);
    const replaced = await app.fetch('/api/v1/trust-pack', { headers: { 'x-request-id': 'not an id' } });
    expect(replaced.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
