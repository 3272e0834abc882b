import { encodeAddress } from '@dedot/utils';
import { DEMO_WALLETS } from '../simulator/demo-wallets';
import { TreasuryWorld } from '../support/treasury-world';

const [FIRST = '', SECOND = '', THIRD = ''] = DEMO_WALLETS;
/** A valid address that nobody ever used. */
const UNUSED = encodeAddress(
  Uint8Array.from({ length: 32 }, (_, index) => 200 - index),
  42,
);

interface Position {
  wallet: string;
  hotkey: string;
  netuid: number;
  balance: string;
  value_tao: string | null;
  unpriced_reason: string | null;
  pool_block_number: number | null;
}

interface Account {
  wallet: string;
  state: string;
  trust: string;
  total_tao: string | null;
  free_tao: string | null;
  staked_tao: string | null;
  reserved_tao: string | null;
  liquidity_tao: string | null;
}

interface Listing<Row> {
  data: Row[];
  next_cursor: string | null;
  meta: { trust: string; as_of: string | null; simulated: boolean };
}

interface OpenApi {
  paths: Record<string, Record<string, { operationId: string }>>;
}

const rao = (tokens: string | null | undefined): bigint => BigInt((tokens ?? '0').replace('.', ''));

describe('the treasury', () => {
  let world: TreasuryWorld;

  beforeAll(async () => {
    world = await TreasuryWorld.start({ WALLET_ADDRESSES: `${FIRST},${SECOND}` });
    await world.service.until<Listing<Position>>('/api/v1/positions?limit=200', ({ meta }) => meta.trust === 'ok');
  });

  afterAll(() => world.stop());

  const get = <Body>(path: string): Promise<Body> => world.service.json<Body>(`/api/v1${path}`);
  const follow = (address: string): Promise<Response> =>
    fetch(`${world.service.url}/api/v1/wallets`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ address, label: 'Later' }),
    });

  it('shows a new wallet’s positions after one sync: 40 in all, two of them through two hotkeys on one subnet', async () => {
    expect((await follow(THIRD)).status).toBe(201);
    const { data, meta } = await world.service.until<Listing<Position>>(
      '/api/v1/positions?limit=200',
      (listing) => listing.meta.trust === 'ok' && new Set(listing.data.map(({ wallet }) => wallet)).size === 3,
    );
    expect(data).toHaveLength(40);
    expect(meta.simulated).toBe(true);
    const places = data.map(({ wallet, netuid }) => `${wallet}/${netuid}`);
    expect(new Set(places).size).toBe(39);
    const priced = data.filter(({ unpriced_reason }) => unpriced_reason === null);
    expect(priced.length).toBeGreaterThan(30);
    for (const { balance, value_tao } of priced) expect(rao(value_tao) > 0n).toBe(rao(balance) > 0n);
  });

  it('has accounts whose parts add up to the rao', async () => {
    const { data } = await get<Listing<Account>>('/accounts');
    expect(data.length).toBeGreaterThanOrEqual(2);
    for (const account of data) {
      const { total_tao, free_tao, staked_tao, reserved_tao, liquidity_tao } = account;
      expect(rao(free_tao) + rao(staked_tao) + rao(reserved_tao) + rao(liquidity_tao)).toBe(rao(total_tao));
    }
  });

  it('says of a wallet that TaoStats does not know that it is not indexed yet, never that it has nothing', async () => {
    expect((await follow(UNUSED)).status).toBe(201);
    const { data } = await world.service.until<Listing<Account>>(
      `/api/v1/accounts?wallet=${UNUSED}`,
      (listing) => listing.data[0]?.state === 'not_indexed',
    );
    expect(data[0]).toMatchObject({ total_tao: null, free_tao: null, trust: 'unknown' });
    await fetch(`${world.service.url}/api/v1/wallets/${UNUSED}`, { method: 'DELETE' });
  });

  it('gives the same rows as CSV as it does as JSON', async () => {
    const { data } = await get<Listing<Position>>('/positions?limit=200');
    const answer = await fetch(`${world.service.url}/api/v1/positions`, { headers: { accept: 'text/csv' } });
    const [header = '', ...rows] = (await answer.text()).trimEnd().split('\r\n');
    expect(answer.headers.get('x-data-simulated')).toBe('true');
    expect(header.split(',').slice(-2)).toEqual(['as_of', 'trust']);
    expect(rows.map((row) => row.split(',').slice(0, 3))).toEqual(
      data.map(({ wallet, hotkey, netuid }) => [wallet, hotkey, String(netuid)]),
    );
  });

  it('lists events and streams what happens on one path, by what the caller accepts', async () => {
    const list = await fetch(`${world.service.url}/api/v1/events`, { headers: { accept: 'application/json' } });
    expect([list.status, list.headers.get('content-type')]).toEqual([200, expect.stringContaining('application/json')]);
    const anything = await fetch(`${world.service.url}/api/v1/events`);
    expect(anything.headers.get('content-type')).toContain('application/json');
    const leave = new AbortController();
    const stream = await fetch(`${world.service.url}/api/v1/events`, {
      headers: { accept: 'text/event-stream' },
      signal: leave.signal,
    });
    expect([stream.status, stream.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('text/event-stream'),
    ]);
    leave.abort();
  });

  it.each([
    '/validators',
    '/validators?netuid=64',
    `/events?kind=stake&wallet=${FIRST}`,
    `/events?kind=transfer&wallet=${FIRST}`,
    '/prices/tao/history',
    '/positions/64/history',
    `/accounts/${FIRST}/history`,
  ])('comes to have rows and trust in %s', async (path) => {
    const { data, meta } = await world.service.until<Listing<object>>(
      `/api/v1${path}`,
      (listing) => listing.meta.trust === 'ok' && listing.data.length > 0,
    );
    expect([data.length > 0, meta.trust]).toEqual([true, 'ok']);
  });

  it('describes every one of its routes, each under a name of its own', async () => {
    const { paths } = await world.service.json<OpenApi>('/openapi.json');
    const names = Object.values(paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        '/api/v1/wallets',
        '/api/v1/wallets/{address}',
        '/api/v1/positions',
        '/api/v1/positions.csv',
        '/api/v1/positions/{netuid}',
        '/api/v1/positions/{netuid}/history',
        '/api/v1/accounts',
        '/api/v1/accounts/{address}/history',
        '/api/v1/validators',
        '/api/v1/events',
        '/api/v1/prices/tao/history',
      ]),
    );
  });
});
