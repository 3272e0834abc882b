import { encodeAddress } from '@dedot/utils';
import { OUTSIDE } from '../simulator/model/cast';
import { TreasuryWorld } from '../support/treasury-world';

jest.setTimeout(180_000);

const addressOf = (first: number): string =>
  encodeAddress(
    Uint8Array.from({ length: 32 }, (_, index) => first + index),
    42,
  );
const [WALLET, OTHER, HOTKEY, NEW_HOTKEY] = [40, 50, 70, 80].map(addressOf) as [string, string, string, string];
const tao = (amount: number): string => `${amount}000000000`;
const ROOT_PATH = '/api/v1/reconciliation';

interface Run {
  id: string;
  state: string;
  trigger: string;
  verdict: string | null;
  quantities: string | null;
  reason: string | null;
  verifies: string | null;
  checks: { check: string; verdict: string; failed: number; worst: { difference: string; unit: string } | null }[];
  keys_concerned: string[];
  drift_raised: string[];
  drift_cleared: string[];
  evidence: { check: string; severity: string }[];
  repair: {
    state: string;
    sync_run_ids: string[];
    before: { severity: string }[];
    after: { subject: string; severity: string }[] | null;
    verified_by: string | null;
  } | null;
}

interface Pack {
  datasets: Record<string, { has_drift: boolean; trust: string }>;
  reconciliation: { enabled: boolean; last_verdict: string | null };
  overall_health: { issues: { code: string; subject: string }[] };
}

