import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, type Environment, loadSettings } from './load-settings';
import { variables } from './variable';

const KEY = { TAOSTATS_API_KEY: 'tao-00000000-0000:00000000' };
const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';

function problemsOf(environment: Environment): readonly string[] {
  try {
    loadSettings(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadSettings', () => {
  it('has the default that the runbook names for every variable of the runbook', () => {
    expect(loadSettings(KEY)).toMatchObject({
      host: '127.0.0.1',
      port: 8050,
      enableRetryAfter: true,
      enablePartialFailureProtection: true,
      enableResponseValidation: true,
      enableClientSideSlippage: false,
      enableReconciliation: false,
      enableCacheMetrics: true,
      enableApiMetrics: true,
      enableSyncMetrics: true,
      retryAfterMaxWaitSeconds: 300,
      apiInitialBackoffSeconds: 1,
      apiMaxBackoffSeconds: 60,
      apiBackoffMultiplier: 2,
      apiMaxRetries: 3,
      minRecordsForValidSync: 1,
      syncStalenessWarningMinutes: 15,
      syncStalenessCriticalMinutes: 60,
      staleDataThresholdMinutes: 30,
      apiConnectTimeoutSeconds: 10,
      apiReadTimeoutSeconds: 30,
      poolsRefreshMinutes: 10,
      walletRefreshMinutes: 5,
      flowRefreshMinutes: 30,
      validatorRefreshMinutes: 60,
      taostatsRateLimitPerMinute: 60,
    });
  });

  it.each(['Bearer tao-0000', 'tao-0000\ntao-1111', 'tao-\u00e9000'])(
    'refuses %j as a key: it could not be sent as it is',
    (key) => {
      expect(problemsOf({ TAOSTATS_API_KEY: key })).toEqual([
        'TAOSTATS_API_KEY=[redacted]: expected the raw key: no Bearer, no space, no line break',
      ]);
    },
  );

  it.each(['false', 'False', 'FALSE', '0', 'no', 'off', ''])('takes %j as off', (word) => {
    expect(loadSettings({ ...KEY, ENABLE_RETRY_AFTER: word }).enableRetryAfter).toBe(false);
  });

  it.each(['true', 'True', '1', 'yes', 'on'])('takes %j as on', (word) => {
    expect(loadSettings({ ...KEY, ENABLE_RECONCILIATION: word }).enableReconciliation).toBe(true);
  });

  it('takes 0 as zero, not as absent', () => {
    const settings = loadSettings({ ...KEY, API_MAX_RETRIES: '0', MIN_RECORDS_FOR_VALID_SYNC: '0' });
    expect([settings.apiMaxRetries, settings.minRecordsForValidSync]).toEqual([0, 0]);
  });

  it('takes an empty optional text as not configured and an empty list as none', () => {
    const settings = loadSettings({ ...KEY, REDIS_URL: '', DATABASE_URL: '', WALLET_ADDRESSES: '' });
    expect([settings.redisUrl, settings.databaseUrl, settings.walletAddresses]).toEqual([undefined, undefined, []]);
  });

  it('reports every problem at once, each with its variable, its value and what is accepted', () => {
    const problems = problemsOf({ PORT: '99999', API_MAX_RETRIES: '', ENABLE_API_METRICS: 'maybe', LOG_LEVEL: 'loud' });
    expect(problems).toEqual(
      expect.arrayContaining([
        'PORT=99999: expected whole number, 0 to 65535',
        "API_MAX_RETRIES='': expected whole number, 0 to 10",
        'ENABLE_API_METRICS=maybe: expected true or false',
        expect.stringContaining('LOG_LEVEL=loud: expected fatal, error'),
        expect.stringContaining('TAOSTATS_API_KEY is not set'),
      ]),
    );
  });

  it.each(['0x10', '1e3', '1_000', 'ten', 'NaN', '-1'])('refuses %j as a number of seconds', (text) => {
    expect(problemsOf({ ...KEY, RETRY_AFTER_MAX_WAIT_SECONDS: text })).toHaveLength(1);
  });

  it('says both ways on when the key is missing', () => {
    const [problem] = problemsOf({});
    expect(problem).toContain('set it');
    expect(problem).toContain('npm run demo');
  });

  it('refuses limits that contradict each other', () => {
    expect(problemsOf({ ...KEY, API_MAX_BACKOFF_SECONDS: '0.5' })).toEqual([
      'API_MAX_BACKOFF_SECONDS=0.5: must not be below API_INITIAL_BACKOFF_SECONDS',
    ]);
  });

  it('never shows a secret, not even a malformed one', () => {
    const problems = problemsOf({ ...KEY, DATABASE_URL: 'mysql://app:hunter2@db/x', REDIS_URL: 'http://:hunter3@r' });
    expect(problems).toHaveLength(2);
    expect(problems.join()).not.toMatch(/hunter/);
  });

  it('names the variable whose password has a bare percent sign', () => {
    const problems = problemsOf({ ...KEY, DATABASE_URL: 'postgres://a:hun%zz@db/x', REDIS_URL: 'redis://:hun%zz@r' });
    expect(problems.map((line) => line.split('=')[0])).toEqual(['DATABASE_URL', 'REDIS_URL']);
    expect(problems.join()).not.toContain('hun%zz');
  });

  it('reads a secret from the file that <VARIABLE>_FILE names, and refuses both forms together', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'secret-')), 'key');
    writeFileSync(file, 'tao-from-file\n');
    expect(loadSettings({ TAOSTATS_API_KEY_FILE: file }).taostatsApiKey).toBe('tao-from-file');
    expect(problemsOf({ ...KEY, TAOSTATS_API_KEY_FILE: file }).join()).toContain('not both');
    expect(problemsOf({ TAOSTATS_API_KEY_FILE: '/nowhere' }).join()).toContain('cannot read /nowhere');
  });

  it('accepts Bittensor addresses only, by checksum and network', () => {
    const otherNetwork = '15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5';
    const typo = ALICE.replace('Grwv', 'Grwu');
    expect(loadSettings({ ...KEY, WALLET_ADDRESSES: `${ALICE}, ` }).walletAddresses).toEqual([ALICE]);
    expect(problemsOf({ ...KEY, WALLET_ADDRESSES: otherNetwork })).toHaveLength(1);
    expect(problemsOf({ ...KEY, WALLET_ADDRESSES: `${ALICE},${typo}` })).toHaveLength(1);
  });

  it.each([
    'http://api.taostats.io',
    'https://api.taostats.io.evil.example',
    'https://api.taostats.io/#',
    'https://user@api.taostats.io',
    'https://169.254.169.254',
    'http://127.0.0.1:9000',
  ])('refuses %s as upstream', (url) => {
    expect(problemsOf({ ...KEY, TAOSTATS_BASE_URL: url })).toHaveLength(1);
  });

  it('permits plain http to loopback only with the switch', () => {
    const upstream = { ...KEY, TAOSTATS_BASE_URL: 'http://127.0.0.1:9000', ALLOW_INSECURE_UPSTREAM: 'true' };
    expect(loadSettings(upstream).taostatsBaseUrl).toBe('http://127.0.0.1:9000');
    expect(problemsOf({ ...upstream, TAOSTATS_BASE_URL: 'http://10.0.0.1' })).toHaveLength(1);
  });
});

