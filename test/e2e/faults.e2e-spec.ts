import { type FaultRequest, TreasuryWorld } from '../support/treasury-world';

const POOL = '/api/dtao/pool/latest';
const TABLES = ['pools', 'pool_history'];

interface Pack {
  overall_health: { status: string; issues: { code: string }[] };
  api_health: { total_rate_limits: number };
  datasets: Record<
    string,
    { protected_since: string | null; last_error: unknown; has_drift: boolean; record_count: number }
  >;
}

/** What TaoStats does wrong, how the run must end, and the code that it must carry. */
const BAD_ANSWERS: [string, FaultRequest['fault'], string, RegExp][] = [
  ['no rows at all', { kind: 'empty_data' }, 'protected', /^sync\//],
  ['a third of the rows missing', { kind: 'drop_rows', fraction: 0.34 }, 'protected', /^sync\//],
  ['a page that promises more rows than it holds', { kind: 'short_page', rows: 50 }, '(protected|failed)', /./],
  ['data: null', { kind: 'data_null' }, '(protected|failed)', /^taostats\//],
  ['no data key', { kind: 'data_missing' }, '(protected|failed)', /^taostats\//],
  ['HTML with status 200', { kind: 'html' }, 'failed', /^taostats\/bad-payload/],
  ['an empty body with status 200', { kind: 'empty_body' }, 'failed', /^taostats\/bad-payload/],
  ['JSON cut in the middle', { kind: 'truncate' }, 'failed', /^taostats\//],
  ['an error object inside a 200', { kind: 'in_body_error', status: 403 }, 'failed', /^taostats\//],
  ['a burst of 503', { kind: 'status', status: 503 }, 'failed', /^taostats\//],
  ['a connection reset', { kind: 'reset' }, 'failed', /^taostats\//],
  ['a redirect', { kind: 'redirect', location: 'http://127.0.0.1:1/' }, 'failed', /^taostats\//],
  ['a required field renamed', { kind: 'rename_field', field: 'price', to: 'cost' }, '(protected|failed)', /./],
  [
    'a 429 that asks for an hour',
    { kind: 'status', status: 429, headers: { 'retry-after': '3600' } },
    'failed',
    /^taostats\/rate-limited/,
  ],
];

describe('when TaoStats misbehaves', () => {
  let world: TreasuryWorld;

  beforeAll(async () => {
    world = await TreasuryWorld.start({
      API_INITIAL_BACKOFF_SECONDS: '0.02',
      API_MAX_BACKOFF_SECONDS: '0.05',
      POOLS_REFRESH_MINUTES: '1440',
    });
    await world.firstSync();
  });

  afterEach(async () => {
    await world.clearFaults();
    await world.openUpstream();
  });

  afterAll(() => world.stop());

  it.each(BAD_ANSWERS)('%s changes no stored byte and is a recorded failure', async (_name, fault, state, code) => {
    const before = await world.fingerprint(...TABLES);
    await world.fault({ match: POOL, fault });
    const run = await world.sync('pools');
    expect(run.state).toMatch(new RegExp(`^${state}$`));
    expect(run.reason_code).toMatch(code);
    expect(await world.fingerprint(...TABLES)).toBe(before);
    const pack = await world.service.until<Pack>(
      '/api/v1/trust-pack',
      (candidate) => candidate.overall_health.status !== 'healthy',
    );
    expect(pack.datasets['pools']?.record_count).toBe(129);
    expect(pack.overall_health.issues.length).toBeGreaterThan(0);
  });

  it('logs the refused subnets in the words that operators grep for', async () => {
    await world.fault({ match: '/api/subnet/latest', times: 1, fault: { kind: 'empty_data' } });
    await world.sync('subnets', 'protected');
    const line = world.service.log().find((entry) => entry['msg'] === 'Subnet sync returned insufficient data');
    expect(line).toMatchObject({ level: 'warn', dataset: 'subnets' });
  });

  it('sits out a 429 without a header instead of asking again', async () => {
    world.simulator.clearLog();
    await world.fault({ match: POOL, fault: { kind: 'status', status: 429 } });
    const before = await world.fingerprint(...TABLES);
    const accepted = await world.service.json<{ run_ids: string[] }>('/api/v1/tasks/sync?datasets=pools', {
      method: 'POST',
    });
    await world.eventually(() => world.simulator.log(POOL).length > 0);
    const pack = await world.service.until<Pack & { upstream: { blocked_until: string | null } }>(
      '/api/v1/trust-pack',
      (candidate) => candidate.upstream.blocked_until !== null,
    );
    expect(Date.parse(pack.upstream.blocked_until ?? '')).toBeGreaterThan(Date.now() + 30_000);
    expect(world.simulator.log(POOL)).toHaveLength(1);
    expect(await world.fingerprint(...TABLES)).toBe(before);
    await world.clearFaults();
    await world.openUpstream();
    await world.service.until<{ state: string }>(
      `/api/v1/runs/${accepted.run_ids[0]}`,
      (run) => run.state !== 'queued' && run.state !== 'running',
    );
  });

  it('takes numbers where strings were and stores the same digits', async () => {
    await world.fault({ match: POOL, times: 1, fault: { kind: 'numbers_as_numbers' } });
    const run = await world.sync('pools');
    expect(['applied', 'confirmed']).toContain(run.state);
    const [row] = await world.rows('SELECT count(*) AS bad FROM pools WHERE price IS NULL OR total_tao IS NULL');
    expect(row?.['bad']).toBe('0');
  });

  it('keeps the last good row of a subnet whose new row is not valid, and says so', async () => {
    const [before] = await world.rows('SELECT * FROM pools WHERE netuid = 7');
    await world.fault({
      match: POOL,
      times: 1,
      fault: { kind: 'corrupt_row', netuid: 7, field: 'price', value: 'NaN' },
    });
    await world.sync('pools', 'applied');
    expect(await world.rows('SELECT price, block_number FROM pools WHERE netuid = 7')).toEqual([
      { price: before?.['price'], block_number: before?.['block_number'] },
    ]);
    const quarantined = await world.rows("SELECT dataset, key FROM quarantine WHERE dataset = 'pools'");
    expect(quarantined).toEqual([{ dataset: 'pools', key: '7' }]);
  });

  it('is healthy again once TaoStats is', async () => {
    for (const dataset of ['pools', 'subnets', 'tao_price']) await world.sync(dataset);
    await world.resetMetrics();
    await world.service.until<Pack>('/api/v1/trust-pack', (pack) => pack.overall_health.status === 'healthy');
  });

  it('never lets the key reach a log or an answer', async () => {
    const pack = await world.service.json('/api/v1/trust-pack');
    expect(JSON.stringify(pack) + world.service.rawLog).not.toContain('tao-test-key');
  });
});
