import { signal } from '@preact/signals';
import { fetchJson, ProblemError } from '../api/fetch-json';
import type { Run } from '../api/run';
import type { TrustHistory } from '../api/trust-history';
import type { TrustPack } from '../api/trust-pack';
import { setServiceTime } from './clock';

export const pack = signal<TrustPack | null>(null);
export const history = signal<TrustHistory | null>(null);
export const runs = signal<Run[] | null>(null);
export const failedOnly = signal(false);

/** Since when the service does not answer, and what was tried; null while it does. */
export const unreachable = signal<{ since: number; problem: string } | null>(null);

const RUNS_SHOWN = 40;
/** States that `failed only` asks for; the ledger is asked for each because it filters by one. */
const FAILED_STATES = ['failed', 'protected', 'interrupted', 'fenced'];

/** Reads the trust pack; keeps the last one when the service does not answer. */
export async function loadPack(): Promise<void> {
  try {
    const fresh = await fetchJson<TrustPack>('/api/v1/trust-pack');
    setServiceTime(fresh.generated_at);
    pack.value = fresh;
    unreachable.value = null;
  } catch (error) {
    unreachable.value = { since: unreachable.value?.since ?? Date.now(), problem: problemOf(error) };
  }
}

/** Reads what changes only when a run ends. A failure keeps what is shown: `loadPack` is the one to say so. */
export async function loadLedger(): Promise<void> {
  const [freshHistory, freshRuns] = await Promise.allSettled([
    fetchJson<TrustHistory>('/api/v1/trust-pack/history'),
    failedOnly.value ? loadFailedRuns() : loadRuns(''),
  ]);
  if (freshHistory.status === 'fulfilled') history.value = freshHistory.value;
  if (freshRuns.status === 'fulfilled') runs.value = freshRuns.value;
}

async function loadFailedRuns(): Promise<Run[]> {
  const lists = await Promise.all(FAILED_STATES.map((state) => loadRuns(`&state=${state}`)));
  // Ids are in the order of time.
  return lists
    .flat()
    .sort((a, b) => b.id.localeCompare(a.id))
    .slice(0, RUNS_SHOWN);
}

async function loadRuns(filter: string): Promise<Run[]> {
  return (await fetchJson<{ data: Run[] }>(`/api/v1/runs?limit=${RUNS_SHOWN}${filter}`)).data;
}

function problemOf(error: unknown): string {
  if (error instanceof ProblemError) return `it answers with ${error.status}: ${error.message}`;
  return error instanceof DOMException && error.name === 'TimeoutError' ? 'it is silent' : 'no connection';
}
