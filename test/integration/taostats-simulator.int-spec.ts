import { Logger } from '@nestjs/common';
import { ENDPOINTS, type FetchRequest } from '../../src/taostats';
import type { Endpoint } from '../../src/taostats/endpoint';
import { DEMO_WALLETS, type Generation, type RunningSimulator, startSimulator } from '../simulator';
import { type TaostatsRig, taostatsRig } from '../support/taostats-rig';

const REQUEST: FetchRequest = { priority: 'interactive', deadlineMs: 120_000, cache: 'bypass' };
const WALLET = DEMO_WALLETS[0] ?? '';
const NOW_SECONDS = Math.floor(Date.UTC(2026, 10, 23) / 1000);
const MONTH_AGO = { timestamp_start: NOW_SECONDS - 30 * 86_400, timestamp_end: NOW_SECONDS };

/** What each endpoint is asked; those that need no parameter are asked for everything. */
const QUERIES: Partial<Record<keyof typeof ENDPOINTS, Partial<FetchRequest>>> = {
  blocks: { pageSize: 1, maxPages: 1 },
  taoPrice: { query: { asset: 'tao' } },
  taoPriceHistory: { query: { asset: 'tao', timestamp_start: NOW_SECONDS - 86_400, timestamp_end: NOW_SECONDS } },
  taoPriceOhlc: { query: { asset: 'tao', period: '1d', ...MONTH_AGO } },
  subnetEmissions: { query: { netuid: 7 }, maxPages: 1 },
  poolHistory: { query: { netuid: 7, frequency: 'by_day', ...MONTH_AGO } },
  slippage: { query: { netuid: 7, input_tokens: '1000000000', direction: 'tao_to_alpha' } },
  accounts: { query: { address: WALLET } },
  accountHistory: { query: { address: WALLET, ...MONTH_AGO } },
  stakeBalances: { query: { coldkey: WALLET } },
  delegations: { query: { nominator: WALLET, ...MONTH_AGO } },
  transfers: { query: { address: WALLET } },
  validatorYields: { query: { netuid: 7 } },
};

describe.each<Generation>(['string', 'number'])(
  'the client against the simulator that sends figures as %ss',
  (generation) => {
    let simulator: RunningSimulator;
    let rig: TaostatsRig;

    beforeAll(async () => {
      Logger.overrideLogger(false);
      simulator = await startSimulator({
        port: 0,
        ratePerMinute: 10_000,
        generation,
        speed: 0,
        startAt: new Date(NOW_SECONDS * 1000),
      });
      rig = taostatsRig(simulator.url, { taostatsRateLimitPerMinute: 10_000 });
    });

    afterAll(async () => {
      await simulator.close();
      Logger.overrideLogger(['log', 'warn', 'error']);
    });

    const names = (Object.keys(ENDPOINTS) as (keyof typeof ENDPOINTS)[]).filter(
      (name) => name !== 'stakeBalanceHistory' && name !== 'positionYields',
    );

    it.each(names)('reads %s: every row valid, and what was asked for', async (name) => {
      const endpoint = ENDPOINTS[name] as unknown as Endpoint<object>;
      const fetched = await rig.client.fetchAll(endpoint, { ...REQUEST, ...QUERIES[name] });
      expect(fetched.rejected).toEqual([]);
      expect(fetched.rows.length).toBeGreaterThan(0);
    });

    it('reads the history of a position and the yields of many in one call', async () => {
      const { rows: positions } = await rig.client.fetchAll(ENDPOINTS.stakeBalances, {
        ...REQUEST,
        query: { coldkey: WALLET },
      });
      const [first] = positions;
      if (first === undefined) throw new Error('the wallet has no position');
      const history = await rig.client.fetchAll(ENDPOINTS.stakeBalanceHistory, {
        ...REQUEST,
        query: { coldkey: WALLET, hotkey: first.hotkey.ss58, netuid: first.netuid, ...MONTH_AGO },
      });
      expect(history.rejected).toEqual([]);
      const yields = await rig.client.fetchAll(ENDPOINTS.positionYields, {
        ...REQUEST,
        body: { positions: positions.map(({ hotkey, netuid }) => ({ hotkey: hotkey.ss58, netuid })) },
      });
      expect(yields.rejected).toEqual([]);
      expect(yields.rows.length).toBeGreaterThan(0);
    });
  },
);
