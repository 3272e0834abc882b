import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { makeToken } from '../../src/access';
import { freePort } from '../support/free-port';
import { ROOT } from '../support/source-files';
import { createTestDatabase } from '../support/test-database';
import { TreasuryWorld } from '../support/treasury-world';

const KEY = 'tao-command-line:00000000';
const WALLET = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

describe('the command line', () => {
  const { token, entry } = makeToken('admin', 'operator');
  let world: TreasuryWorld;
  /** Where it is started: without an .env of anybody. */
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'treasury-cli-'));
    world = await TreasuryWorld.start({ TAOSTATS_API_KEY: KEY });
    await world.firstSync();
  });

  afterAll(async () => {
    await world.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function run(words: string[], environment: Record<string, string> = {}): Promise<Ended> {
    const { PATH = '', HOME = '' } = process.env;
    const port = new URL(world.service.url).port;
    const program = ['-r', require.resolve('@swc-node/register'), join(ROOT, 'src/cli.ts')];
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [...program, ...words],
        {
          cwd: folder,
          env: { PATH, HOME, PORT: port, SWC_NODE_PROJECT: join(ROOT, 'tsconfig.json'), ...environment },
        },
        (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
    });
  }

  function serviceEnvironment(changes: Record<string, string> = {}): Record<string, string> {
    return {
      TAOSTATS_API_KEY: KEY,
      TAOSTATS_BASE_URL: world.simulator.url,
      ALLOW_INSECURE_UPSTREAM: 'true',
      TAOSTATS_RATE_LIMIT_PER_MINUTE: '600',
      DATABASE_URL: world.database.url,
      ...changes,
    };
  }

  describe('asked for what there is not', () => {
    it.each([
      [['stauts'], /unknown command 'stauts'[\s\S]*Did you mean status[\s\S]*Commands:[\s\S]*doctor/],
      [['status', '--jsn'], /unknown option '--jsn'[\s\S]*--json/],
      [['sync', '--mode', 'all'], /Allowed choices are refresh, full, deep/],
      [
        ['export', 'everything'],
        /Allowed choices are accounts, cost-basis, events, lots, positions, prices, validators/,
      ],
      [['export', 'positions', '--format', 'xml'], /Allowed choices are csv, json/],
      [['wallet', 'add'], /missing required argument 'address'/],
      [['status', 'now'], /too many arguments/],
      [['status', '--url', 'nowhere'], /expected http:\/\/host:port/],
      [['sync', 'pool'], /pool[\s\S]*pools/],
      [['wallet', 'add', `${WALLET.slice(0, -1)}z`], /checksum/],
      [['export', 'positions', '--filter', 'wallet'], /expected name=value/],
      [['export', 'positions', '--filter', 'no_such=1'], /no_such/],
    ])('%j ends with 2 and says what is accepted', async (words, said) => {
      const { code, stdout, stderr } = await run(words);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(said);
    });
  });

  it.each([
    [['stauts'], "unknown command 'stauts'", /Did you mean status[\s\S]*Commands:[\s\S]*doctor/],
    [['trust', '--jsn'], "unknown option '--jsn'", /--json/],
  ])('says so as JSON where JSON is asked for: %j', async (words, message, accepted) => {
    const { code, stdout, stderr } = await run([...words, '--json']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const fix = expect.stringMatching(accepted) as string;
    expect(JSON.parse(stderr)).toEqual({ error: { code: 'cli/usage', message, fix } });
  });

  it('shows its commands and its exit codes for --help', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    for (const command of [
      'doctor',
      'status',
      'trust',
      'sync',
      'alerts',
      'migrate',
      'export',
      'wallet',
      'config',
      'mcp',
    ]) {
      expect(stdout).toContain(`  ${command}`);
    }
    expect(stdout).toContain('78 configuration');
  });

  it('lists alerts and says that nobody is told of them, and which channel there is not', async () => {
    const listed = await run(['alerts']);
    expect(listed).toMatchObject({ code: 0, stdout: expect.stringContaining('Nobody is told: no channel') as string });
    const tested = await run(['alerts', 'test', 'nobody']);
    expect(tested.code).toBe(1);
    expect(tested.stderr).toContain('No channel nobody; none is configured');
  });

  it('says where it looked when no service answers, and ends with 1', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { code, stderr } = await run(['status', '--url', url, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: 'cli/unreachable', message: expect.stringContaining(url) },
    });
  });

  describe('status and trust', () => {
    it('say how the service is, for people and for programs', async () => {
      const { overall_health: health } = await world.service.json<{ overall_health: { status: string } }>(
        '/api/v1/trust-pack',
      );
      const expected = { healthy: 0, degraded: 3, critical: 4 }[health.status];
      for (const command of ['status', 'trust']) {
        const text = await run([command]);
        const json = await run([command, '--json']);
        expect({ text: text.code, json: json.code }).toEqual({ text: expected, json: expected });
        expect(text.stdout).toContain(`${health.status}`);
        expect(typeof JSON.parse(json.stdout)).toBe('object');
      }
    });

    it('end with 3 and name the issue with its section of the runbook when an answer was refused', async () => {
      await world.fault({ match: '/api/subnet/latest', times: 1, fault: { kind: 'empty_data' } });
      const synced = await run(['sync', 'subnets', '--wait', '--json']);
      expect(synced.code).toBe(3);
      expect(JSON.parse(synced.stdout)).toMatchObject({ runs: [{ dataset: 'subnets', state: 'protected' }] });
      await world.service.until<{ overall_health: { issues: unknown[] } }>(
        '/api/v1/trust-pack',
        (pack) => pack.overall_health.issues.length > 0,
      );
      const { code, stdout } = await run(['trust']);
      expect(code).toBe(3);
      expect(stdout).toMatch(/warning dataset_protected since .*\n.*\n {2}docs\/runbook\.md#/);
      await world.sync('subnets');
    });
  });

  describe('sync', () => {
    it('waits for the runs with --wait and says what became of them, without a word on stderr', async () => {
      const { code, stdout, stderr } = await run(['sync', 'tao_price', 'pools', '--mode', 'refresh', '--wait']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^tao_price +(applied|confirmed)/m);
      expect(stdout).toMatch(/^pools +(applied|confirmed)/m);
    });

    it('otherwise returns when the runs are queued', async () => {
      const { code, stdout } = await run(['sync', 'tao_price', '--json']);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ runs: [{ dataset: 'tao_price' }] });
    });
  });

  describe('wallet and export', () => {
    it('follow a wallet, list it, export lists and stop following it', async () => {
      const added = await run(['wallet', 'add', WALLET, '--label', 'Main']);
      expect(added).toMatchObject({ code: 0, stdout: `${WALLET} (Main) is followed.\n` });
      expect((await run(['wallet', 'list'])).stdout).toMatch(new RegExp(`${WALLET} +Main`));
      for (const what of ['accounts', 'events', 'positions', 'prices', 'validators']) {
        const csv = await run(['export', what]);
        expect({ what, code: csv.code, stderr: csv.stderr }).toEqual({ what, code: 0, stderr: '' });
        expect(csv.stdout.split('\r\n')[0]).toMatch(/as_of,trust$/);
        const json = await run(['export', what, '--json']);
        expect(Array.isArray((JSON.parse(json.stdout) as { data: unknown }).data)).toBe(true);
      }
      const removed = await run(['wallet', 'rm', WALLET, '--json']);
      expect(JSON.parse(removed.stdout)).toEqual({ address: WALLET, followed: false });
      expect(await run(['wallet', 'rm', WALLET])).toMatchObject({ code: 1 });
    });

    it('write every page into a file', async () => {
      const file = join(folder, 'validators.json');
      expect(await run(['export', 'validators', '--format', 'json', '--out', file])).toMatchObject({
        code: 0,
        stdout: '',
      });
      const { data } = JSON.parse(readFileSync(file, 'utf8')) as { data: unknown[] };
      const csv = await run(['export', 'validators']);
      expect(data).toHaveLength(csv.stdout.trim().split('\r\n').length - 1);
    });

    it('say which file cannot be written, and end with 1', async () => {
      const file = join(folder, 'no', 'such', 'folder.csv');
      const { code, stderr } = await run(['export', 'prices', '--out', file]);
      expect(code).toBe(1);
      expect(stderr).toContain(file);
    });
  });

  describe('config', () => {
    it('says of every variable its value, its default and where it comes from, and of secrets nothing', async () => {
      const file = join(folder, 'key');
      writeFileSync(file, KEY);
      writeFileSync(join(folder, '.env'), 'POOLS_REFRESH_MINUTES=20\nLOG_LEVEL=warn\n');
      const { DATABASE_URL = '' } = serviceEnvironment();
      const environment = { TAOSTATS_API_KEY_FILE: file, DATABASE_URL, LOG_LEVEL: 'debug' };
      const { code, stdout } = await run(['config', '--json'], environment);
      rmSync(join(folder, '.env'));
      expect(code).toBe(0);
      const { variables } = JSON.parse(stdout) as { variables: Record<string, unknown>[] };
      const byName = Object.fromEntries(variables.map((variable) => [variable['name'], variable]));
      expect(byName).toMatchObject({
        TAOSTATS_API_KEY: { value: '[redacted]', source: 'file' },
        DATABASE_URL: { value: '[redacted]', source: 'env' },
        POOLS_REFRESH_MINUTES: { value: '20', default: '10', source: 'file' },
        LOG_LEVEL: { value: 'debug', default: 'info', source: 'env' },
        API_MAX_RETRIES: { value: '3', default: '3', source: 'default' },
      });
      expect(stdout).not.toContain(KEY);
      expect(stdout).not.toContain(DATABASE_URL);
    });

    it('ends with 78 and says everything that is wrong', async () => {
      const { code, stdout } = await run(['config'], { API_MAX_RETRIES: 'many' });
      expect(code).toBe(78);
      expect(stdout).toContain('API_MAX_RETRIES=many: expected whole number, 0 to 10');
      expect(stdout).toContain('TAOSTATS_API_KEY is not set');
    });
  });

  describe('doctor', () => {
    interface Check {
      name: string;
      state: string;
      message: string;
      fix: string | null;
    }

    async function checks(environment: Record<string, string>): Promise<{ code: number; by: Record<string, Check> }> {
      const { code, stdout } = await run(['doctor', '--json'], environment);
      expect(stdout).not.toContain(KEY);
      const list = (JSON.parse(stdout) as { checks: Check[] }).checks;
      return { code, by: Object.fromEntries(list.map((check) => [check.name, check])) };
    }

    it('finds nothing where everything stands', async () => {
      const { code, by } = await checks(serviceEnvironment({ WALLET_ADDRESSES: WALLET }));
      const states = Object.fromEntries(Object.values(by).map(({ name, state }) => [name, state]));
      expect(states).toEqual({
        configuration: 'ok',
        key: 'ok',
        plan: 'ok',
        clock: 'ok',
        database: 'ok',
        migrations: 'ok',
        redis: 'ok',
        alerts: 'ok',
        wallets: 'ok',
      });
      expect(code).toBe(0);
    });

    it('names the rule that refuses the target of an alert, and not its address', async () => {
      const { code, by } = await checks(
        serviceEnvironment({
          ALERT_SLACK_URLS: 'ops=https://localhost/services/canary,https://10.0.0.1/services/canary',
          ALERT_DISCORD_URLS: 'https://93.184.216.34/api/webhooks/1/canary',
        }),
      );
      expect(code).toBe(1);
      expect(by).toMatchObject({
        'alerts ops': { state: 'failed', message: expect.stringContaining('(target/loopback-address)') as string },
        'alerts slack-2': { state: 'failed', message: expect.stringContaining('(target/private-address)') as string },
        'alerts discord': { state: 'ok', message: expect.stringContaining('discord at 93.184.216.34') as string },
      });
      expect(JSON.stringify(by)).not.toContain('canary');
    });

    it('says what is wrong with every part at once, each with its fix, and ends with 1', async () => {
      const nobody = `127.0.0.1:${await freePort()}`;
      await world.fault({ match: '/api/price/latest', times: 1, fault: { kind: 'status', status: 401 } });
      const { code, by } = await checks(
        serviceEnvironment({
          DATABASE_URL: `postgres://treasury:secret-password@${nobody}/treasury`,
          REDIS_URL: `redis://${nobody}`,
          PORT: nobody.split(':')[1] ?? '',
        }),
      );
      expect(code).toBe(1);
      expect(by).toMatchObject({
        key: { state: 'failed', message: 'TaoStats refuses the key (401)' },
        plan: { state: 'skipped' },
        database: { state: 'failed', message: expect.stringContaining('ECONNREFUSED') },
        migrations: { state: 'skipped' },
        redis: { state: 'warning' },
      });
      const without = Object.values(by).filter(({ state, fix }) => state !== 'ok' && (fix === null || fix === ''));
      expect(without).toEqual([]);
      expect(JSON.stringify(by)).not.toContain('secret-password');
    });

    it('ends with 78 when the service would not start, and checks the wallets all the same', async () => {
      const mistyped = `${WALLET.slice(0, -1)}z`;
      const { code, by } = await checks({ WALLET_ADDRESSES: mistyped });
      expect(code).toBe(78);
      expect(by['wallets']).toMatchObject({ state: 'failed', message: `no valid checksum: ${mistyped}` });
      expect(by['configuration']).toMatchObject({ state: 'failed' });
    });
  });

  describe('migrate', () => {
    it('migrates an empty database once, with nothing but its address, and doctor sees before that it has to', async () => {
      const empty = await createTestDatabase();
      const client = new Client({ connectionString: empty.url });
      await client.connect();
      await client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
      await client.end();
      const examined = await run(['doctor'], serviceEnvironment({ DATABASE_URL: empty.url }));
      expect(examined.stdout).toMatch(/warning +migrations +\d+ have not run\n +to fix: run `tao-treasury migrate`/);
      expect(examined.code).toBe(3);
      const first = await run(['migrate', '--json'], { DATABASE_URL: empty.url });
      expect(first.code).toBe(0);
      expect((JSON.parse(first.stdout) as { ran: string[] }).ran.length).toBeGreaterThan(5);
      expect(await run(['migrate'], { DATABASE_URL: empty.url })).toMatchObject({
        code: 0,
        stdout: 'The schema is current.\n',
      });
      await empty.drop();
    });

    it('ends with 78 without DATABASE_URL, and with 1 and the reason when PostgreSQL is away', async () => {
      expect((await run(['migrate'])).code).toBe(78);
      const away = await run(['migrate'], { DATABASE_URL: `postgres://a:b@127.0.0.1:${await freePort()}/c` });
      expect(away.code).toBe(1);
      expect(away.stderr).toContain('ECONNREFUSED');
    });
  });

  describe('a service that asks for tokens', () => {
    it('is told by --token or TAO_TREASURY_TOKEN, and without one the command says how to get one', async () => {
      const guarded = await TreasuryWorld.start({ AUTH_TOKENS: entry });
      try {
        const where = ['--url', guarded.service.url];
        const refused = await run(['trust', ...where]);
        expect(refused.code).toBe(1);
        expect(refused.stderr).toContain('npm run token');
        expect((await run(['wallet', 'list', ...where, '--token', token])).code).toBe(0);
        expect((await run(['wallet', 'list', ...where], { TAO_TREASURY_TOKEN: token })).code).toBe(0);
      } finally {
        await guarded.stop();
      }
    });
  });
});
