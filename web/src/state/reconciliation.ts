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

/** Reads the newest one that ended; what is shown stays when that fails. */
export async function loadReconciliation(): Promise<void> {
  try {
    const { data } = await fetchJson<{ data: { id: string; verdict: string | null }[] }>(
      `${PATH}/runs?limit=${RECENT}`,
    );
    const newest = data.find((run) => run.verdict !== null);
    if (newest === undefined) {
      reconciliation.value ??= 'none';
      return;
    }
    const known = reconciliation.peek();
    if (known === null || known === 'none' || known.id !== newest.id || known.repair !== null) {
      reconciliation.value = (await fetchJson<{ data: Reconciliation }>(`${PATH}/runs/${newest.id}`)).data;
    }
    if (awaited !== newest.id) return;
    awaited = null;
    reconcileOutcome.value = null;
  } catch {
    // `loadPack` is the one to say that the service does not answer.
  }
}

/** Asks for one now, whatever the flag says. */
export async function requestReconciliation(): Promise<void> {
  try {
    const { run_id } = await fetchJson<{ run_id: string }>(`${PATH}/run`, { method: 'POST' });
    awaited = run_id;
    const timer = setInterval(() => {
      if (awaited === run_id) void loadReconciliation();
      else clearInterval(timer);
    }, POLL_MS);
    reconcileOutcome.value = 'Under way: a second reading is asked for.';
  } catch (error) {
    reconcileOutcome.value = `Not accepted: ${error instanceof ProblemError ? error.message : 'the service does not answer'}`;
  }
}
