import { Injectable } from '@nestjs/common';
import { tokensOf } from '../common';
import { type Account, type AccountHistory, AccountReadRepository } from '../database';
import type { AccountHistoryQuery, AccountsQuery } from './accounts-query';
import { ACCOUNT_COLUMNS, ACCOUNT_DAY_COLUMNS, type AccountDayView, type AccountView } from './account.view';
import type { List } from './list-answer';
import { isDay, requireOrder } from './position-reader.service';
import { WalletScopes } from './wallet-scope.service';
import type { WalletStandingView } from './wallet.view';

const OWN = 'accounts';

/** Reads accounts, now and by day. A wallet that never synced has its state and no figures. */
@Injectable()
export class AccountReader {
  constructor(
    private readonly scopes: WalletScopes,
    private readonly accounts: AccountReadRepository,
  ) {}

  async list({ wallet }: AccountsQuery): Promise<List<AccountView>> {
    const scope = await this.scopes.find({ wallet, datasets: [OWN] });
    const standings = [...scope.views].sort((a, b) => (a.address < b.address ? -1 : 1));
    return {
      name: 'accounts',
      meta: scope.meta,
      question: { wallet },
      version: scope.version,
      columns: ACCOUNT_COLUMNS,
      keyOf: (row) => [row.wallet],
      isKey: ([address]) => typeof address === 'string',
      read: async (after, limit) => {
        const last = after?.[0];
        const page = standings.filter(({ address }) => last == null || address > String(last)).slice(0, limit);
        const found = await this.accounts.accounts(page.map(({ address }) => address));
        return page.map((standing) => toAccountView(standing, found.get(standing.address)));
      },
    };
  }

  /** Throws `wallets/not-found`. */
  async history(address: string, { from, to, order }: AccountHistoryQuery): Promise<List<AccountDayView>> {
    requireOrder(from, to);
    const scope = await this.scopes.find({
      wallet: address,
      datasets: [OWN, 'account_history'],
      withHistory: ['account_history'],
    });
    const filter = { address, from, to, ascending: order === 'asc' };
    return {
      name: `accounts-${address}-history-${order}`,
      meta: scope.meta,
      question: { from, to },
      version: scope.version,
      columns: ACCOUNT_DAY_COLUMNS,
      keyOf: (row) => [row.day],
      isKey: ([day]) => isDay(day),
      read: async (after, limit) => {
        const afterDay = after === null ? null : String(after[0]);
        return (await this.accounts.history(filter, afterDay, limit)).map(toAccountDayView);
      },
      beside: { wallets: scope.views },
    };
  }
}

function toAccountView(standing: WalletStandingView, account: Account | undefined): AccountView {
  const { address, label, state, description, trust, as_of } = standing;
  return {
    wallet: address,
    label,
    state,
    description,
    total_tao: tokensOf(account?.balanceTotal ?? null),
    free_tao: tokensOf(account?.balanceFree ?? null),
    staked_tao: tokensOf(account?.balanceStaked ?? null),
    staked_alpha_tao: tokensOf(account?.balanceStakedAlphaAsTao ?? null),
    staked_root_tao: tokensOf(account?.balanceStakedRoot ?? null),
    reserved_tao: tokensOf(account?.balanceReserved ?? null),
    liquidity_tao: tokensOf(account?.balanceLiquidity ?? null),
    root_claimable_tao: tokensOf(account?.rootBasketClaimableTao ?? null),
    rank: account?.rank ?? null,
    block_number: account?.blockNumber ?? null,
    block_at: account?.upstreamAt.toISOString() ?? null,
    as_of,
    trust,
  };
}

function toAccountDayView(day: AccountHistory): AccountDayView {
  return {
    day: day.day,
    wallet: day.address,
    total_tao: tokensOf(day.balanceTotal),
    free_tao: tokensOf(day.balanceFree),
    staked_tao: tokensOf(day.balanceStaked),
    staked_alpha_tao: tokensOf(day.balanceStakedAlphaAsTao),
    staked_root_tao: tokensOf(day.balanceStakedRoot),
    reserved_tao: tokensOf(day.balanceReserved),
    liquidity_tao: tokensOf(day.balanceLiquidity),
    root_claimable_tao: tokensOf(day.rootBasketClaimableTao),
    rank: day.rank,
    block_number: day.blockNumber,
    block_at: day.upstreamAt.toISOString(),
    origin: day.origin,
  };
}
