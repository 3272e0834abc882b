/** What the forecast of one dataset is made of; a judged dataset has all of it. */
export interface ForecastInputs {
  now: Date;
  /** The moment that the age counts from; null before the first success. */
  asOf: Date | null;
  lastSuccessAt: Date | null;
  intervalSeconds: number;
  criticalSeconds: number;
  nextDueAt: Date;
  consecutiveFailures: number;
  /** No call before then: a pause of the key, used up credits, an open breaker. */
  heldUntil: Date | null;
  /** Length of the last run. */
  runSeconds: number;
}

export const STALENESS_OUTLOOKS = ['unknown', 'in_time', 'at_risk', 'will_be_critical', 'critical'] as const;
/**
 * `in_time`: the next success is expected before the critical age. `at_risk`: expected in time too, but runs are failing.
 * `will_be_critical`: expected too late. `critical`: that age is reached. `unknown`: never synced.
 */
export type StalenessOutlook = (typeof STALENESS_OUTLOOKS)[number];

export interface StalenessForecast {
  /** When the dataset reaches its critical age unless a run succeeds before; null: never synced. */
  staleAt: Date | null;
  nextSuccessAt: Date;
  outlook: StalenessOutlook;
}

/**
 * When a dataset becomes critically stale, and whether the next success comes before. It is expected at the next due time,
 * or when what holds calls back ends, plus the length of a run. While runs fail it is not expected before the failing has
 * lasted twice as long as it has now: of an outage nothing better is known than its age.
 */
export function forecastStaleness(inputs: ForecastInputs): StalenessForecast {
  const nowMs = inputs.now.getTime();
  const beginMs = Math.max(
    nowMs,
    inputs.nextDueAt.getTime(),
    inputs.heldUntil?.getTime() ?? 0,
    nowMs + outageMs(inputs),
  );
  const nextSuccessAt = new Date(beginMs + inputs.runSeconds * 1000);
  if (inputs.asOf === null) return { staleAt: null, nextSuccessAt, outlook: 'unknown' };
  const staleAt = new Date(inputs.asOf.getTime() + inputs.criticalSeconds * 1000);
  return { staleAt, nextSuccessAt, outlook: outlookOf(inputs, staleAt, nextSuccessAt) };
}

function outlookOf({ now, consecutiveFailures }: ForecastInputs, staleAt: Date, nextSuccessAt: Date): StalenessOutlook {
  if (staleAt <= now) return 'critical';
  if (nextSuccessAt >= staleAt) return 'will_be_critical';
  return consecutiveFailures > 0 ? 'at_risk' : 'in_time';
}

/** How long runs have been failing: since the first slot that was missed. */
function outageMs({ now, lastSuccessAt, intervalSeconds, consecutiveFailures }: ForecastInputs): number {
  if (consecutiveFailures === 0 || lastSuccessAt === null) return 0;
  return Math.max(0, now.getTime() - lastSuccessAt.getTime() - intervalSeconds * 1000);
}
