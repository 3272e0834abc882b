import { Injectable } from '@nestjs/common';
import {
  type CheckResult,
  checkAlphas,
  checkLiveWallet,
  checkStoredWallet,
  checkTotalValue,
  checkValues,
  eventWindow,
  type LedgerEvent,
  normalizeDelegations,
  type PricedPool,
  skipped,
  toDelegationRows,
  type WalletPair,
  type WalletReading,
} from '../analysis';
import { NavInputRepository, ReconciliationInputRepository, type WalletStanding } from '../database';
import { type AccountPayload, type DelegationPayload, ENDPOINTS, type StakeBalancePayload } from '../taostats';
import type { SourceLog } from './source-log';
import { dailyYield, toLiveReading, toStakeEvent, toStoredReading } from './to-wallet-reading';

type Pools = ReadonlyMap<number, PricedPool>;

/** Compares each wallet's stored stake and balances with what TaoStats says on another path. */
@Injectable()
export class WalletComparison {
  constructor(
    private readonly inputs: NavInputRepository,
    private readonly evidence: ReconciliationInputRepository,
  ) {}

  /** R1 to R5 and R12, wallet by wallet. */
  async compare(standings: readonly WalletStanding[], log: SourceLog): Promise<CheckResult[]> {
    const pools = await this.askPools(log);
    const results: CheckResult[] = [];
    const lives: WalletReading[] = [];
    for (const { wallet } of standings) {
      const { checks, live } = await this.compareWallet(wallet.address, pools, log);
      results.push(...checks);
      if (live !== null) lives.push(live);
    }
    return [...results, ...checkTotalValue(lives, pools)];
  }

  private async compareWallet(
    address: string,
    pools: Pools,
    log: SourceLog,
  ): Promise<{ checks: CheckResult[]; live: WalletReading | null }> {
    // Read as late as possible: the less time between the readings, the less can have happened.
    const { accounts, positions } = await this.inputs.read(address);
    const [account] = accounts;
    if (account === undefined) {
      return { checks: [skipped('R1', `account ${address}`, 'nothing is stored of the wallet yet')], live: null };
    }
    const stored = toStoredReading(account, positions);
    const live = await this.askWallet(address, log);
    if (live === null) return { checks: checkStoredWallet(stored), live: null };
    return {
      checks: [
        ...(await this.checkQuantities({ stored, live }, log)),
        ...checkStoredWallet(stored),
        ...checkLiveWallet(live),
        ...checkValues(live, pools),
      ],
      live,
    };
  }

  /** Positions come from the account's answer, so the second reading of them comes from the stake balances. */
  private async askWallet(wallet: string, log: SourceLog): Promise<WalletReading | null> {
    const stake = await log.ask<StakeBalancePayload>({
      endpoint: ENDPOINTS.stakeBalances,
      query: { coldkey: wallet },
      wallet,
      replaceable: true,
    });
    const account = await log.ask<AccountPayload>({
      endpoint: ENDPOINTS.accounts,
      query: { address: wallet },
      wallet,
    });
    const [row] = account?.rows ?? [];
    if (account === null) return null;
    if (row === undefined) {
      log.fail(`${ENDPOINTS.accounts.path} ${wallet}`, 'the second reading does not know the wallet');
      return null;
    }
    // Whatever kept the stake rows away has made the run incomplete, but for a plan without them.
    return toLiveReading(row, stake?.rows ?? null);
  }

  /** Asks for events only when something differs that they could explain. */
  private async checkQuantities(pair: WalletPair, log: SourceLog): Promise<CheckResult[]> {
    const dailyYields = await this.yieldsOf(pair);
    const alone = checkAlphas(pair, { events: null, dailyYields });
    const window = eventWindow(pair);
    if (window === null || alone.every((result) => result.severity === 'pass')) return alone;
    const events = await this.askEvents(pair.stored.coldkey, window, log);
    return events === null ? alone : checkAlphas(pair, { events, dailyYields });
  }

  private async askEvents(
    wallet: string,
    { fromBlock, toBlock }: { fromBlock: number; toBlock: number },
    log: SourceLog,
  ): Promise<LedgerEvent[] | null> {
    const fetched = await log.ask<DelegationPayload>({
      endpoint: ENDPOINTS.delegations,
      query: { nominator: wallet, block_start: fromBlock + 1, block_end: toBlock },
      wallet,
    });
    if (fetched === null) return null;
    const generations = await this.evidence.registrations();
    const { rows } = toDelegationRows(fetched.rows.map(toStakeEvent), generations);
    return normalizeDelegations(rows, { ownColdkeys: new Set([wallet]) }).events;
  }

  private async yieldsOf({ stored, live }: WalletPair): Promise<Map<string, string>> {
    const hotkeys = [...stored.stake, ...live.stake].flatMap(({ hotkey }) => hotkey ?? []);
    const yields = await this.evidence.yields(hotkeys);
    return new Map(
      yields.flatMap(({ hotkey, netuid, oneDayApy }) => {
        const daily = oneDayApy === null ? null : dailyYield(oneDayApy);
        return daily === null ? [] : [[`${hotkey}/${netuid}`, daily]];
      }),
    );
  }

  private async askPools(log: SourceLog): Promise<Pools> {
    const fetched = await log.ask({ endpoint: ENDPOINTS.pools });
    const priced = (fetched?.rows ?? []).filter((row) => row.startup_mode !== true);
    return new Map(priced.map((row) => [row.netuid, { price: row.price, blockNumber: row.block_number }]));
  }
}
