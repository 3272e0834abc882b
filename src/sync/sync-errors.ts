import { AppError, InvalidInputError } from '../common';

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

/** True for the code of a capability that our plan lacks: shown as such, and nobody's failure. */
export function isNotOnPlan(code: string | null): boolean {
  return code === 'taostats/plan-gated';
}
