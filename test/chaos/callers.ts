import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { GOOD } from './rig/database-faults';
import type { ChaosCase } from './rig/chaos-case';
import type { ChaosWorld } from './rig/chaos-world';
import { hostileRequests } from './rig/hostile-requests';
import { startReplica } from './rig/replica';

const SILENT = { nothing: 'what callers do wrong is told to them, and is no fault of the service' };
const HOSTILE_REQUESTS = 2_000;
const TOKENS = ['read', 'sync', 'admin'] as const;
/** Another caller than the rig, whose own reads must go on. */
const ELSEWHERE = '127.0.0.2';

interface Refusal {
  status: number;
  code: string;
  field?: string | undefined;
}

async function refusalOf(world: ChaosWorld, path: string, init: RequestInit = {}): Promise<Refusal> {
  const answer = await fetch(world.service.url + path, init);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  const problem = (await answer.json()) as { code: string; errors?: { field: string }[] };
  return { status: answer.status, code: problem.code, field: problem.errors?.[0]?.field };
}

const post = (body: string, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body,
  headers: { 'content-type': 'application/json', ...headers },
});

function deep(levels: number): string {
  return `${'['.repeat(levels)}${']'.repeat(levels)}`;
}

let sockets: Socket[] = [];

async function open(world: ChaosWorld, count: number, firstBytes: string): Promise<void> {
  const { port } = new URL(world.service.url);
  const opening = Array.from({ length: count }, () => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined).resume();
    sockets.push(socket);
    return new Promise<void>((done) => socket.once('connect', () => (socket.write(firstBytes), done())));
  });
  await Promise.all(opening);
}

/** Status and Retry-After of as many reads as a flood sends. */
async function flood(url: string, count: number, token: string): Promise<Map<number, string | undefined>> {
  const agent = new Agent({ keepAlive: true, maxSockets: 50, localAddress: ELSEWHERE });
  const seen = new Map<number, string | undefined>();
  const one = (): Promise<void> =>
    new Promise((done, fail) => {
      const headers = { authorization: `Bearer ${token}` };
      request(`${url}/api/v1/subnets?limit=1`, { agent, headers }, (answer) => {
        seen.set(answer.statusCode ?? 0, answer.headers['retry-after']);
        answer.resume().once('end', done);
      })
        .once('error', fail)
        .end();
    });
  await Promise.all(Array.from({ length: count }, one));
  agent.destroy();
  return seen;
}

