import { checkStatements } from '../../src/analysis';
import { TreasuryBooks } from '../../src/treasury';
import { ALICE, blockOf, BOB, day, EarningsWorld, rao, raoText } from '../support/earnings-world';

jest.setTimeout(60_000);

interface Subnet {
  netuid: number;
  registration_block: number | null;
  state: string;
  reason: string | null;
  estimated: boolean;
  parts: Record<string, string> | null;
}

interface Earnings {
  data: {
    complete: boolean;
    missing: { input: string; reason: string }[];
    rejected_events: { id: string; reason: string; netuid: number | null; block_number: number; wallet: string }[];
    total: Record<string, string> | null;
    subnets: Subnet[];
  };
}

interface Changes {
  data: { complete: boolean; missing: { reason: string }[]; rejected_events: { id: string }[]; lines: unknown[] };
}

/** The block at which another subnet takes netuid 2. */
const END = 1.5;

describe('earnings of which something is not known', () => {
  let world: EarningsWorld;

  beforeAll(async () => {
    world = await EarningsWorld.start();
  });

  beforeEach(() => world.clear());

  afterAll(() => world?.stop());

  const summary = async (query = 'from=2026-10-01&to=2026-10-03'): Promise<Earnings['data']> =>
    (await world.service.get<Earnings>(`/earnings/summary?${query}`)).body.data;
  const ofSubnet = (data: Earnings['data'], netuid: number): Subnet | undefined =>
    data.subnets.find((subnet) => subnet.netuid === netuid);

  it('are incomplete where an event of the window cannot be read: it is named, and the other subnets stand', async () => {
    await world.twoDays();
    const id = await world.event(1.2, { action: 'DELEGATE', netuid: 2, tao: 1, alpha: null });
    const data = await summary();
    expect([data.complete, data.total]).toEqual([false, null]);
    expect(data.rejected_events).toEqual([
      { id, reason: 'it names no alpha', netuid: 2, block_number: blockOf(1.2), wallet: ALICE },
    ]);
    expect(data.missing).toEqual([
      { input: `subnet 2 of ${ALICE}`, reason: `event ${id} could not be read: it names no alpha` },
    ]);
    expect(ofSubnet(data, 1)).toMatchObject({ state: 'known', parts: { earnings_tao: '3.120000000' } });
    const changes = (await world.service.get<Changes>('/changes?since=2026-10-01')).body.data;
    expect([changes.complete, changes.lines, changes.rejected_events.map((event) => event.id)]).toEqual([
      false,
      [],
      [id],
    ]);
    const { body } = await world.service.get<{ data: Earnings['data'][] }>(
      '/earnings/timeseries?from=2026-10-01&to=2026-10-03',
    );
    expect(body.data.map((window) => [window.complete, window.rejected_events.length])).toEqual([
      [true, 0],
      [false, 1],
    ]);
  });

  it('are those of the window: what could not be read outside of it does not matter', async () => {
    await world.twoDays();
    await world.event(2.5, { action: 'DELEGATE', netuid: 1, tao: 1, alpha: null });
    expect((await summary()).complete).toBe(true);
  });

  it('know nothing of any subnet while an event names none', async () => {
    await world.twoDays();
    const id = await world.event(1.2, { action: 'DELEGATE', netuid: null, tao: 1, alpha: 1 });
    const data = await summary();
    expect(data.missing).toEqual([
      { input: `wallet ${ALICE}`, reason: `event ${id} could not be read: it names no subnet` },
    ]);
    expect(data.subnets.map((subnet) => subnet.state)).toEqual(['unknown']);
  });

  it('lose only the subnet of a row that was rejected, and none to a missing transfer', async () => {
    await world.twoDays();
    await world.gap('delegation_events', 1.1, 1.1001, { netuid: 2, reason: 'row x: alpha is no number' });
    const stake = await summary();
    expect(stake.total).toBeNull();
    expect(stake.missing[0]?.reason).toContain('are missing: row x: alpha is no number');
    expect([ofSubnet(stake, 1)?.state, ofSubnet(stake, 2)?.state]).toEqual(['known', 'unknown']);
    await world.query('UPDATE event_gaps SET netuid = NULL');
    expect(ofSubnet(await summary(), 1)?.state).toBe('unknown');
    await world.query("UPDATE event_gaps SET dataset = 'transfers'");
    const cash = await summary();
    expect([cash.total, ofSubnet(cash, 1)?.state, cash.missing.map(({ input }) => input)]).toEqual([
      null,
      'known',
      [`wallet ${ALICE}`],
    ]);
  });

  it('are unknown where alpha is gone that no event tells of', async () => {
    await world.twoDays();
    await world.query(
      `UPDATE nav_snapshots SET holdings = jsonb_set(holdings, '{0,alpha}', '"1900000000000"') WHERE at = $1`,
      [day(2)],
    );
    const data = await summary();
    expect(data.total).toBeNull();
    expect(data.missing).toEqual([
      { input: `subnet 1 of ${ALICE}`, reason: '99.999999998 alpha left it that no event tells of' },
    ]);
  });
});

