import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { makeToken } from '../../src/access';
import { freePort } from '../support/free-port';
import { ServiceProcess } from '../support/service-process';
import { ADMIN_URL_VARIABLE, createTestDatabase, type TestDatabase } from '../support/test-database';

/** Bodies, in turn, of an upstream that gives back whatever it was sent, the key included. */
const ECHOES: ((headers: string) => { status: number; body: string })[] = [
  (headers) => ({ status: 500, body: headers }),
  (headers) => ({ status: 400, body: JSON.stringify({ message: headers }) }),
  (headers) => ({ status: 200, body: headers }),
  (headers) => ({ status: 200, body: JSON.stringify({ data: [{ netuid: headers, name: headers, symbol: headers }] }) }),
  (headers) => ({ status: 200, body: `{"data": ${headers}` }),
  (headers) => ({ status: 401, body: headers }),
];

function startEcho(): Promise<Server> {
  let asked = 0;
  const server = createServer((request, response) => {
    const headers = JSON.stringify(request.headers);
    const { status, body } = ECHOES[asked++ % ECHOES.length]?.(headers) ?? { status: 500, body: '' };
    response.writeHead(status, { 'content-type': 'application/json', 'x-echo': request.headers.authorization ?? '' });
    response.end(body);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

describe('every secret', () => {
  const admin = makeToken('admin', 'ops');
  const guess = 'tk_live_canary-guess-of-a-stranger';
  const secrets = {
    'the TaoStats key': 'tao-canary-5f1d:9a77canary',
    'the password of PostgreSQL': 'canary-pg-77aa',
    'the password of Redis': 'canary-redis-31cc',
    'a token': admin.token,
    'the hash of a token': admin.entry.split(':')[1] ?? '',
    'a token that was guessed': guess,
    'the address of a webhook': 'hooks/canary-webhook-41fe',
    'the key of a webhook': Buffer.from('canary-key-of-a-webhook-7c21').toString('base64'),
    'the address of a Slack channel': 'services/T0/B0/canary-slack-9d0e',
    'the address of a Discord channel': 'api/webhooks/1/canary-discord-aa17',
    'the token of a bot': '4711:canary-bot-token-5b5b',
  };
  let database: TestDatabase;
  let upstream: Server;
  let service: ServiceProcess;
  let logDir: string;
  const seen: Record<string, string> = {};

  beforeAll(async () => {
    database = await createTestDatabase();
    upstream = await startEcho();
    logDir = mkdtempSync(join(tmpdir(), 'treasury-canary-'));
    const url = await createLogin(database.url, secrets['the password of PostgreSQL']);
    service = await ServiceProcess.start(await freePort(), {
      TAOSTATS_API_KEY: secrets['the TaoStats key'],
      TAOSTATS_BASE_URL: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`,
      ALLOW_INSECURE_UPSTREAM: 'true',
      API_MAX_RETRIES: '1',
      API_INITIAL_BACKOFF_SECONDS: '0.05',
      DATABASE_URL: url,
      REDIS_URL: `redis://:${secrets['the password of Redis']}@127.0.0.1:${await freePort()}`,
      AUTH_TOKENS: admin.entry,
      ...alertsAt((upstream.address() as AddressInfo).port),
      LOG_DIR: logDir,
      LOG_LEVEL: 'trace',
    });
    await provoke();
    await collect();
  }, 120_000);

  afterAll(async () => {
    upstream.close();
    await database.drop();
    await dropLogin();
    rmSync(logDir, { recursive: true, force: true });
  });

  /** Channels at the echo, and one at an address that is refused. */
  function alertsAt(port: number): Record<string, string> {
    const echo = `http://127.0.0.1:${port}`;
    return {
      ALERT_ALLOW_PRIVATE_TARGETS: 'true',
      ALERT_GROUP_SECONDS: '0',
      ALERT_WEBHOOK_URLS: `ops=${echo}/${secrets['the address of a webhook']}`,
      ALERT_WEBHOOK_SECRETS: `whsec_${secrets['the key of a webhook']}`,
      ALERT_SLACK_URLS: `${echo}/${secrets['the address of a Slack channel']}`,
      ALERT_DISCORD_URLS: `http://169.254.169.254/${secrets['the address of a Discord channel']}`,
      ALERT_TELEGRAM_URLS: `${echo}/bot${secrets['the token of a bot']}/sendMessage?chat_id=1`,
    };
  }

  const ask = async (path: string, init: RequestInit = {}, token = admin.token): Promise<void> => {
    const answer = await fetch(service.url + path, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...init.headers },
    });
    seen[`${init.method ?? 'GET'} ${path} ${Object.keys(seen).length}`] =
      JSON.stringify([...answer.headers]) + (await answer.text());
  };

  /** Syncs against the echo until several runs have ended, and every refusal that a caller can cause. */
  async function provoke(): Promise<void> {
    const headers = { authorization: `Bearer ${admin.token}` };
    await fetch(`${service.url}/api/v1/tasks/sync`, { method: 'POST', headers });
    for (let ended = 0, tries = 0; ended < 3 && tries < 200; tries += 1) {
      const runs = await fetch(`${service.url}/api/v1/runs?limit=50`, { headers });
      ended = (await runs.text()).split('"failed"').length - 1;
      await new Promise((wake) => setTimeout(wake, 100));
    }
    await ask('/api/v1/trust-pack', {}, guess);
    await ask(`/api/v1/trust-pack?token=${guess}`, {}, guess);
    await ask(`/api/v1/${guess}`);
    await ask('/api/v1/tasks/sync', {
      method: 'POST',
      body: '{"datasets":',
      headers: { 'content-type': 'application/json' },
    });
    await ask(`/api/v1/tasks/sync?datasets=unknown`, { method: 'POST' });
    for (const channel of ['ops', 'slack', 'discord', 'telegram', 'nobody']) {
      await ask(`/api/v1/alerts/channels/${channel}/test`, { method: 'POST' });
    }
  }

  async function collect(): Promise<void> {
    for (const path of [
      '/api/v1/trust-pack',
      '/api/v1/health',
      '/readyz?verbose',
      '/metrics',
      '/openapi.json',
      '/api/v1/runs?limit=50',
      '/api/v1/config',
      '/api/v1/budget',
      '/api/v1/alerts',
      '/api/v1/alerts/channels',
      '/api/v1/alerts/deliveries',
    ]) {
      await ask(path);
    }
    await service.stop();
    seen['the log on stdout'] = service.rawLog;
    for (const file of readdirSync(logDir)) seen[`the log file ${file}`] = readFileSync(join(logDir, file), 'utf8');
    Object.assign(seen, await storedText(database.url));
  }

  it('was in use: runs failed against an upstream that gives the key back, and callers were refused', () => {
    expect(seen['the log on stdout']).toContain('[redacted]');
    expect(
      Object.values(seen).filter((text) => text.includes('access/credentials-wrong')).length,
    ).toBeGreaterThanOrEqual(2);
    expect(Object.keys(seen).length).toBeGreaterThan(20);
    const deliveries = Object.entries(seen).find(([place]) => place.includes('/alerts/deliveries'))?.[1];
    expect(deliveries).toContain('target/metadata-address');
    expect(deliveries).toMatch(/"channel":"telegram"/);
    expect(Object.entries(seen).find(([name]) => name.includes('/api/v1/runs'))?.[1]).toContain('failed');
  });

  it.each(Object.keys(secrets) as (keyof typeof secrets)[])(
    '%s is in no log, no answer, no metric and no table',
    (name) => {
      const places = Object.entries(seen).filter(([place, text]) => {
        const own = place.includes(guess) && secrets[name] === guess;
        return !own && text.includes(secrets[name]);
      });
      expect(places.map(([place]) => place)).toEqual([]);
    },
  );
});

const LOGIN = `canary_${randomBytes(4).toString('hex')}`;

/** A login of its own, so that its password is known here and really used. */
async function createLogin(url: string, password: string): Promise<string> {
  await query(url, `CREATE ROLE ${LOGIN} LOGIN SUPERUSER PASSWORD '${password}'`);
  const own = new URL(url);
  own.username = LOGIN;
  own.password = password;
  return own.href;
}

function dropLogin(): Promise<void> {
  return query(process.env[ADMIN_URL_VARIABLE] ?? '', `DROP ROLE ${LOGIN}`);
}

async function query(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** All rows of all tables, as text. */
async function storedText(url: string): Promise<Record<string, string>> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const tables = await client.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
      WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const stored: Record<string, string> = {};
  for (const { name } of tables.rows) {
    const { rows } = await client.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
    stored[`the table ${name}`] = rows.map((row) => row.text).join('\n');
  }
  await client.end();
  return stored;
}
