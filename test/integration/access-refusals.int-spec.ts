import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { AccessApp } from '../support/access-app';

interface Problem {
  status: number;
  code: string;
  detail: string;
  request_id: string;
  errors?: { field: string }[];
}

/** The problem in a raw HTTP answer, after its type was checked. */
function problemIn(answer: string): Problem {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head.toLowerCase()).toContain('content-type: application/problem+json');
  return JSON.parse(body) as Problem;
}

describe('a refusal', () => {
  let app: AccessApp;

  beforeAll(async () => {
    app = await AccessApp.start();
  });
  afterAll(() => app.stop());

  const json = { 'content-type': 'application/json' };
  const post = (body: string, headers: Record<string, string> = json): [string, RequestInit] => [
    '/api/v1/tasks/sync',
    { method: 'POST', headers, body },
  ];

  it.each([
    [400, 'body', ...post('{"datasets":')],
    [400, 'body', ...post('{"__proto__":{"x":1}}')],
    [413, 'body', ...post(JSON.stringify({ text: 'x'.repeat(17_000) }))],
    [415, 'content-type', ...post('<a/>', { 'content-type': 'application/xml' })],
    [415, 'content-type', ...post('{}', { 'content-type': 'text/plain' })],
    [400, 'url', '/api/v1/%zz', {}],
    [404, 'url', '/no/such/route', {}],
    [414, 'url', `/api/v1/failing/${'9'.repeat(200)}`, {}],
  ] as [number, string, string, RequestInit][])('%i names %s', async (status, field, path, init) => {
    const answer = await app.fetch(path, init);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    const problem = (await answer.json()) as Problem;
    expect([answer.status, problem.status]).toEqual([status, status]);
    expect(problem.code).toMatch(/^[a-z]+\/[\w-]+$/);
    expect(problem.errors?.map((entry) => entry.field)).toEqual([field]);
    expect(JSON.stringify(problem)).not.toMatch(/node_modules| at \w+|FST_/);
  });

  it.each([404, 409, 422, 429, 503])('%i is problem+json with its code and the id of the request', async (status) => {
    const answer = await app.fetch(`/api/v1/failing/${status}`);
    const problem = (await answer.json()) as Problem;
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect([answer.status, problem.code]).toEqual([status, 'sample/failing']);
    expect(problem.request_id).toBe(answer.headers.get('x-request-id'));
    expect(answer.headers.has('retry-after')).toBe(status === 429 || status === 503);
  });

  it('of an unexpected error tells nothing, and the log has it without its secrets', async () => {
    const answer = await app.fetch('/api/v1/failing/unknown');
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toMatch(/postgres|canary|stack/);
    const logged = app.logLines.find((line) => line.includes('postgres://')) ?? '';
    expect(logged).toContain(answer.headers.get('x-request-id'));
    expect(logged).not.toMatch(/canary-password|tk_live_/);
  });

  it('of headers beyond 16 KiB is a problem too, though no request was ever read', async () => {
    const answer = await app.raw(`GET / HTTP/1.1\r\nHost: localhost\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(problemIn(answer).errors?.map((entry) => entry.field)).toEqual(['headers']);
  });

  it.each([
    [400, 'host', 'GET /api/v1/trust-pack HTTP/1.1\r\nConnection: close\r\n\r\n'],
    [417, 'expect', 'GET /livez HTTP/1.1\r\nHost: localhost\r\nExpect: more\r\nConnection: close\r\n\r\n'],
    [400, 'url', 'GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'],
  ])(
    'of what Node or the router would refuse in their own words is a problem too: %i names %s',
    async (status, field, request) => {
      const answer = await app.raw(request);
      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(problemIn(answer).errors?.map((entry) => entry.field)).toEqual([field]);
      expect(answer).toMatch(/^x-content-type-options: nosniff/im);
      expect(answer.toLowerCase()).toContain(`x-request-id: ${problemIn(answer).request_id}`);
    },
  );

  it('of what is not HTTP is a problem too', async () => {
    const answer = await app.raw('EHLO mail.example\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(problemIn(answer).code).toBe('http/400');
  });

  it('carries the headers of helmet, as every answer does', async () => {
    for (const path of ['/no/such/route', '/api/v1/trust-pack']) {
      const { headers } = await app.fetch(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("default-src 'self'");
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });
});

describe('a sender who takes his time', () => {
  it('is cut at the headers limit, while others are served', async () => {
    const app = await AccessApp.start({
      limits: { headersTimeoutMs: 300, requestTimeoutMs: 600, checkIntervalMs: 50 },
    });
    try {
      const socket = app.connect();
      let answer = '';
      socket.setEncoding('utf8').on('data', (part: string) => (answer += part));
      socket.on('error', () => undefined);
      const closed = once(socket, 'close');
      socket.write('GET /api/v1/trust-pack HTTP/1.1\r\nHost: localhost\r\n');
      while (!socket.destroyed && !socket.readableEnded) {
        if (socket.writable) socket.write('x');
        expect((await app.fetch('/api/v1/trust-pack')).status).toBe(200);
        await wait(20);
      }
      await closed;
      expect(answer).toMatch(/^HTTP\/1\.1 408 /);
      expect(problemIn(answer).code).toBe('http/408');
    } finally {
      await app.stop();
    }
  });

  it('is cut in the middle of a body as well', async () => {
    const app = await AccessApp.start({
      limits: { headersTimeoutMs: 200, requestTimeoutMs: 400, checkIntervalMs: 50 },
    });
    try {
      const answer = await app.raw(
        'POST /api/v1/tasks/sync HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
      );
      expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    } finally {
      await app.stop();
    }
  });

  it('does not hold back the end of the service with a connection that never asked anything', async () => {
    const app = await AccessApp.start({ limits: { lingerMs: 50 } });
    const socket = app.connect();
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    await app.stop();
    await closed;
  });

  it('finds no connection left beyond the limit, and those who have one are still served', async () => {
    const app = await AccessApp.start({ limits: { maxConnections: 5 } });
    try {
      const agent = await app.fetch('/livez');
      expect(agent.status).toBe(200);
      const idle = Array.from({ length: 10 }, () => app.connect().on('error', () => undefined));
      const closed = idle.map((socket) => once(socket, 'close').then(() => socket));
      await Promise.any(closed);
      expect((await app.fetch('/livez')).status).toBe(200);
      for (const socket of idle) socket.destroy();
    } finally {
      await app.stop();
    }
  });
});