describe('who may reach the service', () => {
  const DIGEST = 'a1'.repeat(32);
  const OTHER = 'b2'.repeat(32);

  it.each(['0.0.0.0', '::', '192.168.1.7', 'treasury.internal'])(
    'is not everybody: HOST=%s needs AUTH_TOKENS',
    (host) => {
      const [problem, ...more] = problemsOf({ ...KEY, HOST: host });
      expect(more).toEqual([]);
      expect(problem).toContain(`HOST=${host}: `);
      expect(problem).toContain('npm run token');
      expect(problem).toContain('HOST=127.0.0.1');
      expect(loadSettings({ ...KEY, HOST: host, AUTH_TOKENS: `read:${DIGEST}` }).host).toBe(host);
    },
  );

  it.each(['127.0.0.1', '127.8.8.8', '::1', 'localhost'])('is this machine without any token on HOST=%s', (host) => {
    expect(loadSettings({ ...KEY, HOST: host }).authTokens).toEqual([]);
  });

  it('takes several tokens with scope and label, from a file one a line', () => {
    const entries = [`read:${DIGEST}:board`, `admin:${OTHER}`];
    expect(loadSettings({ ...KEY, AUTH_TOKENS: entries.join(', ') }).authTokens).toEqual(entries);
    const file = join(mkdtempSync(join(tmpdir(), 'tokens-')), 'tokens');
    writeFileSync(file, `${entries.join('\n')}\n`);
    expect(loadSettings({ ...KEY, AUTH_TOKENS_FILE: file }).authTokens).toEqual(entries);
  });

  it.each([
    'tk_live_plain-text',
    `root:${DIGEST}`,
    `read:${DIGEST.toUpperCase()}`,
    `read:${DIGEST.slice(1)}`,
    `read:${DIGEST}:Not A Label`,
    `read:${DIGEST},admin:${DIGEST}`,
  ])('refuses the entry %# and does not show it', (entry) => {
    const problems = problemsOf({ ...KEY, AUTH_TOKENS: entry });
    expect(problems).toEqual([
      expect.stringMatching(/^AUTH_TOKENS=\[redacted\]: expected comma-separated scope:sha256/),
    ]);
  });

  it.each(['*', 'https://board.example/', 'https://board.example/path', 'ftp://board.example', 'board.example'])(
    'refuses %s as an origin',
    (origin) => {
      expect(problemsOf({ ...KEY, CORS_ORIGINS: origin })).toHaveLength(1);
    },
  );
});

describe('.env.example', () => {
  it('lists every variable with its default and its sentence', () => {
    const lines = readFileSync(join(__dirname, '../../.env.example'), 'utf8').split('\n');
    for (const variable of variables()) {
      const { defaultValue } = variable;
      const shown = typeof defaultValue === 'string' ? defaultValue : (JSON.stringify(defaultValue) ?? '');
      expect(lines).toContain(`# ${variable.sentence} (${variable.range})`);
      expect(lines).toContain(
        `${variable.kind === 'optional' || variable.kind === 'list' ? '# ' : ''}${variable.name}=${shown}`,
      );
    }
  });
});
