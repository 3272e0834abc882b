import { PriceHistory, PriceHistoryRepository } from '../../database';
import { ENDPOINTS, type OhlcPayload } from '../../taostats';
import type { StepwiseDataset } from '../dataset';
import { mapRows, timeFault } from '../map-rows';
import { toSeconds } from './event-windows';

const SIX_HOURS_MINUTES = 360;
/** Alpha began here, and with it everything whose cost in USD may be asked for. */
const FIRST_DAY = '2025-02-13';
const DAY_MS = 86_400_000;

/**
 * The price of TAO by UTC day. The first run reads all of it, 200 days a page; later ones only what is missing and the
 * day that is not over, whose row is replaced until it is.
 */
export const PRICE_HISTORY: StepwiseDataset = {
  name: 'price_history',
  title: 'Price history',
  tiers: ['deep'],
  isCore: false,
  intervalMinutes: () => SIX_HOURS_MINUTES,
  async work(context) {
    const { ask, manager, repository, runId, startedAt } = context;
    const days = repository(PriceHistoryRepository);
    const missing = await days.firstMissingDay(manager, FIRST_DAY);
    const today = new Date(startedAt.toISOString().slice(0, 10));
    const from = missing === null ? today : new Date(missing);
    const fetched = await ask(ENDPOINTS.taoPriceOhlc, {
      query: { asset: 'tao', period: '1d', timestamp_start: toSeconds(from) },
    });
    const newestMs = Math.max(...fetched.rows.map((row) => Date.parse(row.timestamp)));
    const { rows, rejected } = mapRows(fetched, {
      keyOf: (payload: OhlcPayload) => payload.timestamp,
      findFault,
      toRow: (payload) => toRow(payload, { runId, startedAt, newestMs }),
    });
    const rowsChanged = await context.write((tx) => days.store(tx, rows));
    return {
      recordCount: await days.count(manager),
      rowsSeen: fetched.rows.length + fetched.rejected.length,
      rowsChanged,
      rejected,
      // A day is dated by its beginning, which says nothing about how new its figures are.
      upstreamAt: null,
      upstreamBlock: null,
      setback: null,
    };
  },
};

function findFault(payload: OhlcPayload): string | null {
  const startMs = Date.parse(payload.timestamp);
  if (startMs % DAY_MS !== 0) return 'timestamp must be the beginning of a UTC day';
  return timeFault('timestamp', payload.timestamp);
}

interface Reading {
  runId: string;
  startedAt: Date;
  newestMs: number;
}

function toRow(payload: OhlcPayload, { runId, startedAt, newestMs }: Reading): PriceHistory {
  const startMs = Date.parse(payload.timestamp);
  return Object.assign(new PriceHistory(), {
    day: new Date(startMs).toISOString().slice(0, 10),
    open: payload.open,
    high: payload.high,
    low: payload.low,
    close: payload.close,
    volume24h: payload.volume_24h,
    // Upstream may not have noticed yet that its newest day is over.
    isFinished: startMs !== newestMs && startMs + DAY_MS <= startedAt.getTime(),
    runId,
  });
}
