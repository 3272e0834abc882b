import type { DatedDatasets, EventProgress, HistoryProgress, Wallet, WalletStanding } from '../database';
import type { Settings } from '../config';
import { WALLET_DATASETS } from '../database';
import { walletAgeOf } from './wallet-age';
import { type HistoryState, STATE_WORDS, type WalletHistoryView, type WalletView } from './wallet.view';
import type { WalletDatasetView, WalletStandingView } from './wallet.view';

/** What a wallet's view is made of beside the wallet itself. */
export interface WalletBackground {
  dated: DatedDatasets;
  settings: Settings;
  histories: readonly HistoryProgress[];
  events: readonly EventProgress[];
}

const HISTORIES = ['position_history', 'account_history', 'delegation_events', 'transfers'] as const;

export function toWalletView(standing: WalletStanding, background: WalletBackground): WalletView {
  const { wallet } = standing;
  return {
    address: wallet.address,
    label: wallet.label,
    active: wallet.isActive,
    origin: wallet.origin,
    created_at: wallet.createdAt.toISOString(),
    updated_at: wallet.updatedAt.toISOString(),
    deleted_at: wallet.deletedAt?.toISOString() ?? null,
    datasets: Object.fromEntries(
      WALLET_DATASETS.map((dataset) => [dataset, toDatasetView(dataset, standing, background)]),
    ),
    history: toHistoryViews(wallet, HISTORIES, background),
  };
}

/** How much of a wallet's past is there in each of `datasets`. */
export function toHistoryViews(
  { address }: Wallet,
  datasets: readonly string[],
  { histories, events }: Pick<WalletBackground, 'histories' | 'events'>,
): Record<string, WalletHistoryView> {
  return Object.fromEntries(
    datasets.map((dataset) => {
      const walk = histories.find((entry) => entry.address === address && entry.dataset === dataset);
      const read = events.find(({ cursor }) => cursor.wallet === address && cursor.dataset === dataset);
      return [dataset, walk === undefined ? toEventsView(read) : toHistoryView(walk)];
    }),
  );
}

/** The wallet as lists of `dataset` name it. */
export function toStandingView(
  dataset: string,
  standing: WalletStanding,
  { dated, settings }: Pick<WalletBackground, 'dated' | 'settings'>,
): WalletStandingView {
  const { state, description, trust, as_of } = toDatasetView(dataset, standing, { dated, settings });
  return { address: standing.wallet.address, label: standing.wallet.label, state, description, trust, as_of };
}

function toDatasetView(
  dataset: string,
  { states }: WalletStanding,
  { dated, settings }: Pick<WalletBackground, 'dated' | 'settings'>,
): WalletDatasetView {
  const found = states.find((entry) => entry.dataset === dataset);
  const age = walletAgeOf(dataset, found, dated, settings);
  const state = found?.state ?? 'pending';
  return {
    state,
    description: STATE_WORDS[state],
    trust: age.trust,
    as_of: age.asOf?.toISOString() ?? null,
    last_success_at: found?.lastSuccessAt?.toISOString() ?? null,
    last_attempt_at: found?.lastAttemptAt?.toISOString() ?? null,
    block_number: found?.upstreamBlock ?? null,
    reason_code: found?.reasonCode ?? null,
    reason: found?.reason ?? null,
  };
}

const NOT_BEGUN: WalletHistoryView = {
  state: 'pending',
  from: null,
  to: null,
  completeness: null,
  gaps: 0,
  calls: 0,
  reason: null,
};

function toHistoryView(progress: HistoryProgress): WalletHistoryView {
  return {
    state: historyState(progress),
    from: progress.from,
    to: progress.to,
    completeness: share(progress.daysRead, progress.daysWanted),
    gaps: 0,
    calls: progress.calls,
    reason: progress.reason,
  };
}

function historyState({ walks, completeWalks, daysRead, reason }: HistoryProgress): HistoryState {
  if (completeWalks === walks) return 'complete';
  if (reason !== null) return 'failed';
  return daysRead === 0 ? 'pending' : 'running';
}

const CURSOR_STATES = { behind: 'running', current: 'complete', failed: 'failed' } as const;

function toEventsView(progress: EventProgress | undefined): WalletHistoryView {
  if (progress === undefined) return NOT_BEGUN;
  const { cursor, openGaps } = progress;
  const begin = cursor.completeFrom.getTime();
  return {
    state: CURSOR_STATES[cursor.state],
    from: cursor.completeFrom.toISOString(),
    to: cursor.wantedTo.toISOString(),
    completeness: share(cursor.completeTo.getTime() - begin, cursor.wantedTo.getTime() - begin),
    gaps: openGaps,
    calls: cursor.calls,
    reason: cursor.reason,
  };
}

/** Rounded down, so that 1 is only what is whole. */
function share(part: number, whole: number): number {
  if (whole <= 0) return 1;
  return Math.floor(Math.min(1, Math.max(0, part / whole)) * 10_000) / 10_000;
}
