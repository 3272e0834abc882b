import {
  type Backfill,
  BackfillRepository,
  type BackfillWindow,
  type HeldSubnet,
  HeldSubnetRepository,
  PoolHistory,
  SnapshotRepository,
} from '../../database';
import { ENDPOINTS, type PoolHistoryPayload } from '../../taostats';
import type { StepwiseDataset, WorkContext, WorkOutcome } from '../dataset';
import { mapRows, netuidFault, timeFault } from '../map-rows';
import { BACKFILL_DEADLINE_MS, isWithoutTurn, stepFailure, worstSetback } from '../step-failure';
import { toSeconds } from './event-windows';
import { addDays, nextDays, planWalk, scopeOf, wantedDays } from './pool-day-plan';

const NAME = 'pool_history';
const HOUR_MINUTES = 60;
/** Calls of one run; what needs more goes on in the next. A year of one subnet is two. */
const MOST_CALLS = 20;
const MOST_MS = 30_000;
const MOST_PAGES = 4;
const AGAIN_SECONDS = 30;
const RETRY_SECONDS = 3_600;
const DAY_SECONDS = 86_400;

/**
 * A year of daily pools for each subnet that is held, filled in behind everything else, not before the subnet of today
 * was registered. From then on our own snapshots are the history; days that they missed are asked for.
 */
export const POOL_HISTORY: StepwiseDataset = {
  name: NAME,
  title: 'Pool history',
  tiers: ['deep'],
  isCore: false,
  intervalMinutes: () => HOUR_MINUTES,
  work: fillIn,
};

/** A walk of one subnet, and the days that it lacks. */
interface OpenWalk {
  subnet: HeldSubnet;
  walk: Backfill;
  missing: readonly string[];
}

async function fillIn(context: WorkContext): Promise<WorkOutcome> {
  const { manager, repository } = context;
  const open = await findOpen(context);
  const outcome: WorkOutcome = {
    recordCount: 0,
    rowsSeen: 0,
    rowsChanged: 0,
    rejected: [],
    // Days are old by nature: what counts is when they were last looked for.
    upstreamAt: null,
    upstreamBlock: null,
    setback: null,
  };
  const setbacks = [];
  for (const walk of open) {
    if (context.calls() >= MOST_CALLS || context.elapsedMs() >= MOST_MS) {
      outcome.againInSeconds = AGAIN_SECONDS;
      break;
    }
    const step = await advance(context, walk);
    if (step === null) {
      outcome.againInSeconds = AGAIN_SECONDS;
      break;
    }
    outcome.rowsSeen += step.rowsSeen;
    outcome.rowsChanged += step.rowsChanged;
    outcome.rejected = [...outcome.rejected, ...step.rejected];
    setbacks.push(...(step.setback === null ? [] : [step.setback]));
  }
  outcome.setback = worstSetback(setbacks);
  outcome.recordCount = await repository(HeldSubnetRepository).countPoolDays(manager);
  return outcome;
}

/** Wants what is missing, and answers the walks that may go on now. */
async function findOpen(context: WorkContext): Promise<OpenWalk[]> {
  const { manager, repository, startedAt } = context;
  const [held, backfills] = [repository(HeldSubnetRepository), repository(BackfillRepository)];
  const today = startedAt.toISOString().slice(0, 10);
  const known = new Map((await backfills.list(NAME)).map((walk) => [walk.scope, walk]));
  const subnets = new Map<string, Omit<OpenWalk, 'walk'>>();
  const windows: BackfillWindow[] = [];
  for (const subnet of await held.subnets(manager)) {
    const wanted = wantedDays(subnet, today);
    if (wanted === null) continue;
    const missing = await held.missingPoolDays(manager, subnet, wanted);
    const window = planWalk(subnet, { missing, walked: known.get(scopeOf(subnet)), today });
    if (window !== null) windows.push(window);
    subnets.set(scopeOf(subnet), { subnet, missing });
  }
  await context.write((tx) => backfills.want(tx, NAME, windows));
  const walks = await backfills.open(manager, NAME, [...subnets.keys()]);
  return walks.flatMap((walk) => {
    const found = subnets.get(walk.scope);
    return found === undefined ? [] : { walk, ...found };
  });
}

