import {
  BackfillRepository,
  HoldingRepository,
  type Position,
  type PositionHistory,
  SubnetGenerationRepository,
  WalletRepository,
} from '../../database';
import { ENDPOINTS, type StakeBalanceHistoryPayload } from '../../taostats';
import type { StepwiseDataset, WorkContext } from '../dataset';
import { toOutcome } from './account-history.dataset';
import { type HistorySource, walkHistory } from './history-walk';
import { type DayRange, wantedDays } from './history-window';
import { dayOf, generationAt } from './wallet-plan';

const NAME = 'position_history';

/** The positions at the end of each UTC day of the past year, also of those that have ended. */
export const POSITION_HISTORY: StepwiseDataset = {
  name: NAME,
  title: 'Position history',
  tiers: ['deep'],
  isCore: false,
  intervalMinutes: () => 60,
  work: async (context) => {
    const { manager, repository } = context;
    const holdings = repository(HoldingRepository);
    const active = await repository(WalletRepository).active(manager);
    const positions: Position[] = [];
    for (const { address } of active) positions.push(...(await holdings.findPositions(manager, address)));
    const wanted = wantedDays(context.startedAt);
    const windows = positions.map((position) => ({ scope: scopeOf(position), ...windowOf(position, wanted) }));
    await context.write((writer) => repository(BackfillRepository).want(writer, NAME, windows));
    const generations = await repository(SubnetGenerationRepository).allRegistrations(manager);
    const scopes = windows.map(({ scope }) => scope);
    const totals = await walkHistory(context, sourceOf(context, generations), scopes);
    return toOutcome(totals, await holdings.countPositionDays(manager));
  },
};

/** Names a position in `backfills`: `coldkey/hotkey/netuid`. */
export function scopeOf({ coldkey, hotkey, netuid }: Pick<Position, 'coldkey' | 'hotkey' | 'netuid'>): string {
  return `${coldkey}/${hotkey}/${netuid}`;
}

function windowOf({ exitedAt }: Position, { from, to }: DayRange): { windowFrom: string; windowTo: string } {
  const last = exitedAt === null ? to : dayOf(exitedAt);
  return { windowFrom: from, windowTo: last < from ? from : last > to ? to : last };
}

function sourceOf(
  { ask, manager, repository, runId }: WorkContext,
  generations: ReadonlyMap<number, readonly number[]>,
): HistorySource<StakeBalanceHistoryPayload> {
  const holdings = repository(HoldingRepository);
  return {
    dataset: NAME,
    ask: (scope, { query, ...options }) =>
      ask(ENDPOINTS.stakeBalanceHistory, { ...options, query: { ...query, ...keyOf(scope) } }),
    store: (writer, scope, rows) =>
      holdings.storePositionDays(
        writer,
        rows.map((row) => ({ ...keyOf(scope), ...toPositionDay(row, generations), runId })),
      ),
    seenAt: (scope) => holdings.seenDays(manager, keyOf(scope).coldkey),
  };
}

function keyOf(scope: string): { coldkey: string; hotkey: string; netuid: number } {
  const [coldkey = '', hotkey = '', netuid = ''] = scope.split('/');
  return { coldkey, hotkey, netuid: Number(netuid) };
}

function toPositionDay(
  row: StakeBalanceHistoryPayload,
  generations: ReadonlyMap<number, readonly number[]>,
): Omit<PositionHistory, 'coldkey' | 'hotkey' | 'netuid' | 'runId'> {
  const upstreamAt = new Date(row.timestamp);
  return {
    day: dayOf(upstreamAt),
    registrationBlockNumber: generationAt(generations.get(row.netuid) ?? [], row.block_number),
    blockNumber: row.block_number,
    upstreamAt,
    balance: row.balance,
    balanceAsTao: row.balance_as_tao,
    origin: 'history',
  };
}
