import { encodeAddress } from '@dedot/utils';
import { TreasuryService } from '../support/treasury-service';

const addressOf = (first: number): string =>
  encodeAddress(
    Uint8Array.from({ length: 32 }, (_, index) => (index === 0 ? first : 5)),
    42,
  );
const ALICE = addressOf(1);
const BOB = addressOf(2);
const STRANGER = addressOf(3);
const HOTKEY = addressOf(4);
const RUN = '018f0000-0000-7000-8000-000000000001';

type Row = Record<string, string | number | boolean | null>;

interface Listing {
  data: Row[];
  next_cursor: string | null;
  wallets: { address: string; history: Record<string, { state: string; gaps: number }> }[];
  meta: { trust: string; datasets: Record<string, { trust: string }> };
}

describe('the wallets’ events', () => {
  let service: TreasuryService;

  const query = (sql: string, parameters: unknown[] = []): Promise<unknown> =>
    service.dataSource.query(sql, parameters);

  const stake = (id: string, at: string, figures: { action?: string; netuid?: number; nominator?: string } = {}) =>
    query(
      `INSERT INTO delegation_events (id, block_number, timestamp, action, nominator, delegate, delegate_name, netuid,
         amount, alpha, fee, slippage, run_id)
       VALUES ($1, 7, $2, $3, $4, $5, '@name', $6, 1500000000, 20000000000, 3, -0.25, $7)`,
      [id, at, figures.action ?? 'DELEGATE', figures.nominator ?? ALICE, HOTKEY, figures.netuid ?? 64, RUN],
    );

  const transfer = (id: string, at: string, from: string, to: string) =>
    query(
      `INSERT INTO transfers (id, block_number, timestamp, from_address, to_address, amount, fee, run_id)
       VALUES ($1, 7, $2, $3, $4, 2000000000, 5, $5)`,
      [id, at, from, to, RUN],
    );

  beforeAll(async () => {
    service = await TreasuryService.start();
    for (const address of [ALICE, BOB]) await service.request('POST', '/wallets', { body: { address } });
    await service.synced('delegation_events');
    await service.synced('transfers');
    await query(
      `INSERT INTO event_cursors (dataset, wallet, complete_from, complete_to, wanted_to, state)
       SELECT dataset, wallet, '2025-02-13', now(), now(), 'current'
         FROM unnest(ARRAY['delegation_events', 'transfers']) AS dataset CROSS JOIN unnest($1::text[]) AS wallet`,
      [[ALICE, BOB]],
    );
    await stake('b-1', '2026-01-01T00:00:00Z');
    await transfer('b-1', '2026-01-01T00:00:00Z', STRANGER, ALICE);
    await stake('B-2', '2026-01-01T00:00:00Z', { action: 'UNDELEGATE' });
    await transfer('t-3', '2026-01-02T00:00:00Z', ALICE, BOB);
    await stake('d-4', '2026-01-03T00:00:00Z', { netuid: 1, nominator: BOB });
    await transfer('t-5', '2026-01-04T00:00:00Z', BOB, STRANGER);
    await stake('x-1', '2026-01-04T00:00:00Z', { nominator: STRANGER });
  });

  afterAll(() => service.stop());

  const list = async (path = '/events'): Promise<Listing> => (await service.get<Listing>(path)).body;
  const idsOf = async (path: string): Promise<string[]> =>
    (await list(path)).data.map((row) => `${row['kind']} ${row['id']}`);

  it('are one list of stakes, unstakes and transfers, newest first, and only of wallets that are followed', async () => {
    expect(await idsOf('/events')).toEqual([
      'transfer t-5',
      'stake d-4',
      'transfer t-3',
      'transfer b-1',
      'stake b-1',
      'unstake B-2',
    ]);
  });

  it.each([
    [`?wallet=${ALICE}`, ['transfer t-3', 'transfer b-1', 'stake b-1', 'unstake B-2']],
    ['?kind=unstake,stake', ['stake d-4', 'stake b-1', 'unstake B-2']],
    ['?kind=transfer&order=asc', ['transfer b-1', 'transfer t-3', 'transfer t-5']],
    ['?netuid=1', ['stake d-4']],
    ['?netuid=1&kind=transfer', []],
    ['?from=2026-01-02&to=2026-01-04', ['stake d-4', 'transfer t-3']],
  ])('are narrowed by %s', async (question, ids) => {
    expect(await idsOf(`/events${question}`)).toEqual(ids);
  });

  it.each(['asc', 'desc'])(
    'page %s one by one without repeating or leaving out ids that both sources use',
    async (order) => {
      const whole = await idsOf(`/events?order=${order}`);
      const walked: string[] = [];
      let cursor = '';
      for (let i = 0; i < 10; i += 1) {
        const page = await list(`/events?order=${order}&limit=1${cursor}`);
        walked.push(...page.data.map((row) => `${row['kind']} ${row['id']}`));
        if (page.next_cursor === null) break;
        cursor = `&cursor=${page.next_cursor}`;
      }
      expect(walked).toEqual(whole);
      expect(whole).toHaveLength(6);
    },
  );

  it('say which way TAO went, and that it stayed when both sides are ours', async () => {
    const { data } = await list('/events?kind=transfer');
    expect(data.map((row) => [row['id'], row['wallet'], row['direction'], row['counterparty']])).toEqual([
      ['t-5', BOB, 'out', STRANGER],
      ['t-3', ALICE, 'internal', BOB],
      ['b-1', ALICE, 'in', STRANGER],
    ]);
    const [ofBob] = (await list(`/events?wallet=${BOB}&kind=transfer&to=2026-01-03`)).data;
    expect(ofBob).toMatchObject({ wallet: BOB, direction: 'internal', counterparty: ALICE });
  });

  it('carry amounts in tokens, with the fee in the token that it was paid in', async () => {
    const { data } = await list(`/events?wallet=${ALICE}&kind=stake,unstake`);
    expect(data).toEqual([
      expect.objectContaining({
        kind: 'stake',
        amount_tao: '1.500000000',
        alpha: '20.000000000',
        fee_tao: '0.000000003',
        fee_alpha: null,
        slippage_percent: '-0.25',
      }),
      expect.objectContaining({ kind: 'unstake', fee_tao: null, fee_alpha: '0.000000003' }),
    ]);
  });

  it('cannot be trusted as long as the events of one wallet were never read', async () => {
    expect((await list()).meta.trust).toBe('ok');
    await service.request('POST', '/wallets', { body: { address: STRANGER } });
    const { meta, wallets } = await list();
    expect(meta.trust).toBe('unknown');
    expect(wallets.find(({ address }) => address === STRANGER)?.history['transfers']).toMatchObject({
      state: 'pending',
    });
    expect((await list(`/events?wallet=${ALICE}`)).meta.trust).toBe('ok');
    await service.request('DELETE', `/wallets/${STRANGER}`);
  });

  it('come as CSV with names disarmed and negative numbers as they are', async () => {
    const [header = '', row = ''] = (await service.get(`/events.csv?netuid=1`)).text.split('\r\n');
    expect(header.startsWith('kind,id,at,')).toBe(true);
    expect(row).toContain("'@name");
    expect(row).toContain(',-0.25,');
    expect(row).toMatch(/,ok$/);
  });

  it.each([
    ['?kind=gift', 'kind'],
    ['?from=2026-01-02&to=2026-01-01', 'from'],
    ['?wallet=abc', 'wallet'],
    ['?order=sideways', 'order'],
  ])('refuse %s and name the parameter', async (question, field) => {
    const { status, body } = await service.get<{ errors: { field: string }[] }>(`/events${question}`);
    expect([status, body.errors.map((entry) => entry.field)]).toEqual([400, [field]]);
  });
});

