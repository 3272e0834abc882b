import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from '../support/free-port';
import { ServiceProcess } from '../support/service-process';
import { ROOT } from '../support/source-files';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

const UPSTREAM = {
  TAOSTATS_API_KEY: 'tao-test-key:00000000',
  TAOSTATS_BASE_URL: 'http://127.0.0.1:1',
  ALLOW_INSECURE_UPSTREAM: 'true',
};

/** Runs a program of ours to its end. */
function run(
  program: string,
  environment: Record<string, string>,
  ...parameters: string[]
): { code: number | null; output: string } {
  const { PATH = '', HOME = '' } = process.env;
  const result = spawnSync(process.execPath, ['-r', '@swc-node/register', join(ROOT, 'src', program), ...parameters], {
    // Away from the project, so that an operator's own .env file plays no part.
    cwd: __dirname,
    env: {
      PATH,
      HOME,
      NODE_PATH: join(ROOT, 'node_modules'),
      SWC_NODE_PROJECT: join(ROOT, 'tsconfig.json'),
      ...environment,
    },
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { code: result.status, output: result.stdout + result.stderr };
}

describe('a service that other machines could reach', () => {
  it('does not start without AUTH_TOKENS: exit code 78, and what to do', () => {
    const { code, output } = run('main.ts', { ...UPSTREAM, HOST: '0.0.0.0' });
    expect(code).toBe(78);
    expect(output).toContain('HOST=0.0.0.0: ');
    expect(output).toContain('npm run token');
  });

  it('starts with the entry that the token program prints, and serves the token that it prints', async () => {
    const made = run('make-token.ts', {}, 'sync', 'nightly').output;
    const [, token = '', entry = ''] = /^token +(\S+)\nAUTH_TOKENS +(\S+)\n$/.exec(made) ?? [];
    const database = await createTestDatabase();
    const service = await ServiceProcess.start(await freePort(), {
      ...UPSTREAM,
      HOST: '0.0.0.0',
      AUTH_TOKENS: entry,
      DATABASE_URL: database.url,
    });
    try {
      const headers = { authorization: `Bearer ${token}` };
      for (const path of ['/docs', '/openapi.json', '/api/v1/trust-pack', '/api/v1/subnets', '/metrics']) {
        expect([path, (await fetch(service.url + path)).status]).toEqual([path, 401]);
        expect([path, (await fetch(service.url + path, { headers })).status]).not.toEqual([path, 401]);
      }
      const sync = await fetch(`${service.url}/api/v1/tasks/sync?datasets=pools`, { method: 'POST', headers });
      expect(sync.status).toBe(202);
      const reconciled = await fetch(`${service.url}/api/v1/reconciliation/run`, { method: 'POST', headers });
      expect(reconciled.status).toBe(202);
      expect((await fetch(`${service.url}/api/v1/metrics/reset`, { method: 'POST', headers })).status).toBe(403);
    } finally {
      await service.stop();
      await database.drop();
    }
  });

  it('makes tokens of scopes that exist, under labels that a log can carry, and no others', () => {
    expect(run('make-token.ts', {}, 'root').code).toBe(2);
    expect(run('make-token.ts', {}, 'read', 'No Label').code).toBe(2);
  });
});

describe('the migration program', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase({ migrated: false });
  });
  afterAll(() => database.drop());

  it('brings an empty database to the schema of this build, without the TaoStats key, and then finds nothing to do', () => {
    const first = run('migrate.ts', { DATABASE_URL: database.url });
    expect([first.code, first.output]).toEqual([
      0,
      expect.stringMatching(/the schema is current, [1-9]\d* migrations ran/),
    ]);
    const second = run('migrate.ts', { DATABASE_URL: database.url });
    expect([second.code, second.output]).toEqual([0, expect.stringContaining('0 migrations ran')]);
  });

  it('ends with 78 without a database, and with 1 and no password when it is away', () => {
    expect(run('migrate.ts', {}).code).toBe(78);
    const away = run('migrate.ts', { DATABASE_URL: 'postgres://app:hunter2-canary@127.0.0.1:1/x' });
    expect([away.code, away.output.includes('ECONNREFUSED'), away.output.includes('hunter2')]).toEqual([
      1,
      true,
      false,
    ]);
  });
});
