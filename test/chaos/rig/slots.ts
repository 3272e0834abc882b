/** A run as the ledger has it; times in ms. */
export interface SlotRun {
  id: string;
  dataset: string;
  state: string;
  owner: string | null;
  queuedAtMs: number;
  startedAtMs: number | null;
  finishedAtMs: number | null;
}

export interface SlotRules {
  intervalMs: number;
  /** How much later than it is due a run may be planned: time moves in steps. */
  graceMs: number;
  /** When the ledger was read. */
  untilMs: number;
  /** Whether the process of a run was ended on purpose. */
  isDead(owner: string | null): boolean;
}

const GOOD = new Set(['applied', 'confirmed']);

/**
 * Judges the runs of one dataset, oldest first: each slot is planned when it is due, stored by one run and by no second,
 * and none is left out. The next slot is due an interval after the start of the run that stored the last; one that the
 * end of its process cut short is made up for at once.
 */
export function findSlotFaults(runs: readonly SlotRun[], rules: SlotRules): string[] {
  const faults: string[] = [];
  let dueAtMs: number | null = null;
  for (const run of runs) {
    const lateMs = dueAtMs === null ? 0 : run.queuedAtMs - dueAtMs;
    if (lateMs < 0) faults.push(`${nameOf(run)} came ${-lateMs} ms before its slot: the slot before ran twice`);
    if (lateMs > rules.graceMs) faults.push(`${nameOf(run)} came ${lateMs} ms after its slot: slots are missing`);
    if (!isAsItShould(run, rules)) faults.push(`${nameOf(run)} ended as ${run.state}`);
    dueAtMs = nextDueMs(run, rules.intervalMs);
  }
  const last = runs.at(-1);
  if (last === undefined) return ['there is no run at all'];
  if (dueAtMs !== null && rules.untilMs - dueAtMs > rules.graceMs) faults.push(`nothing came after ${nameOf(last)}`);
  return faults;
}

function isAsItShould(run: SlotRun, { isDead }: SlotRules): boolean {
  return GOOD.has(run.state) || run.finishedAtMs === null || (run.state === 'interrupted' && isDead(run.owner));
}

/** Null while the run is under way. */
function nextDueMs(run: SlotRun, intervalMs: number): number | null {
  if (run.finishedAtMs === null) return null;
  if (!GOOD.has(run.state)) return run.finishedAtMs;
  return Math.max(run.finishedAtMs, (run.startedAtMs ?? run.finishedAtMs) + intervalMs);
}

function nameOf({ dataset, id, state }: SlotRun): string {
  return `run ${id} of ${dataset} (${state})`;
}
