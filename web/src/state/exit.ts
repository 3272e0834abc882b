import { signal } from '@preact/signals';
import { fetchJson, ProblemError } from '../api/fetch-json';
import type { ExitCurveAnswer } from '../api/portfolio';

/** The subnet whose exit is looked at; null: the one that costs most. */
export const exitNetuid = signal<number | null>(null);
export const exitCurve = signal<ExitCurveAnswer | null>(null);
export const exitProblem = signal<string | null>(null);

const STEPS = 20;

/** Reads what selling `alpha` step by step would bring; answers that come late are for another subnet and dropped. */
export async function loadExitCurve(netuid: number, alpha: string, isWanted: () => boolean): Promise<void> {
  const path = `/api/v1/subnets/${netuid}/exit-curve?amount=${encodeURIComponent(alpha)}&steps=${STEPS}`;
  try {
    const answer = await fetchJson<ExitCurveAnswer>(path);
    if (!isWanted()) return;
    exitCurve.value = answer;
    exitProblem.value = null;
  } catch (error) {
    if (isWanted()) exitProblem.value = error instanceof ProblemError ? error.message : 'The service does not answer.';
  }
}
