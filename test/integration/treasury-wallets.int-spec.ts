import { encodeAddress } from '@dedot/utils';
import { TreasuryService } from '../support/treasury-service';

const keyOf = (first: number): Uint8Array => Uint8Array.from({ length: 32 }, (_, index) => (index === 0 ? first : 7));
const ALICE = encodeAddress(keyOf(1), 42);
const BOB = encodeAddress(keyOf(2), 42);

interface Problem {
  code: string;
  errors: { field: string; message: string }[];
}

interface WalletBody {
  data: {
    address: string;
    label: string | null;
    active: boolean;
    origin: string;
    deleted_at: string | null;
    datasets: Record<string, { state: string; description: string; trust: string; as_of: string | null }>;
    history: Record<string, { state: string; completeness: number | null; gaps: number }>;
  };
  meta: { trust: string; as_of: string | null };
}

describe('the wallets', () => {
  let service: TreasuryService;

  beforeAll(async () => {
    service = await TreasuryService.start();
  });

  beforeEach(async () => {
    await service.dataSource.query('TRUNCATE wallets, backfills, event_cursors, event_gaps, dataset_states CASCADE');
  });

  afterAll(() => service.stop());

  const follow = (address: string, label?: string) =>
    service.request<WalletBody>('POST', '/wallets', { body: { address, label } });

  it('are followed by request, and wait for their first sync without any balance', async () => {
    const added = await follow(ALICE, 'Main');
    expect([added.status, added.headers['location']]).toEqual([201, `/api/v1/wallets/${ALICE}`]);
    expect(added.body.data).toMatchObject({ address: ALICE, label: 'Main', active: true, origin: 'request' });
    expect(added.body.data.datasets['positions']).toMatchObject({ state: 'pending', trust: 'unknown', as_of: null });
    expect(added.body.meta).toMatchObject({ trust: 'unknown', as_of: null });
    expect(added.body.data.history['account_history']).toMatchObject({ state: 'pending', completeness: null });
  });

  it('are due at once when they are new, and their past soon after', async () => {
    for (const dataset of ['positions', 'transfers', 'pools']) await service.synced(dataset);
    await service.dataSource.query("UPDATE dataset_states SET next_due_at = now() + interval '1 hour'");
    await follow(ALICE);
    const due = await service.dataSource.query<{ dataset: string; at: string }[]>(
      `SELECT dataset, CASE WHEN next_due_at <= clock_timestamp() THEN 'now'
                            WHEN next_due_at <= clock_timestamp() + interval '1 minute' THEN 'soon' ELSE 'as before' END AS at
         FROM dataset_states ORDER BY dataset`,
    );
    expect(due).toEqual([
      { dataset: 'pools', at: 'as before' },
      { dataset: 'positions', at: 'now' },
      { dataset: 'transfers', at: 'soon' },
    ]);
  });

  it('answer the same request twice with what there is, and refuse to rename by accident', async () => {
    await follow(ALICE, 'Main');
    expect((await follow(ALICE, 'Main')).status).toBe(200);
    expect((await follow(ALICE)).status).toBe(200);
    const other = await service.request<Problem>('POST', '/wallets', { body: { address: ALICE, label: 'Other' } });
    expect([other.status, other.body.code]).toEqual([409, 'wallets/already-followed']);
    expect((await service.get<WalletBody>(`/wallets/${ALICE}`)).body.data.label).toBe('Main');
  });

  it.each([
    ['mistyped', ALICE.replace(/.$/, ALICE.endsWith('a') ? 'b' : 'a'), 'wallets/bad-checksum'],
    ['of another network', encodeAddress(keyOf(1), 0), 'wallets/foreign-network'],
    ['hex', `0x${'ab'.repeat(32)}`, 'wallets/invalid-address'],
  ])('refuse an address that is %s with its own reason', async (_, address, code) => {
    const refused = await service.request<Problem>('POST', '/wallets', { body: { address } });
    expect([refused.status, refused.body.code]).toEqual([400, code]);
    expect(refused.body.errors).toEqual([expect.objectContaining({ field: 'address' })]);
    expect((await service.get<Problem>(`/wallets/${address}`)).status).toBe(400);
  });

  it.each([
    ['POST', '/wallets', undefined, 'address'],
    ['POST', '/wallets', { address: 5 }, 'address'],
    ['POST', '/wallets', { address: ALICE, label: '' }, 'label'],
    ['POST', '/wallets', { address: ALICE, label: 'x'.repeat(101) }, 'label'],
    ['POST', '/wallets', { address: ALICE, colour: 'red' }, 'colour'],
    ['PATCH', `/wallets/${ALICE}`, {}, 'label'],
    ['PATCH', `/wallets/${ALICE}`, { active: 'maybe' }, 'active'],
    ['GET', '/wallets?include_deleted=perhaps', undefined, 'include_deleted'],
  ] as const)('refuse %s %s with %j and name the field', async (method, path, body, field) => {
    const refused = await service.request<Problem>(method, path, body === undefined ? {} : { body });
    expect(refused.status).toBe(400);
    expect(refused.body.errors.map((entry) => entry.field)).toContain(field);
  });

  it('are renamed, paused and resumed', async () => {
    await follow(ALICE, 'Main');
    const path = `/wallets/${ALICE}`;
    const paused = await service.request<WalletBody>('PATCH', path, { body: { active: false } });
    expect(paused.body.data).toMatchObject({ label: 'Main', active: false });
    const renamed = await service.request<WalletBody>('PATCH', path, { body: { label: null, active: true } });
    expect(renamed.body.data).toMatchObject({ label: null, active: true });
  });

  it('are unknown until they are followed', async () => {
    for (const [method, body] of [['GET'], ['PATCH', { label: 'x' }], ['DELETE']] as const) {
      const answer = await service.request<Problem>(method, `/wallets/${BOB}`, body === undefined ? {} : { body });
      expect([method, answer.status, answer.body.code]).toEqual([method, 404, 'wallets/not-found']);
    }
  });

  it('leave the list when they are deleted, stay readable, and come back with their history', async () => {
    await follow(ALICE, 'Main');
    await follow(BOB);
    await service.dataSource.query(
      `INSERT INTO backfills (dataset, scope, window_from, window_to, done_to, state, calls)
       VALUES ('account_history', $1, '2026-01-01', '2026-01-10', '2026-01-05', 'running', 3)`,
      [ALICE],
    );
    expect((await service.request('DELETE', `/wallets/${ALICE}`)).status).toBe(204);
    const addressesOf = async (path: string): Promise<string[]> =>
      (await service.get<{ data: { address: string }[] }>(path)).body.data.map(({ address }) => address);
    expect(await addressesOf('/wallets')).toEqual([BOB]);
    expect(await addressesOf('/wallets?include_deleted=true')).toEqual([ALICE, BOB]);
    expect((await service.get<WalletBody>(`/wallets/${ALICE}`)).body.data.deleted_at).not.toBeNull();
    expect((await service.request('DELETE', `/wallets/${ALICE}`)).status).toBe(404);

    const revived = await follow(ALICE);
    expect(revived.status).toBe(201);
    expect(revived.body.data).toMatchObject({ label: 'Main', active: true, deleted_at: null });
    expect(revived.body.data.history['account_history']).toMatchObject({ state: 'running', completeness: 0.5 });
  });

  it('that TaoStats does not know are not indexed yet, which is no age and no trust', async () => {
    await service.synced('positions');
    await service.synced('accounts');
    await follow(ALICE);
    await service.dataSource.query("UPDATE wallet_states SET state = 'not_indexed', last_attempt_at = now()");
    const { datasets } = (await service.get<WalletBody>(`/wallets/${ALICE}`)).body.data;
    expect(datasets['accounts']).toMatchObject({ state: 'not_indexed', trust: 'unknown', as_of: null });
    expect(datasets['accounts']?.description).toContain('not indexed yet');
  });

  it('add up how much of their past has been read, with its gaps', async () => {
    await follow(ALICE);
    await service.dataSource.query(
      `INSERT INTO backfills (dataset, scope, window_from, window_to, done_to, state) VALUES
         ('position_history', $1 || '/h1/1', '2026-01-01', '2026-01-10', '2026-01-10', 'complete'),
         ('position_history', $1 || '/h1/2', '2026-01-01', '2026-01-10', NULL, 'pending')`,
      [ALICE],
    );
    await service.dataSource.query(
      `INSERT INTO event_cursors (dataset, wallet, complete_from, complete_to, wanted_to, state)
       VALUES ('transfers', $1, '2026-01-01', '2026-01-31', '2026-01-31', 'current')`,
      [ALICE],
    );
    await service.dataSource.query(
      `INSERT INTO event_gaps (dataset, wallet, gap_from, gap_to, reason_code, reason)
       VALUES ('transfers', $1, '2026-01-02', '2026-01-03', 'taostats/drifted', 'pages moved')`,
      [ALICE],
    );
    const { history } = (await service.get<WalletBody>(`/wallets/${ALICE}`)).body.data;
    expect(history['position_history']).toMatchObject({ state: 'running', completeness: 0.5 });
    expect(history['transfers']).toMatchObject({ state: 'complete', completeness: 1, gaps: 1 });
    expect(history['delegation_events']).toMatchObject({ state: 'pending', completeness: null });
  });

  it('answer 304 until something about them changes', async () => {
    await follow(ALICE);
    const { headers } = await service.get('/wallets');
    const etag = headers['etag'] ?? '';
    expect((await service.get('/wallets', { 'if-none-match': etag })).status).toBe(304);
    await service.request('PATCH', `/wallets/${ALICE}`, { body: { label: 'New' } });
    expect((await service.get('/wallets', { 'if-none-match': etag })).status).toBe(200);
  });
});
