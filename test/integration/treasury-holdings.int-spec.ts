import { encodeAddress } from '@dedot/utils';
import { TreasuryService } from '../support/treasury-service';

const addressOf = (first: number): string =>
  encodeAddress(
    Uint8Array.from({ length: 32 }, (_, index) => (index === 0 ? first : 9)),
    42,
  );
const [ALICE, BOB] = [addressOf(1), addressOf(2)].sort() as [string, string];
const [HOTKEY, OTHER] = [addressOf(3), addressOf(4)].sort() as [string, string];
const RUN = '018f0000-0000-7000-8000-000000000001';
const PRICE = '0.0853797768549170136737598244';

interface Listing {
  data: Record<string, string | number | null>[];
  next_cursor: string | null;
  wallets: { address: string; state: string; trust: string; history?: Record<string, { completeness: number }> }[];
  total: Record<string, string | number | null>;
  meta: { trust: string; as_of: string | null; datasets: Record<string, { trust: string }> };
}

interface Problem {
  code: string;
  errors: { field: string }[];
}

describe('what the wallets hold', () => {
  let service: TreasuryService;

  beforeAll(async () => {
    service = await TreasuryService.start();
  });

  beforeEach(async () => {
    await service.dataSource.query('TRUNCATE wallets, backfills, dataset_states, pools, subnets CASCADE');
    for (const dataset of ['positions', 'accounts', 'pools', 'position_history', 'account_history']) {
      await service.synced(dataset);
    }
  });

  afterAll(() => service.stop());

  const query = (sql: string, parameters: unknown[] = []): Promise<unknown> =>
    service.dataSource.query(sql, parameters);

  /** A followed wallet whose newest answer is of `block`, a minute old; never synced without one. */
  async function follow(address: string, block: number | null): Promise<void> {
    await service.request('POST', '/wallets', { body: { address } });
    if (block === null) return;
    await query(
      `UPDATE wallet_states SET state = 'synced', last_attempt_at = now(), last_success_at = now(),
         upstream_block = $2, upstream_at = now() - interval '1 minute' WHERE address = $1`,
      [address, block],
    );
  }

  async function hold(coldkey: string, hotkey: string, netuid: number, balance: string): Promise<void> {
    await query(
      `INSERT INTO positions (coldkey, hotkey, netuid, registration_block_number, block_number, upstream_at, balance,
         balance_as_tao, exited_at, run_id)
       VALUES ($1, $2, $3, $4, 100, now(), $5::numeric, 1, CASE WHEN $5::numeric = 0 THEN now() END, $6)`,
      [coldkey, hotkey, netuid, netuid === 0 ? null : 50, balance, RUN],
    );
  }

  async function pool(netuid: number, { block = 120, startup = false } = {}): Promise<void> {
    await query(
      `INSERT INTO pools (netuid, block_number, timestamp, name, price, total_tao, alpha_in_pool, alpha_staked,
         startup_mode, run_id)
       VALUES ($1, $2, now(), 'Chutes', $3, 1, 1, 1, $4, $5)`,
      [netuid, block, PRICE, startup, RUN],
    );
    await subnet(netuid, 50);
  }

  async function subnet(netuid: number, registrationBlock: number): Promise<void> {
    await query(
      `INSERT INTO subnets (netuid, block_number, timestamp, registration_block_number, emission, run_id)
       VALUES ($1, 120, now(), $2, 0, $3) ON CONFLICT (netuid) DO UPDATE SET registration_block_number = $2`,
      [netuid, registrationBlock, RUN],
    );
  }

  const positions = async (path = '/positions'): Promise<Listing> => (await service.get<Listing>(path)).body;

  it('is valued at the price of the newest pool, rounded down, with both blocks', async () => {
    await follow(ALICE, 119);
    await hold(ALICE, HOTKEY, 64, '1830294002817');
    await pool(64);
    const { data, meta } = await positions();
    expect(data).toEqual([
      expect.objectContaining({
        wallet: ALICE,
        hotkey: HOTKEY,
        netuid: 64,
        subnet_name: 'Chutes',
        balance: '1830.294002817',
        price_tao: PRICE,
        value_tao: '156.270093539',
        unpriced_reason: null,
        block_number: 100,
        confirmed_block_number: 119,
        pool_block_number: 120,
        trust: 'ok',
      }),
    ]);
    expect(meta.trust).toBe('ok');
    expect(Object.keys(meta.datasets)).toEqual(['positions', 'pools']);
  });

  it('has no value, and says why, without a pool, before trading, and on a netuid with another user', async () => {
    await follow(ALICE, 119);
    for (const netuid of [1, 2, 3]) await hold(ALICE, HOTKEY, netuid, '1000');
    await pool(2, { startup: true });
    await pool(3);
    await subnet(3, 110);
    const { data } = await positions();
    expect(data.map((row) => [row['netuid'], row['value_tao'], row['unpriced_reason']])).toEqual([
      [1, null, 'no_pool'],
      [2, null, 'startup'],
      [3, null, 'former_generation'],
    ]);
  });

  it('is worth its TAO on root', async () => {
    await follow(ALICE, 119);
    await hold(ALICE, HOTKEY, 0, '1500000000');
    expect((await positions()).data[0]).toMatchObject({ value_tao: '1.500000000', price_tao: '1' });
  });

  it('keeps hotkeys apart, leaves exits out unless asked, and goes by wallet, netuid and hotkey', async () => {
    await follow(ALICE, 119);
    await follow(BOB, 119);
    await hold(ALICE, HOTKEY, 64, '5');
    await hold(ALICE, OTHER, 64, '7');
    await hold(BOB, HOTKEY, 64, '11');
    await hold(BOB, HOTKEY, 65, '0');
    const idsOf = async (path: string): Promise<string[]> =>
      (await positions(path)).data.map(
        (row) => `${row['netuid']}/${row['wallet'] === ALICE ? 'A' : 'B'}/${row['hotkey'] === HOTKEY ? 1 : 2}`,
      );
    expect(await idsOf('/positions')).toEqual(['64/A/1', '64/A/2', '64/B/1']);
    expect(await idsOf('/positions?include_exited=true')).toEqual(['64/A/1', '64/A/2', '64/B/1', '65/B/1']);
    expect(await idsOf(`/positions?wallet=${BOB}`)).toEqual(['64/B/1']);
    expect(await idsOf(`/positions?hotkey=${OTHER}`)).toEqual(['64/A/2']);
    expect(await idsOf('/positions?netuid=65&include_exited=true')).toEqual(['65/B/1']);
    expect(await idsOf('/positions/64')).toEqual(['64/A/1', '64/A/2', '64/B/1']);
  });

  it('adds up to what would meet the pool of a subnet as one sale', async () => {
    await follow(ALICE, 119);
    await hold(ALICE, HOTKEY, 64, '15000000000');
    await hold(ALICE, OTHER, 64, '5000000000');
    await pool(64);
    expect((await positions('/positions/64')).total).toMatchObject({
      positions: 2,
      balance: '20.000000000',
      value_tao: '1.707595537',
      pool_block_number: 120,
    });
  });

  it('leaves alpha of a netuid’s former user out of the sum', async () => {
    await follow(ALICE, 119);
    await hold(ALICE, HOTKEY, 64, '15000000000');
    await pool(64);
    await subnet(64, 110);
    const { total, data } = await positions('/positions/64');
    expect(data).toHaveLength(1);
    expect(total).toMatchObject({ positions: 0, balance: '0.000000000', value_tao: '0.000000000' });
  });

  it('pages by keyset: nothing is shown twice and nothing is left out when rows come in between', async () => {
    await follow(ALICE, 119);
    for (const netuid of [1, 2, 4, 5]) await hold(ALICE, HOTKEY, netuid, '5');
    const first = await service.get<Listing>('/positions?limit=2');
    expect(first.body.data.map((row) => row['netuid'])).toEqual([1, 2]);
    expect(first.headers['link']).toContain('rel="next"');
    await hold(ALICE, HOTKEY, 3, '5');
    const second = await positions(`/positions?limit=2&cursor=${first.body.next_cursor}`);
    expect(second.data.map((row) => row['netuid'])).toEqual([3, 4]);
    const last = await positions(`/positions?limit=2&cursor=${second.next_cursor}`);
    expect([last.data.map((row) => row['netuid']), last.next_cursor]).toEqual([[5], null]);
  });

  it('is not known, rather than nothing, for a wallet that never synced', async () => {
    await follow(ALICE, null);
    const answer = await service.get<Listing>(`/positions?wallet=${ALICE}`);
    expect(answer.body.data).toEqual([]);
    expect(answer.body.wallets).toEqual([
      expect.objectContaining({ address: ALICE, state: 'pending', trust: 'unknown' }),
    ]);
    expect([answer.body.meta.trust, answer.headers['x-data-trust']]).toEqual(['unknown', 'unknown']);
    const [account] = (await positions('/accounts')).data;
    expect(account).toMatchObject({
      wallet: ALICE,
      state: 'pending',
      total_tao: null,
      free_tao: null,
      trust: 'unknown',
    });
  });

  it('is as old as the oldest wallet that it was made of', async () => {
    await follow(ALICE, 119);
    await follow(BOB, 119);
    await query("UPDATE wallet_states SET last_success_at = now() - interval '3 hours' WHERE address = $1", [BOB]);
    expect((await positions('/positions')).meta.trust).toBe('stale');
    expect((await positions(`/positions?wallet=${ALICE}`)).meta.trust).toBe('ok');
    const refused = await service.get<Problem>('/positions?min_trust=ok');
    expect([refused.status, refused.body.code]).toEqual([503, 'trust/too-low']);
  });

  it.each([
    [`/positions?wallet=${addressOf(77)}`, 404, 'wallets/not-found'],
    [`/positions?wallet=${addressOf(77).slice(0, 20)}`, 400, 'wallets/invalid-address'],
    [`/positions?wallet=${encodeAddress(addressOf(77), 0)}`, 400, 'wallets/foreign-network'],
    ['/positions?hotkey=abc', 400, 'wallets/invalid-address'],
    ['/positions?netuid=70000', 400, 'request/invalid-query'],
    ['/positions?colour=red', 400, 'request/invalid-query'],
    ['/positions/abc', 400, 'request/invalid-path'],
    ['/positions/1/history?from=2026-02-01&to=2026-01-01', 400, 'request/invalid-query'],
    ['/positions?cursor=nonsense', 400, 'request/invalid-cursor'],
    [`/accounts/${addressOf(77)}/history`, 404, 'wallets/not-found'],
    ['/positions.csv?limit=5', 400, 'request/invalid-query'],
  ])('answers %s with %i %s', async (path, status, code) => {
    const answer = await service.get<Problem>(path);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it.each(['/positions/9', '/positions/9.csv', '/positions/9/history'])(
    'answers %s with 404 once the subnets are known and it is none of them, unless something was held there',
    async (path) => {
      await follow(ALICE, 119);
      expect((await service.get(path)).status).toBe(200);
      await subnet(64, 50);
      const answer = await service.get<Problem>(path);
      expect([answer.status, answer.body.code]).toEqual([404, 'subnets/not-found']);
      await hold(ALICE, HOTKEY, 9, '0');
      expect((await service.get(path)).status).toBe(200);
    },
  );

  it('comes as CSV with the age and the trust on every row, by suffix and by Accept', async () => {
    await follow(ALICE, 119);
    await hold(ALICE, HOTKEY, 64, '1830294002817');
    await pool(64);
    await query('UPDATE pools SET name = \'=HYPERLINK("http://x","y")\'');
    const answer = await service.get('/positions.csv');
    expect(answer.headers['content-type']).toContain('text/csv');
    expect(answer.headers['content-disposition']).toContain('positions.csv');
    expect(answer.headers['x-data-trust']).toBe('ok');
    const [header = '', row = '', ...rest] = answer.text.split('\r\n');
    expect(header).toBe(
      'wallet,hotkey,netuid,subnet_name,registration_block,balance,price_tao,value_tao,unpriced_reason,' +
        'upstream_value_tao,block_number,block_at,confirmed_block_number,pool_block_number,pool_block_at,' +
        'first_seen_at,exited_at,as_of,trust',
    );
    expect(row).toContain(`${ALICE},${HOTKEY},64,"'=HYPERLINK(""http://x"",""y"")",50,1830.294002817,${PRICE}`);
    expect(row).toMatch(/,\d{4}-\d\d-\d\dT[\d:.]+Z,ok$/);
    expect(rest).toEqual(['']);
    expect((await service.get('/positions', { accept: 'text/csv' })).text).toBe(answer.text);
    expect((await service.get('/positions/64.csv')).text).toBe(answer.text);
    expect(answer.headers['vary']).toContain('Accept');
  });

  it('streams more rows than one batch, each once and in order', async () => {
    await follow(ALICE, 119);
    await query(
      `INSERT INTO positions (coldkey, hotkey, netuid, block_number, upstream_at, balance, balance_as_tao, run_id)
       SELECT $1, 'hotkey-' || n % 3, n / 3, 100, now(), 1, 1, $2 FROM generate_series(0, 2499) AS n`,
      [ALICE, RUN],
    );
    const rows = (await service.get('/positions.csv')).text.trimEnd().split('\r\n').slice(1);
    expect(new Set(rows).size).toBe(2500);
    expect(rows.map((row) => Number(row.split(',')[2]))).toEqual(
      Array.from({ length: 2500 }, (_, index) => Math.floor(index / 3)),
    );
  });

  it('answers 304 in both forms until something changes', async () => {
    await follow(ALICE, 119);
    await hold(ALICE, HOTKEY, 64, '5');
    for (const path of ['/positions', '/positions.csv', '/accounts', '/accounts.csv']) {
      const etag = (await service.get(path)).headers['etag'] ?? '';
      expect([path, (await service.get(path, { 'if-none-match': etag })).status]).toEqual([path, 304]);
      await query(
        "UPDATE wallet_states SET last_success_at = last_success_at + interval '1 second', upstream_at = upstream_at + interval '1 second'",
      );
      await query('UPDATE accounts SET balance_total = balance_total + 1');
      const later = await service.get(path, { 'if-none-match': etag });
      expect([path, later.status]).toEqual([path, 200]);
    }
  });
});

describe('what the wallets held', () => {
  let service: TreasuryService;

  beforeAll(async () => {
    service = await TreasuryService.start();
    await service.request('POST', '/wallets', { body: { address: ALICE } });
    await service.dataSource.query(
      `INSERT INTO position_history (coldkey, hotkey, netuid, day, registration_block_number, block_number, upstream_at,
         balance, balance_as_tao, origin, run_id)
       SELECT $1, $2, 64, day, 50, 10 * n, day + interval '12 hours', n * 1000000000::numeric, n, 'history', $3
         FROM generate_series(1, 10) AS n, LATERAL (SELECT '2025-12-31'::timestamp AT TIME ZONE 'UTC' + n * interval '1 day') AS d(day)`,
      [ALICE, HOTKEY, RUN],
    );
    await service.dataSource.query(
      `INSERT INTO account_history (address, day, block_number, upstream_at, balance_free, balance_staked, balance_total,
         origin, run_id)
       SELECT $1, day, 10 * n, day + interval '12 hours', n, 0, n, 'history', $2
         FROM generate_series(1, 10) AS n, LATERAL (SELECT '2025-12-31'::timestamp AT TIME ZONE 'UTC' + n * interval '1 day') AS d(day)`,
      [ALICE, RUN],
    );
    await service.dataSource.query(
      `INSERT INTO backfills (dataset, scope, window_from, window_to, done_to, state) VALUES
         ('position_history', $1 || '/' || $2 || '/64', '2026-01-01', '2026-01-20', '2026-01-10', 'running')`,
      [ALICE, HOTKEY],
    );
    await service.dataSource.query(
      `INSERT INTO subnets (netuid, block_number, timestamp, registration_block_number, emission, run_id)
       VALUES (64, 120, now(), 50, 0, $1)`,
      [RUN],
    );
  });

  afterAll(() => service.stop());

  const daysOf = async (path: string): Promise<unknown[]> =>
    (await service.get<Listing>(path)).body.data.map((row) => row['day']);

  it('is one point a day, newest first, half-open in time, and only of the netuid’s present user', async () => {
    const path = '/positions/64/history';
    expect(await daysOf(`${path}?from=2026-01-06&to=2026-01-08`)).toEqual(['2026-01-07', '2026-01-06']);
    expect(await daysOf(`${path}?order=asc&limit=1`)).toEqual(['2026-01-05']);
    expect(await daysOf(`${path}?order=asc&limit=1&generation=all`)).toEqual(['2026-01-01']);
    expect(await daysOf(`${path}?wallet=${ALICE}&hotkey=${OTHER}`)).toEqual([]);
  });

  it('says how much of the past is there already', async () => {
    const { body } = await service.get<Listing>('/positions/64/history');
    expect(body.wallets[0]?.history?.['position_history']).toMatchObject({ completeness: 0.5 });
    expect(body.data[0]).toMatchObject({ balance: '10.000000000', value_tao: '0.000000010', origin: 'history' });
  });

  it('goes on from a cursor in both orders, and refuses the cursor of another list', async () => {
    for (const order of ['asc', 'desc']) {
      const path = `/positions/64/history?order=${order}&limit=4&generation=all`;
      const first = (await service.get<Listing>(path)).body;
      const rest = (await service.get<Listing>(`${path}&cursor=${first.next_cursor}`)).body;
      const days = [...first.data, ...rest.data].map((row) => row['day']);
      expect(new Set(days).size).toBe(8);
      expect([...days].sort()).toEqual(order === 'asc' ? days : [...days].reverse());
      const other = await service.get<Problem>(`/accounts/${ALICE}/history?cursor=${first.next_cursor}`);
      expect([other.status, other.body.code]).toEqual([400, 'request/invalid-cursor']);
    }
  });

  it('is read the same way for accounts', async () => {
    const path = `/accounts/${ALICE}/history`;
    expect(await daysOf(`${path}?from=2026-01-09`)).toEqual(['2026-01-10', '2026-01-09']);
    const csv = (await service.get(`${path}.csv?order=asc&to=2026-01-03`)).text.split('\r\n');
    expect(csv[0]).toMatch(/^day,wallet,total_tao,.*,as_of,trust$/);
    expect(csv[1]).toBe(
      `2026-01-01,${ALICE},0.000000001,0.000000001,0.000000000,,,,,,,10,2026-01-01T12:00:00.000Z,history,,unknown`,
    );
    expect(csv).toHaveLength(4);
  });

  it('stays readable after the wallet is no longer followed', async () => {
    await service.request('DELETE', `/wallets/${ALICE}`);
    expect(await daysOf('/positions/64/history')).toEqual([]);
    expect(await daysOf(`/positions/64/history?wallet=${ALICE}`)).toHaveLength(6);
  });
});