describe('validators', () => {
  let service: TreasuryService;
  const [ONE, TWO, THREE] = [addressOf(11), addressOf(12), addressOf(13)] as [string, string, string];

  beforeAll(async () => {
    service = await TreasuryService.start();
    for (const dataset of ['validators', 'validator_yields', 'validator_identity']) await service.synced(dataset);
    await service.dataSource.query(
      `INSERT INTO validators (hotkey, coldkey, name, block_number, timestamp, global_weighted_stake, take, run_id) VALUES
         ($1, $4, 'One', 7, now(), 5000000000.5, 0.18, $5), ($2, NULL, 'Two', 7, now(), 9000000000, 0, $5),
         ($3, NULL, 'Three', 7, now(), NULL, NULL, $5)`,
      [ONE, TWO, THREE, ALICE, RUN],
    );
    await service.dataSource.query(
      `INSERT INTO validator_yields (hotkey, netuid, block_number, timestamp, stake, one_day_apy,
         one_day_epoch_participation, run_id) VALUES
         ($1, 64, 9, now(), 2000000000, 0.371, 1, $3), ($2, 64, 9, now(), 1000000000, -0.1, 0.5, $3),
         ($1, 0, 9, now(), 3000000000, 0.06, NULL, $3)`,
      [ONE, TWO, RUN],
    );
    await service.dataSource.query(
      "INSERT INTO validator_identities (address, name, url, run_id) VALUES ($1, 'One itself', 'https://one.example', $2)",
      [ALICE, RUN],
    );
  });

  afterAll(() => service.stop());

  const list = async (path: string): Promise<Listing> => (await service.get<Listing>(path)).body;

  it('come largest stake first, those without a known stake last', async () => {
    const { data } = await list('/validators');
    expect(data.map((row) => row['hotkey'])).toEqual([TWO, ONE, THREE]);
    expect(data[1]).toMatchObject({
      name: 'One itself',
      url: 'https://one.example',
      take: '0.18',
      netuid: null,
      stake: null,
    });
    expect(data[1]).toMatchObject({ weighted_stake_tao: '5.0000000005' });
  });

  it('of a subnet come with what they yield there; root has no participation', async () => {
    const { data } = await list('/validators?netuid=64');
    expect(data.map((row) => [row['hotkey'], row['stake'], row['apy_1_day'], row['participation_1_day']])).toEqual([
      [ONE, '2.000000000', '0.371', '1'],
      [TWO, '1.000000000', '-0.1', '0.5'],
    ]);
    expect((await list('/validators?netuid=0')).data[0]).toMatchObject({ participation_1_day: null });
    expect((await list('/validators?netuid=5')).data).toEqual([]);
  });

  it.each(['', '&netuid=64'])('page one by one (%s)', async (question) => {
    const whole = (await list(`/validators?limit=200${question}`)).data.map((row) => row['hotkey']);
    const walked: unknown[] = [];
    let cursor = '';
    for (let i = 0; i < 5; i += 1) {
      const page = await list(`/validators?limit=1${question}${cursor}`);
      walked.push(...page.data.map((row) => row['hotkey']));
      if (page.next_cursor === null) break;
      cursor = `&cursor=${page.next_cursor}`;
    }
    expect(walked).toEqual(whole);
  });

  it('are narrowed to one hotkey', async () => {
    expect((await list(`/validators?hotkey=${ONE}`)).data).toHaveLength(1);
    expect((await list(`/validators?hotkey=${ONE}&netuid=64`)).data).toHaveLength(1);
  });
});

