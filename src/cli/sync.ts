import { setTimeout as pause } from 'node:timers/promises';
import { EXIT, type ExitCode } from './exit';
import { Progress } from './progress';
import type { ServiceClient } from './service-client';
import type { Report } from './status';
import { plain, table, type Terminal } from './terminal';

const POLL_MS = 500;
const OPEN = new Set(['queued', 'running']);
const GOOD = new Set(['applied', 'confirmed']);

interface Run {
  id: string;
  dataset: string;
  state: string;
  duration_ms: number | null;
  rows_seen: number;
  rows_changed: number;
  reason: string | null;
}

interface Accepted {
  runs: Run[];
  refused: { dataset: string; code: string; retry_after_seconds: number }[];
}

export interface SyncWish {
  datasets: readonly string[];
  mode: string;
  /** Until every run has ended. */
  wait: boolean;
}

/** Asks for syncs now. Which datasets and modes there are, the service knows and says. */
export async function requestSync(service: ServiceClient, wish: SyncWish, terminal: Terminal): Promise<Report> {
  const { datasets, mode, wait } = wish;
  const body = { mode, ...(datasets.length === 0 ? {} : { datasets }) };
  const accepted = await service.json<Accepted>('/api/v1/tasks/sync', { method: 'POST', body });
  const runs = wait ? await untilEnded(service, accepted.runs, terminal) : accepted.runs;
  const rows = runs.map((run) => [
    run.dataset,
    run.state,
    run.duration_ms === null ? '–' : `${run.duration_ms} ms`,
    `${run.rows_changed} of ${run.rows_seen}`,
    run.id,
    run.reason ?? '',
  ]);
  const left = accepted.refused.map(({ dataset, retry_after_seconds: seconds }) => {
    return [dataset, 'refused', '–', '–', '–', `asked for too often, try again in ${seconds} s`];
  });
  return {
    text: table(['dataset', 'state', 'took', 'rows changed', 'run', ''], [...rows, ...left]),
    json: { runs, refused: accepted.refused },
    exitCode: wait ? exitCodeOfRuns(runs) : EXIT.ok,
  };
}

/** 0 when every run brought or confirmed data, 3 when an answer was refused and the old rows stand, else 1. */
export function exitCodeOfRuns(runs: readonly { state: string }[]): ExitCode {
  const bad = runs.filter(({ state }) => !GOOD.has(state));
  if (bad.length === 0) return EXIT.ok;
  return bad.every(({ state }) => state === 'protected') ? EXIT.degraded : EXIT.error;
}

async function untilEnded(service: ServiceClient, asked: readonly Run[], terminal: Terminal): Promise<Run[]> {
  const progress = new Progress(terminal);
  let runs = [...asked];
  try {
    for (;;) {
      const open = runs.filter(({ state }) => OPEN.has(state));
      const now = open.find(({ state }) => state === 'running') ?? open[0];
      progress.show(`syncing ${plain(now?.dataset ?? '')}`, runs.length - open.length, runs.length);
      if (open.length === 0) return runs;
      await pause(POLL_MS);
      runs = await Promise.all(runs.map(async (run) => (OPEN.has(run.state) ? newest(service, run) : run)));
    }
  } finally {
    progress.end();
  }
}

function newest(service: ServiceClient, { id }: Run): Promise<Run> {
  return service.json<Run>(`/api/v1/runs/${encodeURIComponent(id)}`);
}
