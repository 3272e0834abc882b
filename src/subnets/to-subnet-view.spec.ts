import type { Pool, Subnet, SubnetIdentity } from '../database';
import { joinRows, type SubnetRows, toSubnetDetailView, toSubnetView } from './to-subnet-view';

const AT = new Date('2026-01-01T00:00:00Z');

const NO_FLOWS = { projectedEmission: null, netFlow1Day: null, netFlow7Days: null, netFlow30Days: null };
const NO_COSTS = { registrationCost: null, neuronRegistrationCost: null, owner: null, subtokenEnabled: null };
const NO_FIGURES = {
  name: null,
  marketCap: null,
  liquidity: null,
  taoVolume24Hr: null,
  taoBuyVolume24Hr: null,
  taoSellVolume24Hr: null,
  startupMode: null,
};

function subnet(netuid: number, figures: Partial<Subnet> = {}): Subnet {
  const required = { blockNumber: 900, timestamp: AT, registrationBlockNumber: 100, emission: '5714285' };
  return { netuid, ...NO_FLOWS, ...NO_COSTS, ...required, withheld: {}, ...figures } as Subnet;
}

function pool(netuid: number, figures: Partial<Pool> = {}): Pool {
  const required = { blockNumber: 900, timestamp: AT, price: '0.5', totalTao: '1', alphaInPool: '2', alphaStaked: '3' };
  return { netuid, ...NO_FIGURES, ...required, ...figures } as Pool;
}

function joined(tables: { subnets?: Subnet[]; pools?: Pool[]; identities?: SubnetIdentity[] }): SubnetRows[] {
  return joinRows({ subnets: [], pools: [], identities: [], ...tables });
}

function only(tables: Parameters<typeof joined>[0]): SubnetRows {
  const [rows] = joined(tables);
  if (rows === undefined) throw new Error('no rows');
  return rows;
}

describe('the rows of a netuid', () => {
  it('are joined for every netuid that has a subnet or a pool, in their order', () => {
    const rows = joined({ subnets: [subnet(10), subnet(2)], pools: [pool(3), pool(2)] });
    expect(rows.map((row) => [row.netuid, row.subnet !== null, row.pool !== null])).toEqual([
      [2, true, true],
      [3, false, true],
      [10, true, false],
    ]);
  });

  it('leave out the pool of the netuid’s former user', () => {
    const subnets = [subnet(1, { registrationBlockNumber: 500 })];
    expect(only({ subnets, pools: [pool(1, { blockNumber: 499 })] }).pool).toBeNull();
    expect(only({ subnets, pools: [pool(1, { blockNumber: 500 })] }).pool).not.toBeNull();
  });
});

describe('the view of a subnet', () => {
  it('carries amounts as whole tokens and prices with every digit', () => {
    const price = '0.0853797768549170136737598244';
    const rows = only({
      subnets: [subnet(1, { netFlow1Day: '-1500000000' })],
      pools: [pool(1, { price, totalTao: '28113142857142', marketCap: '123.456' })],
    });
    expect(toSubnetView(rows)).toMatchObject({
      emission_per_block_tao: '0.005714285',
      net_flow_1_day_tao: '-1.500000000',
      pool: { price_tao: price, tao_reserve: '28113.142857142', market_cap_tao: '0.000000123456' },
    });
  });

  it('says null, never zero, where nothing is known', () => {
    const view = toSubnetDetailView(only({ pools: [pool(1)] }));
    expect(view).toMatchObject({
      registration_block: null,
      emission_per_block_tao: null,
      net_flow_1_day_tao: null,
      owner: null,
      identity: null,
      active: null,
      pool: { market_cap_tao: null, volume_24_hours_tao: null },
    });
    expect(toSubnetView(only({ subnets: [subnet(1)] })).pool).toBeNull();
  });

  it('prefers the name that the subnet gives itself', () => {
    const named = { netuid: 1, subnetName: 'Own', tags: null } as SubnetIdentity;
    expect(toSubnetView(only({ pools: [pool(1, { name: 'Pool' })], identities: [named] })).name).toBe('Own');
    expect(toSubnetView(only({ pools: [pool(1, { name: 'Pool' })] })).name).toBe('Pool');
  });

  it.each([
    [true, false, true],
    [true, true, false],
    [false, false, false],
    [null, false, null],
    [null, true, false],
  ])('with token enabled %s and start-up %s is active: %s', (subtokenEnabled, startupMode, active) => {
    const rows = only({ subnets: [subnet(1, { subtokenEnabled })], pools: [pool(1, { startupMode })] });
    expect(toSubnetView(rows).active).toBe(active);
  });
});
