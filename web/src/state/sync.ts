import { signal } from '@preact/signals';
import { fetchJson, ProblemError } from '../api/fetch-json';
import { isOpen, type Run } from '../api/run';
import { nameText } from '../format/figure';
import { spanText } from '../format/time';

/** The runs that were asked for on this page, until the next request. */
export const requested = signal<Run[]>([]);
export const refusal = signal<string | null>(null);
/** What was asked for with them and is not synced now. */
export const leftOut = signal<LeftOut[]>([]);
export const asking = signal(false);

const POLL_MS = 1_500;
let timer: ReturnType<typeof setInterval> | undefined;

/** A dataset that is not synced now, as `POST /api/v1/tasks/sync` says it. */
interface LeftOut {
  dataset: string;
  code: string;
  retry_after_seconds: number;
}

const LEFT_OUT_BECAUSE: Readonly<Record<string, string>> = {
  'sync/asked-too-soon': 'asked for a moment ago',
  'sync/request-budget-spent': 'requests have spent their share of the limit',
};

/** Asks for a sync of one dataset, or of all, and follows its runs to their end. */
export async function requestSync(dataset?: string): Promise<void> {
  asking.value = true;
  refusal.value = null;
  try {
    const query = dataset === undefined ? '?mode=full' : `?datasets=${encodeURIComponent(dataset)}`;
    const accepted = await fetchJson<{ run_ids: string[]; refused: LeftOut[] }>(`/api/v1/tasks/sync${query}`, {
      method: 'POST',
    });
    leftOut.value = accepted.refused;
    requested.value = await Promise.all(accepted.run_ids.map(readRun));
    clearInterval(timer);
    timer = setInterval(() => void followAll(), POLL_MS);
  } catch (error) {
    refusal.value = error instanceof ProblemError ? error.message : 'The service does not answer.';
  } finally {
    asking.value = false;
  }
}

/** The stream says that a run moved on. */
export function followRun({ id }: { id: string }): void {
  if (requested.value.some((run) => run.id === id && isOpen(run))) void follow(id);
}

/** What became of the request, in one line; null when nothing was asked. */
export function outcomeText(): string | null {
  if (refusal.value !== null) return `Not accepted: ${refusal.value}`;
  const runs = requested.value;
  if (runs.length === 0) return null;
  const open = runs.filter(isOpen);
  const ended = runs.filter((run) => !isOpen(run)).map(endText);
  const waiting = open.length === 0 ? [] : [`${open.map((run) => nameText(run.dataset)).join(', ')}: ${stateOf(open)}`];
  return [...ended, ...waiting, ...leftOutTexts()].join(' · ');
}

/** One text for each reason; the wait is the longest, so that it holds for all. */
function leftOutTexts(): string[] {
  const { value } = leftOut;
  return [...new Set(value.map(({ code }) => code))].map((reason) => {
    const alike = value.filter(({ code }) => code === reason);
    const names = alike.map(({ dataset }) => nameText(dataset)).join(', ');
    const seconds = Math.max(...alike.map(({ retry_after_seconds }) => retry_after_seconds));
    return `${names}: not now, ${LEFT_OUT_BECAUSE[reason] ?? reason}, again in ${spanText(seconds)}`;
  });
}

function stateOf(open: Run[]): string {
  return open.some((run) => run.state === 'running') ? 'syncing' : 'queued';
}

function endText(run: Run): string {
  const name = nameText(run.dataset);
  if (run.state === 'applied') return `${name}: ${run.rows_changed} of ${run.rows_seen} rows changed`;
  if (run.state === 'confirmed') return `${name}: nothing new`;
  return `${name}: ${run.state}${run.reason === null ? '' : `, ${run.reason}`}`;
}

async function followAll(): Promise<void> {
  const open = requested.value.filter(isOpen);
  if (open.length === 0) clearInterval(timer);
  await Promise.allSettled(open.map((run) => follow(run.id)));
}

async function follow(id: string): Promise<void> {
  const fresh = await readRun(id);
  requested.value = requested.value.map((run) => (run.id === id ? fresh : run));
}

function readRun(id: string): Promise<Run> {
  return fetchJson<Run>(`/api/v1/runs/${id}`);
}