describe('reconciliation over REST', () => {
  let world: TreasuryWorld;

  beforeAll(async () => {
    world = await TreasuryWorld.start(
      { WALLET_ADDRESSES: `${WALLET},${OTHER}`, WALLET_REFRESH_MINUTES: '1440', QUOTE_CHECK_INTERVAL_HOURS: '0' },
      {
        speed: 0,
        activity: false,
        prepare: (simulator) => {
          for (const wallet of [WALLET, OTHER]) {
            simulator.act({ action: 'fund', wallet, from: OUTSIDE[0].ss58, amount: tao(200) });
          }
          simulator.act({ action: 'stake', wallet: WALLET, hotkey: HOTKEY, netuid: 1, amount: tao(40) });
          simulator.act({ action: 'stake', wallet: WALLET, hotkey: HOTKEY, netuid: 0, amount: tao(10) });
          simulator.advance(600);
        },
      },
    );
    await world.firstSync();
  });

  afterAll(() => world?.stop());

  const pack = (): Promise<Pack> => world.service.json<Pack>('/api/v1/trust-pack');
  const ended = async (id: string): Promise<Run> =>
    (await world.service.until<{ data: Run }>(`${ROOT_PATH}/runs/${id}`, ({ data }) => data.state === 'finished')).data;
  async function reconcile(): Promise<Run> {
    const answer = await fetch(`${world.service.url}${ROOT_PATH}/run`, { method: 'POST' });
    expect(answer.status).toBe(202);
    const { run_id } = (await answer.json()) as { run_id: string };
    expect(answer.headers.get('location')).toBe(`${ROOT_PATH}/runs/${run_id}`);
    return ended(run_id);
  }

  it('has no result before the first run, and says how to get one', async () => {
    const answer = await fetch(`${world.service.url}${ROOT_PATH}/latest`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      404,
      expect.stringContaining('application/problem+json'),
    ]);
    expect(await answer.json()).toMatchObject({ code: 'reconciliation/none-yet' });
    expect(await world.service.json(`${ROOT_PATH}/runs`)).toEqual({ data: [], next_cursor: null });
  });

  it('passes with the flag off as well while the wallets stake, unstake, move and transfer', async () => {
    const { simulator } = world;
    simulator.act({ action: 'stake', wallet: WALLET, hotkey: HOTKEY, netuid: 7, amount: tao(12) });
    simulator.act({ action: 'unstake', wallet: WALLET, hotkey: HOTKEY, netuid: 1, amount: tao(100) });
    simulator.act({
      action: 'move',
      wallet: WALLET,
      hotkey: HOTKEY,
      netuid: 1,
      amount: tao(50),
      toHotkey: NEW_HOTKEY,
      toNetuid: 19,
    });
    simulator.act({ action: 'transfer', wallet: WALLET, to: OTHER, amount: tao(5) });
    simulator.act({ action: 'transfer_stake', wallet: WALLET, hotkey: HOTKEY, netuid: 7, amount: tao(20), to: OTHER });
    const run = await reconcile();
    expect(run).toMatchObject({ quantities: 'pass', keys_concerned: [], drift_raised: [], repair: null });
    expect(run.checks.map(({ check }) => check)).toEqual(expect.arrayContaining(['R1', 'R4', 'R5', 'R10', 'R12']));
    expect((await pack()).reconciliation.enabled).toBe(false);
    expect((await world.service.json<{ data: Run }>(`${ROOT_PATH}/latest`)).data.id).toBe(run.id);
  });

  it('finds a balance that is missing, mends it, and ends the drift by looking again', async () => {
    for (const dataset of ['subnets', 'pools', 'positions']) await world.sync(dataset);
    await world.rows('DELETE FROM positions WHERE coldkey = $1 AND netuid = 19', [WALLET]);
    const key = `${WALLET}/${NEW_HOTKEY}/19`;
    const broken = await reconcile();
    expect(broken).toMatchObject({ verdict: 'break', drift_raised: ['accounts', 'positions'] });
    expect(broken.keys_concerned).toContain(key);
    const repaired = await world.service.until<{ data: Run }>(
      `${ROOT_PATH}/runs/${broken.id}`,
      ({ data }) => data.repair?.state === 'repaired',
    );
    const { repair } = repaired.data;
    expect(repair?.after?.find(({ subject }) => subject === key)).toMatchObject({ severity: 'pass' });
    const verification = await ended(repair?.verified_by ?? '');
    expect(verification).toMatchObject({
      trigger: 'repair',
      verifies: broken.id,
      quantities: 'pass',
      drift_cleared: ['accounts', 'positions'],
    });
    expect(await world.rows('SELECT netuid FROM positions WHERE coldkey = $1 AND netuid = 19', [WALLET])).toHaveLength(
      1,
    );
    await world.service.until<Pack>('/api/v1/trust-pack', ({ datasets }) => datasets['positions']?.has_drift === false);
  });

  it('keeps the drift through syncs and a restart while the second reading cannot be had', async () => {
    await world.rows('DELETE FROM positions WHERE coldkey = $1 AND netuid = 7', [WALLET]);
    await world.fault({ match: '/api/dtao/stake_balance', fault: { kind: 'status', status: 500 } });
    const blind = await reconcile();
    expect(blind).toMatchObject({ verdict: 'incomplete', drift_raised: [], repair: null });
    expect(blind.reason).toContain('/api/dtao/stake_balance');
    await world.rows("UPDATE dataset_states SET has_drift = true, drift_since = now() WHERE dataset = 'positions'");
    await world.sync('positions');
    await world.service.kill();
    await world.service.restart();
    const { overall_health } = await world.service.until<Pack>(
      '/api/v1/trust-pack',
      ({ datasets }) => datasets['positions']?.trust === 'drift',
    );
    expect(overall_health.issues).toContainEqual(
      expect.objectContaining({ code: 'dataset_drift', subject: 'positions' }),
    );
  });

  it('lists its runs page by page, and names what is wrong with a question', async () => {
    const first = await world.service.json<{ data: Run[]; next_cursor: string }>(`${ROOT_PATH}/runs?limit=2`);
    const second = await world.service.json<{ data: Run[] }>(`${ROOT_PATH}/runs?limit=2&cursor=${first.next_cursor}`);
    const ids = [...first.data, ...second.data].map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort().reverse());
    expect(ids).toHaveLength(4);
    const breaks = await world.service.json<{ data: Run[] }>(`${ROOT_PATH}/runs?verdict=break`);
    expect(breaks.data.map(({ verdict }) => verdict)).toEqual(['break']);
    for (const [path, status, code] of [
      ['/runs?verdict=fine', 400, 'request/invalid-query'],
      ['/runs?cursor=x', 400, 'request/invalid-cursor'],
      ['/runs/0199a1d2-7e5c-7c3a-9b54-0c6d5d1f2a33', 404, 'reconciliation/not-found'],
    ] as const) {
      const answer = await fetch(`${world.service.url}${ROOT_PATH}${path}`);
      expect([path, answer.status, await answer.json()]).toEqual([path, status, expect.objectContaining({ code })]);
    }
  });
});