type Step = Pick<WorkOutcome, 'rowsSeen' | 'rowsChanged' | 'rejected' | 'setback'>;

const NOTHING: Step = { rowsSeen: 0, rowsChanged: 0, rejected: [], setback: null };

/** One subnet's walk as far as it goes; null when it did not get its turn. */
async function advance(context: WorkContext, { subnet, walk, missing }: OpenWalk): Promise<Step | null> {
  const backfills = context.repository(BackfillRepository);
  const step = { dataset: NAME, scope: walk.scope };
  const callsBefore = context.calls();
  const days = nextDays(walk, missing);
  if (days === null) {
    await context.write((tx) => backfills.advance(tx, { ...step, doneTo: walk.windowTo, pages: 0, calls: 0 }));
    return NOTHING;
  }
  try {
    const { rows, rejected, pages, doneTo } = await askDays(context, subnet, days);
    await context.repository(SnapshotRepository).ensurePartitions(
      context.manager,
      PoolHistory,
      rows.map((row) => row.timestamp),
    );
    const rowsChanged = await context.write(async (tx) => {
      await backfills.advance(tx, { ...step, doneTo, pages, calls: context.calls() - callsBefore });
      return context.repository(SnapshotRepository).appendHistory(tx, PoolHistory, rows);
    });
    return { rowsSeen: rows.length + rejected.length, rowsChanged, rejected, setback: null };
  } catch (error) {
    if (isWithoutTurn(error) && context.calls() === callsBefore) return null;
    const setback = stepFailure(error);
    if (setback === null || setback.endsRun) throw error;
    const { reason } = setback;
    const calls = context.calls() - callsBefore;
    await context.write((tx) => backfills.setBack(tx, { ...step, calls, reason, retryInSeconds: RETRY_SECONDS }));
    context.warn(`netuid ${subnet.netuid}: ${reason}`);
    return { ...NOTHING, setback: { ...setback, reason: `netuid ${subnet.netuid}: ${reason}` } };
  }
}

async function askDays(context: WorkContext, subnet: HeldSubnet, { from, to }: { from: string; to: string }) {
  const { netuid, registrationBlockNumber } = subnet;
  const fetched = await context.ask(ENDPOINTS.poolHistory, {
    query: {
      netuid,
      frequency: 'by_day',
      timestamp_start: toSeconds(new Date(from)),
      timestamp_end: toSeconds(new Date(to)) + DAY_SECONDS - 1,
    },
    maxPages: MOST_PAGES,
    priority: 'backfill',
    deadlineMs: BACKFILL_DEADLINE_MS,
    cache: 'bypass',
  });
  // Before its registration the netuid was another subnet's.
  const own = fetched.rows.filter((row) => row.block_number >= (registrationBlockNumber ?? 0));
  const { rows, rejected } = mapRows(
    { ...fetched, rows: own },
    {
      keyOf: (payload: PoolHistoryPayload) => `${payload.netuid}/${payload.block_number}`,
      findFault: (payload) => netuidFault(payload) ?? timeFault('timestamp', payload.timestamp),
      toRow: (payload) => toRow(payload, registrationBlockNumber, context.runId),
    },
  );
  const last = rows.at(-1);
  const cutAt = last === undefined ? null : addDays(last.timestamp.toISOString().slice(0, 10), -1);
  return { rows, rejected, pages: fetched.pages, doneTo: fetched.complete ? to : cutAt };
}

function toRow(payload: PoolHistoryPayload, registrationBlockNumber: number | null, runId: string): PoolHistory {
  return Object.assign(new PoolHistory(), {
    netuid: payload.netuid,
    blockNumber: payload.block_number,
    registrationBlockNumber,
    timestamp: new Date(payload.timestamp),
    price: payload.price,
    marketCap: payload.market_cap,
    liquidity: payload.liquidity,
    totalTao: payload.total_tao,
    totalAlpha: payload.total_alpha,
    alphaInPool: payload.alpha_in_pool,
    alphaStaked: payload.alpha_staked,
    rootProp: payload.root_prop,
    rank: payload.rank,
    startupMode: payload.startup_mode,
    feeRate: payload.fee_rate,
    runId,
  });
}
