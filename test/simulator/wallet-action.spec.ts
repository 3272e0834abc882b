import { DEMO_WALLETS, type RunningSimulator, type SimulatorOptions, startSimulator } from './index';

interface Body {
  data: Record<string, string | number | null>[];
}

const START = new Date('2026-11-01T00:00:00Z');

describe('an action of a simulated wallet', () => {
  const running: RunningSimulator[] = [];

  const start = async (options: SimulatorOptions = {}): Promise<RunningSimulator> => {
    const simulator = await startSimulator({ startAt: START, speed: 0, ...options });
    running.push(simulator);
    return simulator;
  };
  const page = async (simulator: RunningSimulator, path: string): Promise<Body> =>
    (await (await fetch(simulator.url + path, { headers: { authorization: 'k' } })).json()) as Body;

  afterEach(() => Promise.all(running.splice(0).map((simulator) => simulator.close())));

  it('is carried out in a block of its own, in balances, events and pool alike', async () => {
    const simulator = await start({ activity: false });
    const [treasury = ''] = DEMO_WALLETS;
    const pool = async (): Promise<bigint> =>
      BigInt(String((await page(simulator, '/api/dtao/pool/latest/v1?netuid=64')).data[0]?.['total_tao']));
    const wallet = async (): Promise<Record<string, unknown>> =>
      (await page(simulator, `/api/account/latest/v1?address=${treasury}`)).data[0] ?? {};
    const before = { account: await wallet(), pool: await pool() };
    const [position] = (before.account['alpha_balances'] as { netuid: number; hotkey: string }[]).filter(
      (entry) => entry.netuid === 64,
    );
    const answer = await fetch(`${simulator.url}/__wallet`, {
      method: 'POST',
      body: JSON.stringify({
        action: 'stake',
        wallet: treasury,
        hotkey: position?.hotkey,
        netuid: 64,
        amount: '50000000000',
      }),
    });
    const { block, events } = (await answer.json()) as { block: number; events: string[] };
    const after = await wallet();
    expect(after['block_number']).toBe(block);
    expect(BigInt(before.account['balance_free'] as string) - BigInt(after['balance_free'] as string)).toBe(
      50_000_850_536n,
    );
    expect((await page(simulator, `/api/delegation/v1?nominator=${treasury}&limit=1`)).data[0]?.['id']).toBe(events[0]);
    expect((await pool()) - before.pool).toBeGreaterThan(49_000_000_000n);
  });

  it('is refused where the chain would refuse it, and changes nothing', async () => {
    const simulator = await start({ activity: false });
    const [treasury = '', reserve = ''] = DEMO_WALLETS;
    expect(() =>
      simulator.act({ action: 'transfer', wallet: treasury, to: reserve, amount: '99999999999999999' }),
    ).toThrow('not enough');
    expect(simulator.world.ledger.transfers.at(-1)?.amount).not.toBe(99_999_999_999_999_999n);
  });

  it('pays out a subnet that is taken away, and gives its netuid to another', async () => {
    const simulator = await start({ activity: false });
    const [treasury = ''] = DEMO_WALLETS;
    const account = simulator.world.ledger.accounts.get(treasury);
    const free = account?.freeAt(simulator.world.head()) ?? 0n;
    const { block } = simulator.act({ action: 'deregister', netuid: 64 });
    expect(account?.held(block).some((position) => position.netuid === 64)).toBe(false);
    expect(account?.freeAt(block)).toBeGreaterThan(free);
    simulator.advance(600);
    const [row] = (await page(simulator, '/api/subnet/latest/v1?netuid=64')).data;
    expect(row).toMatchObject({ registration_block_number: block, subtoken_enabled: false });
  });

  it('can be any of the habits, and each leaves accounts and positions that are not negative', async () => {
    const simulator = await start({ activity: false });
    const { ledger } = simulator.world;
    const rows = ledger.stakeEvents.length + ledger.transfers.length;
    for (let count = 0; count < 60; count += 1) {
      simulator.advance(12);
      simulator.world.stir(count);
    }
    expect(ledger.stakeEvents.length + ledger.transfers.length).toBeGreaterThan(rows + 50);
    const head = simulator.world.head();
    for (const account of ledger.accounts.values()) {
      expect(account.freeAt(head)).toBeGreaterThanOrEqual(0n);
      for (const position of account.positions.values()) expect(position.balance(head)).toBeGreaterThanOrEqual(0n);
    }
  });
});