describe('a subnet that ends while a wallet holds it', () => {
  let world: EarningsWorld;

  beforeAll(async () => {
    world = await EarningsWorld.start();
  });

  beforeEach(() => world.clear());

  afterAll(() => world?.stop());

  const summary = async (query = 'from=2026-10-01&to=2026-10-03'): Promise<Earnings['data']> =>
    (await world.service.get<Earnings>(`/earnings/summary?${query}`)).body.data;
  const ended = ({ subnets }: Earnings['data']): Subnet | undefined => subnets.find((subnet) => subnet.netuid === 2);

  /** 1,000 alpha worth 10 TAO, and 5 TAO that no row explains after the end. */
  async function deregistered(): Promise<void> {
    await world.follow(ALICE, 3);
    await world.state(ALICE, 0, 20, { 2: { alpha: 1_000, value: 10 } });
    await world.state(ALICE, 1, 20, { 2: { alpha: 1_001, value: 10 } });
    await world.query('UPDATE subnet_generations SET closed_at = now() WHERE netuid = 2');
    await world.query('INSERT INTO subnet_generations (netuid, registration_block_number) VALUES (2, $1)', [
      blockOf(END),
    ]);
    await world.query(
      `INSERT INTO positions (coldkey, hotkey, netuid, registration_block_number, block_number, balance, balance_as_tao,
         upstream_at, exited_at, run_id)
       VALUES ($1, $2, 2, 60, $3, 0, 0, now(), now(), $4)`,
      [ALICE, ALICE, blockOf(2), world.newId()],
    );
    await world.state(ALICE, 2, 25, {});
  }

  it('is a disposal at the payout, which is the free TAO that nothing else explains', async () => {
    await deregistered();
    const data = await summary();
    expect([data.complete, data.missing]).toEqual([true, []]);
    expect(ended(data)).toMatchObject({
      state: 'known',
      registration_block: 60,
      estimated: false,
      parts: {
        start_tao: '10.000000000',
        end_tao: '0.000000000',
        flows_tao: '-5.000000000',
        earnings_tao: '-5.000000000',
      },
    });
    expect(data.total).toMatchObject({
      earnings_tao: '-5.000000000',
      external_flows_tao: '0.000000000',
      unexplained_tao: '0.000000000',
      closure_rao: '0',
    });
    const changes = (
      await world.service.get<{ data: { from_tao: string; to_tao: string; lines: { tao: string }[] } }>(
        '/changes?since=2026-10-01',
      )
    ).body.data;
    expect(rao(changes.from_tao) + changes.lines.reduce((sum, line) => sum + rao(line.tao), 0n)).toBe(
      rao(changes.to_tao),
    );
  });

  it('is told by upstream’s own row too, which gives no payout', async () => {
    await deregistered();
    await world.event(END, { action: 'UNDELEGATE', netuid: 2, tao: 0, alpha: 1_002 });
    const data = await summary();
    expect(data.complete).toBe(true);
    expect(data.total).toMatchObject({ closure_rao: '0', earnings_tao: '-5.000000000' });
    expect(data.subnets).toHaveLength(1);
  });

  it('has a payout without the TAO that another wallet of the treasury sent meanwhile', async () => {
    await deregistered();
    await world.follow(BOB, 3);
    for (const [number, cash] of [[0, 9] as const, [1, 9] as const, [2, 6] as const]) {
      await world.state(BOB, number, cash, {});
    }
    await world.transfer(1.7, BOB, ALICE, 3);
    await world.query('UPDATE nav_snapshots SET free = $1 WHERE scope = $2 AND at = $3', [raoText(28), ALICE, day(2)]);
    const data = await summary();
    expect(ended(data)).toMatchObject({ state: 'known', parts: { flows_tao: '-5.000000000' } });
    expect(data.total).toMatchObject({ earnings_tao: '-5.000000000', unexplained_tao: '0.000000000' });
  });

  it('has a payout that is an estimate where extrinsics of the same time took fees that nobody lists', async () => {
    await deregistered();
    await world.event(1.2, { action: 'DELEGATE', netuid: 1, tao: 1, alpha: 100 });
    await world.query(`DELETE FROM nav_snapshots WHERE at = $1`, [day(2)]);
    await world.state(ALICE, 2, 23.999, { 1: { alpha: 100, value: 1 } });
    const data = await summary();
    expect(ended(data)).toMatchObject({ estimated: true, parts: { flows_tao: '-4.999000000' } });
    expect(data.total).toMatchObject({ closure_rao: '0', unexplained_tao: '0.000000000' });
  });

  it('is unknown, with the reason, while nothing was recorded after it', async () => {
    await deregistered();
    await world.query(`UPDATE nav_snapshots SET block_number = $1 WHERE at = $2`, [blockOf(END) + 10, day(2)]);
    const data = await summary();
    expect([data.total, ended(data)?.reason]).toEqual([
      null,
      `the payout of the dissolution at block ${blockOf(END)} is not known: no balance of the wallet from after its payment is known yet`,
    ]);
  });

  it('says nothing of the cash that a reconciliation closes while it is unknown, and names the event', async () => {
    await deregistered();
    const id = await world.event(END, { action: 'UNDELEGATE', netuid: 2, tao: 0, alpha: 1_002 });
    const cash = async () => {
      const windows = await world.service.resolve(TreasuryBooks).windows([ALICE], [day(0), day(2)]);
      return windows.flatMap(checkStatements).find(({ check }) => check === 'R6');
    };
    expect(await cash()).toMatchObject({ severity: 'pass', actual: '0' });
    await world.query(`UPDATE nav_snapshots SET block_number = $1 WHERE at = $2`, [blockOf(END) + 10, day(2)]);
    const unknown = await cash();
    expect(unknown?.severity).toBe('skipped');
    expect(unknown?.reason).toContain(`wallet ${ALICE}: what event ${id} on subnet 2 paid is not known`);
  });

  it('is unknown when no TAO came, when two subnets ended at once, and when events are missing', async () => {
    await deregistered();
    await world.gap('transfers', 1.4, 1.6);
    expect(ended(await summary())?.reason).toContain('are missing: unreadable');
    await world.query('DELETE FROM event_gaps');
    await world.event(1.7, { action: 'UNDELEGATE', netuid: 1, tao: 0, alpha: 3 });
    expect(ended(await summary())?.reason).toContain('subnet 1 ended at the same time');
    await world.query('DELETE FROM delegation_events');
    await world.transfer(1.8, 'somebody', ALICE, 5);
    expect(ended(await summary())?.reason).toContain('no free TAO arrived');
  });

  it('is no end for a wallet that had sold everything before', async () => {
    await deregistered();
    await world.event(1.2, { action: 'UNDELEGATE', netuid: 2, tao: 5, alpha: 1_001 });
    const data = await summary();
    expect(data.complete).toBe(true);
    expect(data.total).toMatchObject({ unexplained_tao: '0.000000000', closure_rao: '0' });
  });
});
