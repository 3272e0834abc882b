import { BackfillRepository, HoldingRepository, WalletRepository } from '../../database';
import { type AccountHistoryPayload, ENDPOINTS } from '../../taostats';
import type { StepwiseDataset, WorkContext, WorkOutcome } from '../dataset';
import { worstSetback } from '../step-failure';
import { type HistorySource, type WalkTotals, walkHistory } from './history-walk';
import { type DayRange, wantedDays } from './history-window';
import { toAccountDay } from './wallet-plan';

const NAME = 'account_history';
const AGAIN_SECONDS = 2;

/** The accounts at the end of each UTC day of the past year. The running day comes with the positions. */
export const ACCOUNT_HISTORY: StepwiseDataset = {
  name: NAME,
  title: 'Account history',
  tiers: ['deep'],
  isCore: false,
  intervalMinutes: () => 60,
  work: async (context) => {
    const { manager, repository } = context;
    const indexed = await repository(HoldingRepository).accountStarts(manager);
    const active = await repository(WalletRepository).active(manager);
    const addresses = active.map(({ address }) => address).filter((address) => indexed.has(address));
    const { from, to } = wantedDays(context.startedAt);
    const windows = addresses.map((scope) => ({
      scope,
      windowFrom: laterDay(indexed.get(scope) ?? null, { from, to }),
      windowTo: to,
    }));
    await context.write((writer) => repository(BackfillRepository).want(writer, NAME, windows));
    const totals = await walkHistory(context, sourceOf(context), addresses);
    return toOutcome(totals, await repository(HoldingRepository).countAccountDays(manager));
  },
};

/** The day on which an account was made where that lies in the range; else the range's first. */
function laterDay(createdOn: string | null, { from, to }: DayRange): string {
  if (createdOn === null || !/^\d{4}-\d\d-\d\d$/.test(createdOn) || Number.isNaN(Date.parse(createdOn))) return from;
  return createdOn > from && createdOn <= to ? createdOn : from;
}

function sourceOf({ ask, manager, repository, runId }: WorkContext): HistorySource<AccountHistoryPayload> {
  const holdings = repository(HoldingRepository);
  return {
    dataset: NAME,
    ask: (address, { query, ...options }) =>
      ask(ENDPOINTS.accountHistory, { ...options, query: { ...query, address } }),
    store: (writer, address, rows) =>
      holdings.storeAccountDays(
        writer,
        rows.map((row) => ({ ...toAccountDay(row, runId), address, origin: 'history', positionsSeenAt: null })),
      ),
    seenAt: (address) => holdings.seenDays(manager, address),
  };
}

/** How a run of walks ends; it goes on soon while some could. */
export function toOutcome(totals: WalkTotals, recordCount: number): WorkOutcome {
  const { rowsSeen, rowsChanged, rejected, setbacks, waiting } = totals;
  return {
    recordCount,
    rowsSeen,
    rowsChanged,
    rejected,
    // Days of the past say nothing about how fresh the dataset is.
    upstreamAt: null,
    upstreamBlock: null,
    setback: worstSetback(setbacks),
    ...(waiting > 0 ? { againInSeconds: AGAIN_SECONDS } : {}),
  };
}
