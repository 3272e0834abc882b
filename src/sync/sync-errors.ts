import { AppError, InvalidInputError } from '../common';
import type { RefusedWish } from './admit-requests';

/** Another process has taken the dataset over, or the run was ended for us: nothing of ours may be written. */
export class FencedError extends AppError {
  constructor(dataset: string) {
    super('sync/fenced', `Another process has taken over ${dataset}.`);
  }
}

/** The process ends; the run is given up so that the next process starts clean. */
export class ShutdownError extends AppError {
  constructor() {
    super('sync/shutdown', 'The service ended while the run was under way.');
  }
}

/** 400, naming the datasets that exist. */
export class UnknownDatasetError extends InvalidInputError {
  constructor(name: string, known: readonly string[]) {
    super('sync/unknown-dataset', [
      { field: 'datasets', message: `"${name}" is not a dataset; accepted: ${known.join(', ')}` },
    ]);
  }
}

const REFUSED_BECAUSE: Readonly<Record<RefusedWish['code'], string>> = {
  'sync/asked-too-soon': 'These datasets were asked for a moment ago',
  'sync/request-budget-spent': "The part of TaoStats' limit that requests may use is spent; the schedule goes on",
};

/** Nothing of a request is synced now: 429, with the time at which the first dataset will be. */
export class SyncRequestRefusedError extends AppError {
  constructor(refused: readonly RefusedWish[]) {
    const first = refused.reduce((soonest, wish) => (wish.retryInMs < soonest.retryInMs ? wish : soonest));
    const retryAfterSeconds = Math.max(1, Math.ceil(first.retryInMs / 1000));
    super(first.code, `${REFUSED_BECAUSE[first.code]}: ask again in ${retryAfterSeconds} s`, {
      status: 429,
      retryAfterSeconds,
      fields: refused.map(({ dataset, retryInMs }) => ({
        field: 'datasets',
        message: `${dataset}: again in ${Math.max(1, Math.ceil(retryInMs / 1000))} s`,
      })),
    });
  }
}

/** True for the code of a capability that our plan lacks: shown as such, and nobody's failure. */
export function isNotOnPlan(code: string | null): boolean {
  return code === 'taostats/plan-gated';
}
