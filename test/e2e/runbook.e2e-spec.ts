import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { loadSettings, variables } from '../../src/config';
import { AlertReceiver } from '../support/alert-receiver';
import { type Redis, startRedis } from '../support/redis-server';
import { TreasuryWorld } from '../support/treasury-world';

const run = promisify(execFile);
const ROOT = resolve(__dirname, '../..');
// Ours last: it ends on the command that sets the counters back.
const BOOKS = [resolve(ROOT, '../shared/contract/runbook.md'), join(ROOT, 'docs/runbook.md')];
const KEY = 'tao-runbook-key:00000000';
/** The command line from its sources: the tests do not build. */
const CLI = `node -r @swc-node/register ${join(ROOT, 'src/cli.ts')}`;

/** Commands of the fenced `bash` blocks of a page, in order. */
function commandsOf(page: string): string[] {
  const blocks = [...page.matchAll(/```bash\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  return blocks
    .flatMap((block) => block.replace(/\\\n/g, ' ').split('\n'))
    .map((line) => line.replace(/\s+# Was .*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

type Check = (output: string) => void;

const json = (check: (value: never) => void): Check => {
  return (output) => check(JSON.parse(output) as never);
};

/** What each command must print. Jq filters that select print one JSON value after another, or nothing. */
const EXPECTATIONS: [RegExp, Check][] = [
  [/trust-pack \| jq$/, json((pack: object) => expect(Object.keys(pack)).toEqual(expect.arrayContaining(TOP_KEYS)))],
  [
    /'\.overall_health'$/,
    json((health: { status: string; issues: unknown[] }) => {
      expect(['healthy', 'degraded', 'critical']).toContain(health.status);
      expect(Array.isArray(health.issues)).toBe(true);
    }),
  ],
  [/total_rate_limits'$/, (output) => expect(Number(output)).toBeGreaterThanOrEqual(1)],
  [/rate_limit_count > 0\)'$/, (output) => expect(output).toContain('/api/price/latest/v1')],
  [/error_rate > 0\.1\)'$/, (output) => expect(output).toContain('error_rate')],
  [/recent_errors\[-5:\]'$/, json((errors: unknown[]) => expect(errors.length).toBeGreaterThan(0))],
  [
    /jq '\.datasets'$/,
    json((datasets: object) => {
      expect(Object.keys(datasets)).toEqual(expect.arrayContaining(['subnets', 'pools', 'tao_price']));
    }),
  ],
  [/is_stale == true\)'$/, (output) => expect(output).toBe('')],
  [/data_stale'$/, (output) => expect(output).toBe('false')],
  [/last_success_at'$/, json((at: string) => expect(Date.parse(at)).toBeGreaterThan(0))],
  [
    /cache_health'$/,
    json((cache: object) => {
      expect(Object.keys(cache)).toEqual(expect.arrayContaining(['total_hits', 'total_misses', 'overall_hit_rate']));
    }),
  ],
  [/feature_flags'$/, json((flags: object) => expect(flags).toMatchObject({ enable_retry_after: true }))],
  [/^redis-cli .*ping$/, (output) => expect(output).toBe('PONG')],
  [
    /-X POST .*\/tasks\/sync/,
    json((accepted: { run_ids: string[] }) => expect(accepted.run_ids.length).toBeGreaterThan(0)),
  ],
  [/-X POST .*\/metrics\/reset$/, json((answer: object) => expect(answer).toBeDefined())],
  // Nothing came where rows are stored: that cannot be approved.
  [/\/approve" \| jq$/, (output) => expect(output).toContain('"runs/never-believed"')],
  [/\/runs\?state=protected' \| jq$/, (output) => expect(output).toContain('"protected"')],
  [/\/runs \| jq$/, (output) => expect(output).toContain('"applied"')],
  [
    /^curl -H "Authorization: \$TAOSTATS_API_KEY"/,
    json((answer: { data: { symbol: string }[] }) => {
      expect(answer.data[0]?.symbol).toBe('TAO');
    }),
  ],
  [
    /^grep "Subnet sync returned insufficient data"/,
    (output) => {
      expect(JSON.parse(output.split('\n')[0] ?? '')).toMatchObject({ level: 'warn', dataset: 'subnets' });
    },
  ],
  [/\/budget \| jq$/, json((answer: object) => expect(Object.keys(answer)).toEqual(['budget', 'meta']))],
  [
    /'\.budget\.spent'$/,
    json((spent: { credits_this_month: number }) => expect(spent.credits_this_month).toBeGreaterThan(0)),
  ],
  [/'\.budget\.plan'$/, json((plan: object) => expect(plan).toMatchObject({ applied: false, fits_month: null }))],
  [/\.budget\.plans\[\] \| select\(\.fits\)'$/, (output) => expect(output).toContain('"scale"')],
  [
    /\.budget\.datasets \| map_values/,
    json((datasets: object) => {
      expect(datasets).toMatchObject({ pools: { interval_seconds: 600, outlook: expect.any(String) as string } });
    }),
  ],
  [/^npx tao-treasury status$/, (output) => expect(output).toMatch(/^(healthy|degraded|critical): /)],
  [/^npx tao-treasury trust$/, (output) => expect(output).toMatch(/^pools +\S+ +\S+ +\d+ (s|min)/m)],
  [/^npx tao-treasury sync /, (output) => expect(output).toMatch(/^pools +(applied|confirmed)/m)],
  [
    /^npx tao-treasury export prices /,
    json((day: object) => expect(Object.keys(day)).toEqual(expect.arrayContaining(['day', 'close_usd']))),
  ],
  [/^npx tao-treasury wallet list$/, (output) => expect(output).toContain('wallet')],
  [/^npx tao-treasury config /, (output) => expect(output).toMatch(/^ENABLE_RETRY_AFTER +true +true +default$/m)],
  [/\/alerts \| jq '\.data\[\] \| select/, (output) => expect(output).toContain('"dataset_protected:subnets"')],
  [/\/history\?points=500' \| jq /, (output) => expect(output).toBe('"raw"\nnull')],
  [/\/alerts\/channels \| jq$/, (output) => expect(output).toContain('"name": "ops"')],
  [/\/alerts\/deliveries \| jq /, (output) => expect(output).toMatch(/^(null|\{[\s\S]*"channel": "ops"[\s\S]*\})$/)],
  [/^npx tao-treasury alerts$/, (output) => expect(output).toContain('dataset_protected:subnets')],
  [/^npx tao-treasury alerts test ops$/, (output) => expect(output).toBe('ops: delivered: the receiver answered 200')],
  [
    /-X POST .*\/channels\/ops\/test \| jq$/,
    json((answer: object) => expect(answer).toMatchObject({ data: { status: 'delivered', http_status: 200 } })),
  ],
  [
    /-X POST .*\/mute /,
    json((answer: object) => expect(answer).toMatchObject({ data: { muted_until: expect.any(String) as string } })),
  ],
  [/-X DELETE .*\/mute$/, json((answer: object) => expect(answer).toMatchObject({ data: { muted_until: null } }))],
  [/\/portfolio \| jq '\.data\.drawdown'$/, json((drawdown: object) => expect(drawdown).toHaveProperty('soft_limit'))],
  [/\/portfolio\/history \| jq '\.data\[-1\]'$/, (output) => expect(output).toMatch(/^(null|\{)/)],
  [/\| npx tao-treasury mcp \|/, (output) => expect(output).toMatch(/"overall_health"/)],
  [/\/(livez|readyz|startupz)$/, json((probe: { status: string }) => expect(probe.status).toBe('ok'))],
];

const TOP_KEYS = [
  'generated_at',
  'uptime_seconds',
  'api_health',
  'api_endpoints',
  'cache_health',
  'datasets',
  'feature_flags',
  'overall_health',
  'recent_errors',
];

describe('every command of the runbook', () => {
  let redis: Redis | null;
  let world: TreasuryWorld;
  let receiver: AlertReceiver;

  beforeAll(async () => {
    redis = await startRedis();
    receiver = await AlertReceiver.start();
    world = await TreasuryWorld.start({
      TAOSTATS_API_KEY: KEY,
      ...(redis === null ? {} : { REDIS_URL: redis.url }),
      API_INITIAL_BACKOFF_SECONDS: '0.05',
      API_MAX_BACKOFF_SECONDS: '0.1',
      ALERT_SLACK_URLS: `ops=${receiver.url()}`,
      ALERT_ALLOW_PRIVATE_TARGETS: 'true',
    });
    await world.firstSync();
    await world.fault({ match: '/api/subnet/latest', times: 1, fault: { kind: 'empty_data' } });
    await world.sync('subnets', 'protected');
    await world.fault({ match: '/api/dtao/pool/latest', times: 1, fault: { kind: 'status', status: 503 } });
    await world.sync('pools');
    await world.fault({
      match: '/api/price/latest',
      times: 1,
      fault: { kind: 'status', status: 429, headers: { 'retry-after': '0' } },
    });
    await world.sync('tao_price');
    await world.service.until<{ data: { key: string }[] }>('/api/v1/alerts', ({ data }) =>
      data.some(({ key }) => key === 'dataset_protected:subnets'),
    );
  });

  afterAll(async () => {
    await world.stop();
    await receiver.stop();
    await redis?.stop();
  });

  describe.each(BOOKS.filter((book) => existsSync(book)))('of %s', (book) => {
    const commands = commandsOf(readFileSync(book, 'utf8'));

    it.each(commands.filter((line) => line.startsWith('export ')))('%s is accepted and takes effect', (line) => {
      const [, name = '', value = ''] = /^export (\w+)=(.*)$/.exec(line) ?? [];
      const variable = variables().find((entry) => entry.name === name);
      const settings = loadSettings({ TAOSTATS_API_KEY: KEY, [name]: value });
      const effective = (settings as unknown as Record<string, unknown>)[variable?.property ?? ''];
      expect(effective).toEqual(/^[\d.]+$/.test(value) ? Number(value) : value === 'true');
    });

    it.each(commands.filter((line) => !line.startsWith('export ')))('%s prints what it promises', async (line) => {
      if (line.startsWith('redis-cli') && redis === null) return;
      const [, check] = EXPECTATIONS.find(([pattern]) => pattern.test(line)) ?? [];
      if (check === undefined) throw new Error(`no expectation for: ${line}`);
      check(await execute(line));
    });
  });

  async function execute(line: string): Promise<string> {
    const command = line
      .replaceAll('http://localhost:8050', world.service.url)
      .replaceAll('https://api.taostats.io', world.simulator.url)
      .replaceAll('/var/log/tao-treasury', world.logDir)
      .replace(/^redis-cli/, `redis-cli -u ${redis?.url ?? ''}`)
      // Degraded is an exit code too, and the service of this test has been through something.
      .replace(/\| npx tao-treasury mcp /, `| ${CLI} mcp `)
      .replace(/^npx tao-treasury ([^|]*)/, `{ ${CLI} $1 || [ $? -ge 3 ]; }`);
    const { stdout } = await run('bash', ['-c', `set -o pipefail; ${command}`], {
      env: { PATH: process.env['PATH'], TAOSTATS_API_KEY: KEY, PORT: new URL(world.service.url).port },
      cwd: ROOT,
    });
    return stdout.trim();
  }
});

for (const book of BOOKS.filter((path) => !existsSync(path))) console.info(`skipped: ${book} is not on this machine`);
