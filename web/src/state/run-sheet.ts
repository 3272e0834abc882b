import { signal } from '@preact/signals';
import { fetchJson } from '../api/fetch-json';
import type { Run } from '../api/run';
import { history } from './trust';

/** The dataset whose runs are looked at one by one; the address of the page holds it. */
export const openDataset = signal<string | null>(null);
/** The run that was pointed at. */
export const pointedRun = signal<string | null>(null);
export const openedRuns = signal<{ dataset: string; runs: Run[] } | null>(null);

const PATH = /^#trust\/([a-z_]+)$/;
const SHOWN = 48;

export function startRunSheet(): void {
  const follow = (): void => {
    openDataset.value = PATH.exec(location.hash)?.[1] ?? null;
    if (openDataset.value === null) pointedRun.value = null;
    void loadOpenRuns();
  };
  addEventListener('hashchange', follow);
  follow();
}

export function openRuns(dataset: string, run: string | null = null): void {
  pointedRun.value = run;
  location.hash = `#trust/${dataset}`;
}

export function closeRuns(): void {
  if (openDataset.value !== null) location.hash = '#trust';
}

/** Reads the runs of the dataset that is open, if one is; what is shown stays when that fails. */
export async function loadOpenRuns(): Promise<void> {
  const dataset = openDataset.peek();
  if (dataset === null) return;
  try {
    const fed = await feederOf(dataset);
    const { data } = await fetchJson<{ data: Run[] }>(`/api/v1/runs?limit=${SHOWN}&dataset=${fed}`);
    if (openDataset.peek() === dataset) openedRuns.value = { dataset, runs: data };
  } catch {
    // `loadPack` is the one to say that the service does not answer.
  }
}

/** One answer can feed two datasets, and then only one of them has runs: the one that its beats are of. */
async function feederOf(dataset: string): Promise<string> {
  const beat = history.peek()?.datasets[dataset]?.beats.at(-1);
  return beat === undefined ? dataset : (await fetchJson<Run>(`/api/v1/runs/${beat.run_id}`)).dataset;
}