export const CALLER_CASES: readonly ChaosCase[] = [
  {
    id: 'A1',
    title: 'bad input: no JSON, a megabyte, a thousand levels, unknown names',
    inject: () => undefined,
    async expect(world) {
      const sync = '/api/v1/tasks/sync';
      expect(await refusalOf(world, sync, post('{'))).toMatchObject({ status: 400, field: 'body' });
      expect(await refusalOf(world, sync, post(JSON.stringify('x'.repeat(1_000_000))))).toMatchObject({ status: 413 });
      expect(await refusalOf(world, sync, post(deep(1_000)))).toMatchObject({ status: 400 });
      expect(await refusalOf(world, `${sync}?datasets=gold`, { method: 'POST' })).toMatchObject({
        status: 400,
        code: 'sync/unknown-dataset',
        field: 'datasets',
      });
      expect(await refusalOf(world, sync, post('a', { 'content-type': 'text/csv' }))).toMatchObject({ status: 415 });
      expect(await refusalOf(world, '/api/v1/subnets/99999999')).toMatchObject({ status: 400, field: 'netuid' });
      expect(await refusalOf(world, '/api/v1/gold')).toMatchObject({ status: 404, code: 'http/no-such-route' });
      expect(await refusalOf(world, '/api/v1/runs?cursor=__proto__')).toMatchObject({ status: 400, field: 'cursor' });
    },
    shows: SILENT,
  },
  {
    id: 'A1b',
    title: `${HOSTILE_REQUESTS} hostile bodies and parameters for POST sync`,
    inject: () => undefined,
    async expect(world) {
      const open = await startReplica(world, { CLIENT_CHANGES_PER_MINUTE: '0', CLIENT_REQUESTS_PER_MINUTE: '0' });
      try {
        const seed = process.env['CHAOS_FULL'] === '1' ? {} : { seed: 20_260_111 };
        const requests = fc.sample(hostileRequests, { numRuns: HOSTILE_REQUESTS, ...seed });
        const seen = new Set<number>();
        for (const { path, init } of requests) {
          const answer = await fetch(open.url + path, init);
          const text = await answer.text();
          const type = answer.headers.get('content-type') ?? '';
          const isProblem = type.includes('application/problem+json') && answer.status >= 400 && answer.status < 500;
          if (!isProblem) throw new Error(`${answer.status} ${type} ${text} for ${path} ${JSON.stringify(init)}`);
          seen.add(answer.status);
        }
        expect(seen).toContain(400);
        expect((await fetch(`${open.url}/readyz`)).status).toBe(200);
      } finally {
        await open.stop();
      }
    },
    shows: SILENT,
  },
  {
    id: 'A2',
    title: 'slow senders, and a thousand connections that say nothing',
    async inject(world) {
      sockets = [];
      await open(world, 1_000, '');
      await open(world, 50, 'GET /api/v1/subnets HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
    },
    async expect(world) {
      for (let others = 0; others < 20; others += 1) {
        expect((await fetch(`${world.service.url}/livez`)).status).toBe(200);
      }
      expect(GOOD).toContain((await world.scheduled('pools')).state);
      const slow = sockets.slice(1_000);
      await world.eventually('slow senders are cut', () => slow.every((socket) => socket.closed || socket.destroyed));
    },
    remove: () => {
      for (const socket of sockets) socket.destroy();
      sockets = [];
    },
    shows: SILENT,
  },
  {
    id: 'A3',
    title: 'no token, a wrong one, one that permits too little, 200 syncs at once',
    inject: () => undefined,
    async expect(world) {
      const entries = TOKENS.map((scope) => `${scope}:${createHash('sha256').update(scope).digest('hex')}`);
      const guarded = await startReplica(world, { AUTH_TOKENS: entries.join(','), CLIENT_CHANGES_PER_MINUTE: '0' });
      try {
        const ask = (token: string | null, method: string, path: string): Promise<Response> =>
          fetch(guarded.url + path, {
            method,
            headers: token === null ? {} : { authorization: `Bearer ${token}` },
          });
        expect((await ask(null, 'GET', '/api/v1/trust-pack')).status).toBe(401);
        expect((await ask('wrong', 'GET', '/api/v1/trust-pack')).status).toBe(401);
        expect((await ask('read', 'POST', '/api/v1/tasks/sync?datasets=pools')).status).toBe(403);
        expect((await ask('sync', 'POST', '/api/v1/metrics/reset')).status).toBe(403);
        world.fault({ kind: 'latency', ms: 500 }, '/api/dtao/pool/latest', { times: 1 });
        const asked = world.requests('/api/dtao/pool/latest').length;
        const answers = await Promise.all(
          Array.from({ length: 200 }, () => ask('sync', 'POST', '/api/v1/tasks/sync?datasets=pools')),
        );
        const accepted = answers.filter(({ status }) => status === 202);
        const ids = new Set<string>();
        for (const answer of accepted) ids.add(((await answer.json()) as { run_ids: string[] }).run_ids.join());
        expect([accepted.length, ids.size]).toEqual([200, 1]);
        await world.idle('pools');
        expect(world.requests('/api/dtao/pool/latest')).toHaveLength(asked + 1);
      } finally {
        await guarded.stop();
      }
    },
    shows: SILENT,
  },
  {
    id: 'A4',
    title: 'a flood of reads',
    inject: () => undefined,
    async expect(world) {
      const token = 'flood';
      const entry = `read:${createHash('sha256').update(token).digest('hex')}`;
      const guarded = await startReplica(world, { AUTH_TOKENS: entry, CLIENT_REQUESTS_PER_MINUTE: '300' });
      try {
        const flooding = flood(guarded.url, 3_000, token);
        const run = await world.scheduled('pools');
        const seen = await flooding;
        expect([...seen.keys()].sort()).toEqual([200, 429]);
        expect(Number(seen.get(429))).toBeGreaterThan(0);
        expect(GOOD).toContain(run.state);
        expect((await fetch(`${guarded.url}/livez`)).status).toBe(200);
      } finally {
        await guarded.stop();
      }
    },
    shows: SILENT,
  },
];
