import { DEMO_WALLETS } from '../simulator';
import { TreasuryWorld } from '../support/treasury-world';

jest.setTimeout(120_000);

interface Portfolio {
  data: {
    complete: boolean;
    missing: { input: string; reason: string }[];
    nav: Record<string, string | null>;
    wallets: Record<string, string | null>[];
    drawdown: Record<string, string | null>;
  };
  meta: { trust: string; simulated: boolean };
}

interface Slippage {
  data: {
    answered_by: string;
    local: { output: string };
    upstream: { error: object | null; quote: { agreement: string } | null } | null;
  };
}

interface History {
  data: { complete: boolean; mid_tao: string | null; missing: object[] }[];
}

const rao = (text: string | null | undefined): bigint => BigInt((text ?? '').replace('.', ''));

describe('the demo’s portfolio', () => {
  let world: TreasuryWorld;

  beforeAll(async () => {
    world = await TreasuryWorld.start({ WALLET_ADDRESSES: DEMO_WALLETS.join(','), WALLET_REFRESH_MINUTES: '60' });
    await world.service.until<Portfolio>('/api/v1/portfolio', ({ meta }) => meta.trust === 'ok');
  });

  afterAll(() => world?.stop());

  const get = <Body>(path: string): Promise<Body> => world.service.json<Body>(`/api/v1${path}`);

  it('is worth what its wallets are, and less when it is sold', async () => {
    const { data, meta } = await get<Portfolio>('/portfolio');
    expect([data.complete, data.missing, meta.simulated]).toEqual([true, [], true]);
    const { mid_tao, executable_50_tao, executable_100_tao } = data.nav;
    expect(rao(executable_100_tao) <= rao(executable_50_tao)).toBe(true);
    expect(rao(executable_50_tao) < rao(mid_tao)).toBe(true);
    expect(data.wallets.reduce((sum, wallet) => sum + rao(wallet['mid_tao']), 0n)).toBe(rao(mid_tao));
    expect(data.wallets).toHaveLength(DEMO_WALLETS.length);
  });

  it('agrees with the accounts as TaoStats values them, but for prices of other blocks', async () => {
    const { data } = await get<Portfolio>('/portfolio');
    const accounts = await get<{ data: { total_tao: string }[] }>('/accounts');
    const total = accounts.data.reduce((sum, account) => sum + rao(account.total_tao), 0n);
    const difference = total - rao(data.nav['mid_tao']);
    const magnitude = difference < 0n ? -difference : difference;
    expect(magnitude * 200n < total).toBe(true);
  });

  it('is recorded after a run of the positions, from trusted inputs', async () => {
    await world.service.until<Portfolio>('/api/v1/portfolio?min_trust=ok', ({ meta }) => meta.trust === 'ok');
    await world.sync('pools');
    await world.sync('positions');
    const { data } = await get<History>('/portfolio/history?interval=hour');
    expect(data[0]).toMatchObject({ complete: true, missing: [] });
    expect(data[0]?.mid_tao).not.toBeNull();
  });

  it('is recorded after every such run, also when the walks through the past of all positions have begun', async () => {
    await world.sync('account_history');
    await world.sync('position_history');
    const recorded = async (): Promise<number> => (await world.rows('SELECT FROM nav_snapshots')).length;
    const before = await recorded();
    await world.syncNewPositions();
    expect(await recorded()).toBe(before + DEMO_WALLETS.length + 1);
  });

  it('comes with quotes of TaoStats beside our own, and with ours alone when it is silent', async () => {
    const path = '/subnets/1/slippage?direction=stake&amount=15';
    const both = (await get<Slippage>(path)).data;
    expect([both.answered_by, both.upstream?.error]).toEqual(['taostats', null]);
    expect(['pass', 'warn']).toContain(both.upstream?.quote?.agreement);
    await world.fault({ match: '/api/dtao/slippage', fault: { kind: 'hang' } });
    const alone = (await get<Slippage>('/subnets/1/slippage?direction=stake&amount=16')).data;
    expect(alone).toMatchObject({
      answered_by: 'local',
      upstream: { quote: null, error: { code: 'taostats/deadline' } },
    });
    await world.clearFaults();
  });

  it('has a whole surface without a single call', async () => {
    const before = world.simulator.log('/api/dtao/slippage').length;
    const { data } = await get<{ data: { subnets: unknown[] } }>('/slippage/surface');
    expect(data.subnets).toHaveLength(129);
    expect(world.simulator.log('/api/dtao/slippage')).toHaveLength(before);
  });

  it('is described', async () => {
    const document = await world.service.json<{ paths: Record<string, unknown> }>('/openapi.json');
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/api/v1/subnets/{netuid}/slippage',
        '/api/v1/subnets/{netuid}/exit-curve',
        '/api/v1/slippage/surface',
        '/api/v1/portfolio',
        '/api/v1/portfolio/history',
        '/api/v1/earnings/summary',
        '/api/v1/earnings/timeseries',
        '/api/v1/changes',
      ]),
    );
  });
});