describe('the price of TAO by day', () => {
  let service: TreasuryService;

  beforeAll(async () => {
    service = await TreasuryService.start();
    await service.dataSource.query(
      `INSERT INTO price_history (day, open, high, low, close, is_finished, run_id)
       SELECT '2026-01-01'::date + n, 279.843716593217 + n, 300, 250, 280, n < 4, $1 FROM generate_series(0, 4) AS n`,
      [RUN],
    );
  });

  afterAll(() => service.stop());

  it('is unknown before its first sync', async () => {
    const answer = await service.get<Listing>('/prices/tao/history');
    expect([answer.status, answer.body.meta.trust]).toEqual([200, 'unknown']);
  });

  it('has every digit, the running day marked, newest first and half-open in time', async () => {
    await service.synced('price_history');
    const { data, meta } = (await service.get<Listing>('/prices/tao/history?from=2026-01-04&limit=5')).body;
    expect(data).toEqual([
      expect.objectContaining({ day: '2026-01-05', open_usd: '283.843716593217', is_finished: false }),
      expect.objectContaining({ day: '2026-01-04', open_usd: '282.843716593217', is_finished: true }),
    ]);
    expect(meta.trust).toBe('ok');
    const first = (await service.get<Listing>('/prices/tao/history?order=asc&limit=3')).body;
    const rest = (await service.get<Listing>(`/prices/tao/history?order=asc&limit=3&cursor=${first.next_cursor}`)).body;
    expect(rest.data.map((row) => row['day'])).toEqual(['2026-01-04', '2026-01-05']);
  });

  it('comes as CSV', async () => {
    const lines = (await service.get('/prices/tao/history.csv?order=asc&to=2026-01-02')).text.split('\r\n');
    expect(lines[0]).toBe('day,open_usd,high_usd,low_usd,close_usd,volume_24_hours_usd,is_finished,as_of,trust');
    expect(lines[1]).toMatch(/^2026-01-01,279\.843716593217,300,250,280,,true,\d{4}-.*Z,ok$/);
  });
});
