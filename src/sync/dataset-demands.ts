import type { Settings } from '../config';
import type { DatasetDemand } from '../database';
import type { Dataset } from './dataset';

/** What shows and explains the wallets' own figures. */
const WALLET_DATASETS: ReadonlySet<string> = new Set(['positions', 'accounts', 'delegation_events', 'transfers']);

/** What the calls of a run are judged by. */
export interface CallEvidence {
  /** Said by the dataset itself, from what there is to ask now. */
  declared: ReadonlyMap<string, number>;
  /** Mean of the newest runs, retries included. */
  measured: ReadonlyMap<string, number>;
}

/**
 * What each dataset wants of the budget. Calls are what it declares or what its runs made lately, whichever is more: a
 * wallet added now is in no measured run yet, and a retry is in no declaration. Before both it is one.
 */
export function demandsOf(datasets: readonly Dataset[], settings: Settings, evidence: CallEvidence): DatasetDemand[] {
  return datasets.map((dataset) => ({
    dataset: dataset.name,
    configuredSeconds: Math.max(1, Math.round(dataset.intervalMinutes(settings) * 60)),
    callsPerRun: 'fedBy' in dataset ? 0 : callsPerRun(dataset.name, evidence),
    rank: dataset.isCore ? 'core' : WALLET_DATASETS.has(dataset.name) ? 'wallet' : 'other',
  }));
}

function callsPerRun(name: string, { declared, measured }: CallEvidence): number {
  const known = [declared.get(name), measured.get(name)].flatMap((calls) => calls ?? []);
  return known.length === 0 ? 1 : Math.round(100 * Math.max(...known)) / 100;
}
