import { EarningsEventRepository, PositionMarkRepository } from '../../src/database';
import { ALICE, addressOf, BOB, blockOf, day, EarningsWorld, HOTKEY, rao, STRANGER } from '../support/earnings-world';

jest.setTimeout(60_000);

interface Basis {
  wallet: string;
  netuid: number;
  registration_block: number | null;
  state: string;
  reason: string | null;
  [column: string]: string | number | boolean | null;
}

interface Answer<Row> {
  data: Row[];
  next_cursor: string | null;
  closed_at: string;
  complete: boolean;
  missing: { input: string; reason: string }[];
  total: Record<string, string | boolean | null>;
  meta: { trust: string };
}

const OTHER_HOTKEY = addressOf(4);

describe('what positions cost', () => {
  let world: EarningsWorld;

  beforeAll(async () => {
    world = await EarningsWorld.start();
  });

  beforeEach(() => world.clear());

  afterAll(() => world?.stop());

  const get = async <Row = Basis>(path = ''): Promise<Answer<Row>> =>
    (await world.service.get<Answer<Row>>(`/cost-basis${path}`)).body;

  /** Buys 100 alpha for 1 TAO and 100 for 2, earns 10, sells 150 for 3; the price is 0.02 in the end. */
  async function worked(): Promise<void> {
    await world.follow(ALICE, 5);
    await world.event(1, { action: 'DELEGATE', netuid: 1, tao: 1, alpha: 100 });
    await world.event(2, { action: 'DELEGATE', netuid: 1, tao: 2, alpha: 100 });
    await world.event(4, { action: 'UNDELEGATE', netuid: 1, tao: 3, alpha: 150 });
    await world.state(ALICE, 5, 10, { 1: { alpha: 60, value: 1.2 } });
  }

  it('is that of the oldest lots, with realised, unrealised and yield that add up to the rao', async () => {
    await worked();
    const { data, complete, total, closed_at, meta } = await get();
    expect(data).toEqual([
      expect.objectContaining({
        wallet: ALICE,
        netuid: 1,
        registration_block: 50,
        state: 'known',
        basis_complete: true,
        alpha: '60.000000000',
        value_tao: '1.200000000',
        cost_tao: '1.000000000',
        realised_tao: '1.000000000',
        unrealised_tao: '0.000000000',
        yield_tao: '0.200000000',
        in_tao: '3.000000000',
        out_tao: '3.000000000',
        emission_alpha: '10.000000000',
        unmatched_alpha: '0.000000000',
        lots: 2,
        events: 3,
        closure_rao: '0',
      }),
    ]);
    expect([complete, meta.trust, closed_at]).toEqual([true, 'ok', day(5).toISOString()]);
    expect(total).toMatchObject({ realised_tao: '1.000000000', yield_tao: '0.200000000', basis_complete: true });
  });

  it('of averages is what TaoStats would say', async () => {
    await worked();
    const { data } = await get('?method=average');
    expect(data[0]).toMatchObject({ realised_tao: '0.750000000', unrealised_tao: '0.450000000', closure_rao: '0' });
  });

  it('takes emission as income at its value on the day that shows it, when asked to', async () => {
    await worked();
    await world.query(
      `INSERT INTO position_history (coldkey, hotkey, netuid, day, registration_block_number, block_number, upstream_at,
         balance, balance_as_tao, origin, run_id) VALUES ($1, $2, 1, '2026-10-04', 50, $3, $4, 210e9, 3.15e9, 'history', $5)`,
      [ALICE, HOTKEY, blockOf(3), day(3), world.newId()],
    );
    const { data } = await get('?emission=income');
    expect(data[0]).toMatchObject({ yield_tao: '0.150000000', realised_tao: '1.000000000', closure_rao: '0' });
  });

  it('lists the open lots, the next to be sold first', async () => {
    await worked();
    const { data } = await get<Record<string, unknown>>('/lots');
    expect(data).toEqual([
      expect.objectContaining({
        position: 0,
        kind: 'buy',
        acquired_block: blockOf(2),
        acquired_at: day(2).toISOString(),
        alpha: '50.000000000',
        cost_tao: '1.000000000',
        value_tao: '1.000000000',
      }),
      expect.objectContaining({ position: 1, kind: 'emission', acquired_at: null, alpha: '10.000000000' }),
    ]);
  });

  it('goes along with stake that moves to another hotkey or another own wallet', async () => {
    await world.follow(ALICE, 5);
    await world.follow(BOB, 5);
    await world.event(1, { action: 'DELEGATE', netuid: 1, tao: 10, alpha: 1_000 });
    const moved = { netuid: 1, tao: 6, alpha: 500, extrinsic: 'move-1' };
    await world.event(2, { action: 'UNDELEGATE', ...moved });
    await world.event(2, { action: 'DELEGATE', ...moved, hotkey: OTHER_HOTKEY });
    await world.event(3, { action: 'UNDELEGATE', netuid: 1, tao: 5, alpha: 400, transferTo: BOB });
    await world.event(3, { wallet: BOB, action: 'DELEGATE', netuid: 1, tao: 5, alpha: 400, transferTo: ALICE });
    await world.event(4, { wallet: BOB, action: 'UNDELEGATE', netuid: 1, tao: 7, alpha: 400 });
    await world.state(ALICE, 5, 0, { 1: { alpha: 600, value: 12 } });
    await world.state(BOB, 5, 7, {});
    const { data, total } = await get();
    expect(data).toEqual([
      expect.objectContaining({
        wallet: ALICE,
        realised_tao: '0.000000000',
        cost_tao: '6.000000000',
        carried_out_tao: '4.000000000',
        basis_complete: true,
        closure_rao: '0',
      }),
      expect.objectContaining({
        wallet: BOB,
        realised_tao: '3.000000000',
        carried_in_tao: '4.000000000',
        basis_complete: true,
        closure_rao: '0',
      }),
    ]);
    expect(total).toMatchObject({ realised_tao: '3.000000000', unrealised_tao: '6.000000000' });
    // One wallet alone is told the same: its lots have come from the other.
    expect((await get(`?wallet=${BOB}`)).data).toEqual([data[1]]);
  });

  it('of a subnet that ended is realised at the payout', async () => {
    await world.follow(ALICE, 5);
    await world.event(1, { action: 'DELEGATE', netuid: 2, tao: 8, alpha: 1_000 });
    await world.state(ALICE, 2, 20, { 2: { alpha: 1_000, value: 10 } });
    await world.event(3, { action: 'UNDELEGATE', netuid: 2, tao: 0, alpha: 1_000 });
    expect((await get()).data[0]).toMatchObject({ state: 'unknown', realised_tao: null });
    await world.state(ALICE, 5, 25, {});
    expect((await get()).data[0]).toMatchObject({
      state: 'known',
      registration_block: 60,
      realised_tao: '-3.000000000',
      out_tao: '5.000000000',
      lots: 0,
    });
  });

  it('is incomplete where alpha came from before the history, and says so instead of inventing a cost', async () => {
    await world.follow(ALICE, 5, '2026-09-15');
    await world.event(4, { action: 'UNDELEGATE', netuid: 1, tao: 3, alpha: 150 });
    await world.state(ALICE, 5, 10, { 1: { alpha: 60, value: 1.2 } });
    const { data } = await get();
    expect(data[0]).toMatchObject({
      basis_complete: false,
      unmatched_alpha: '150.000000000',
      yield_tao: '0.000000000',
    });
  });

  it('is unknown on the subnet of an event that cannot be read; the others stand, and there is no total', async () => {
    await worked();
    const id = await world.event(3, { action: 'DELEGATE', netuid: 2, tao: 1, alpha: null });
    const { data, complete, missing, total } = await get();
    expect(data.map((row) => [row.netuid, row.state])).toEqual([
      [1, 'known'],
      [2, 'unknown'],
    ]);
    expect([complete, total['realised_tao']]).toEqual([false, null]);
    expect(missing).toEqual([
      { input: `subnet 2 of ${ALICE}`, reason: `event ${id} could not be read: it names no alpha` },
    ]);
  });

  it('is unknown for the whole wallet over a gap, said once, and does not mind missing transfers of TAO', async () => {
    await worked();
    await world.gap('transfers', 1.5, 1.6);
    expect((await get()).complete).toBe(true);
    await world.gap('delegation_events', 1.5, 1.6);
    const { data, missing } = await get();
    expect(data.map((row) => row.state)).toEqual(['unknown']);
    expect(missing.map(({ input }) => input)).toEqual([`wallet ${ALICE}`]);
  });

  it('of a wallet that was never synced is unknown, and not nothing', async () => {
    await world.query(`INSERT INTO wallets (address, origin) VALUES ($1, 'request')`, [ALICE]);
    const { data, complete, missing, total, meta } = await get();
    expect([data, complete, total['value_tao'], meta.trust]).toEqual([[], false, null, 'unknown']);
    expect(missing).toEqual([{ input: `wallet ${ALICE}`, reason: 'its events were never read' }]);
  });

  it('comes in pages, and as CSV', async () => {
    await worked();
    await world.event(1, { action: 'DELEGATE', netuid: 2, tao: 1, alpha: 100 });
    await world.query('DELETE FROM nav_snapshots');
    await world.state(ALICE, 5, 10, { 1: { alpha: 60, value: 1.2 }, 2: { alpha: 100, value: 1 } });
    const first = await get('?limit=1');
    const second = await get(`?limit=1&cursor=${first.next_cursor}`);
    expect([...first.data, ...second.data].map((row) => row.netuid)).toEqual([1, 2]);
    expect(second.next_cursor).toBeNull();
    const one = await get('?netuid=2');
    expect(one.data.map((row) => row.netuid)).toEqual([2]);
    const csv = (await world.service.get('/cost-basis.csv')).text.split('\r\n');
    expect(csv[0]).toMatch(/^wallet,netuid,registration_block,state,reason,basis_complete,.*,as_of,trust$/);
    expect(csv).toHaveLength(4);
    const lots = (await world.service.get('/cost-basis/lots.csv')).text;
    expect(lots).toContain('acquired_at');
  });

  it('is new, as CSV too, as soon as a day of the past was filled in that emission came on', async () => {
    await worked();
    const path = '/cost-basis.csv?emission=income';
    const first = await world.service.get(path);
    const etag = first.headers['etag'] ?? '';
    expect((await world.service.get(path, { 'if-none-match': etag })).status).toBe(304);
    // One step of a walk through the past: its rows, and how far it has come.
    await world.service.dataSource.query(
      `WITH row AS (INSERT INTO position_history (coldkey, hotkey, netuid, day, registration_block_number, block_number,
           upstream_at, balance, balance_as_tao, origin, run_id)
         VALUES ($1, $2, 1, '2026-10-04', 50, $3, $4, 210e9, 3.15e9, 'history', $5))
       INSERT INTO backfills (dataset, scope, window_from, window_to, done_to, state)
         VALUES ('position_history', $1 || '/' || $2 || '/1', '2026-10-01', '2026-10-04', '2026-10-04', 'running')`,
      [ALICE, HOTKEY, blockOf(3), day(3), world.newId()],
    );
    const second = await world.service.get(path, { 'if-none-match': etag });
    expect(second.status).toBe(200);
    expect(second.text).not.toBe(first.text);
  });

  it('is read and computed once for all who ask at the same moment', async () => {
    await worked();
    const events = jest.spyOn(world.service.resolve(EarningsEventRepository), 'read');
    const marks = jest.spyOn(world.service.resolve(PositionMarkRepository), 'days');
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => get()));
    expect(new Set(answers.map((answer) => JSON.stringify(answer.data))).size).toBe(1);
    expect([events.mock.calls.length, marks.mock.calls.length]).toEqual([1, 1]);
  });

  it('is read again after a reading failed', async () => {
    await worked();
    const failing = jest.spyOn(world.service.resolve(EarningsEventRepository), 'read');
    failing.mockRejectedValueOnce(new Error('away'));
    expect((await world.service.get('/cost-basis')).status).toBe(500);
    expect((await get()).complete).toBe(true);
  });

  it('adds up with earnings of all time: realised + unrealised + yield is what was earned', async () => {
    await worked();
    await world.state(ALICE, 0, 10, {});
    const earned = (
      await world.service.get<{ data: { subnets: { parts: { earnings_tao: string } }[] } }>(
        '/earnings/summary?from=2026-10-01&to=2026-10-06',
      )
    ).body.data.subnets[0]?.parts.earnings_tao;
    const [basis] = (await get()).data;
    const gained = ['realised_tao', 'unrealised_tao', 'yield_tao'].reduce(
      (sum, column) => sum + rao(String(basis?.[column])),
      0n,
    );
    expect(gained).toBe(rao(earned));
  });

  it('is refused for what is no question', async () => {
    await worked();
    const answers = await Promise.all(
      [
        '?method=lifo',
        '?emission=never',
        '?netuid=x',
        '?wallet=nonsense',
        `?wallet=${STRANGER}`,
        '/lots?method=fifo',
      ].map((path) => world.service.get<{ code: string }>(`/cost-basis${path}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 404, 400]);
  });
});
