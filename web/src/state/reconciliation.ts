import { signal } from '@preact/signals';
import { fetchJson, ProblemError } from '../api/fetch-json';
import type { Reconciliation } from '../api/reconciliation';

/** `none`: there has been none yet; null: not read yet. */
export const reconciliation = signal<Reconciliation | 'none' | null>(null);
export const reconcileOutcome = signal<string | null>(null);

const PATH = '/api/v1/reconciliation';
const RECENT = 5;
const POLL_MS = 2_000;
/** The run that was asked for here, until it has ended. */
let awaited: string | null = null;
let timer: ReturnType<typeof setInterval> | undefined;

interface Summary {
  id: string;
  verdict: string | null;
  repair_state: string | null;
}

/** Reads the newest one that ended; what is shown stays when that fails. */
export async function loadReconciliation(): Promise<void> {
  try {
    const { data } = await fetchJson<{ data: Summary[] }>(`${PATH}/runs?limit=${RECENT}`);
    const newest = data.find((run) => run.verdict !== null);
    if (newest === undefined) reconciliation.value ??= 'none';
    else if (!isShown(newest)) {
      reconciliation.value = (await fetchJson<{ data: Reconciliation }>(`${PATH}/runs/${newest.id}`)).data;
    }
  } catch {
    // `loadPack` is the one to say that the service does not answer.
  }
}

/** An ended run changes no more but for its repair. */
function isShown({ id, repair_state }: Summary): boolean {
  const shown = reconciliation.peek();
  return shown !== null && shown !== 'none' && shown.id === id && (shown.repair?.state ?? null) === repair_state;
}

/** Asks for one now, whatever the flag says, and follows it to its end. */
export async function requestReconciliation(): Promise<void> {
  try {
    awaited = (await fetchJson<{ run_id: string }>(`${PATH}/run`, { method: 'POST' })).run_id;
    clearInterval(timer);
    timer = setInterval(() => void follow(), POLL_MS);
    reconcileOutcome.value = 'Under way: a second reading is asked for.';
  } catch (error) {
    reconcileOutcome.value = `Not accepted: ${error instanceof ProblemError ? error.message : 'the service does not answer'}`;
  }
}

/** By its own id: when it has ended another may have ended after it. */
async function follow(): Promise<void> {
  try {
    const { data } = await fetchJson<{ data: Reconciliation }>(`${PATH}/runs/${awaited}`);
    if (data.id !== awaited || data.finished_at === null) return;
    awaited = null;
    clearInterval(timer);
    await loadReconciliation();
    reconcileOutcome.value = null;
  } catch {
    // As said above: it is asked again.
  }
}
