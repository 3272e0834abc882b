import type { DatasetState, Trust } from '../api/trust-pack';
import type { Tone } from './status-sentence';

/** How each state of a dataset reads, and what it wants of the reader. */
export const STATE_WORDS: Readonly<Record<DatasetState, { word: string; tone: Tone }>> = {
  on_time: { word: 'on time', tone: 'ok' },
  on_track: { word: 'on track', tone: 'info' },
  late: { word: 'late', tone: 'warn' },
  error: { word: 'error', tone: 'warn' },
  action_required: { word: 'action required', tone: 'act' },
  not_on_your_plan: { word: 'not on your plan', tone: 'none' },
  pending: { word: 'pending', tone: 'none' },
  syncing: { word: 'syncing', tone: 'info' },
  protected: { word: 'protected', tone: 'info' },
};

export const TRUST_WORDS: Readonly<Record<Trust, { word: string; tone: Tone }>> = {
  ok: { word: 'trusted', tone: 'ok' },
  stale: { word: 'stale', tone: 'warn' },
  protected: { word: 'protected', tone: 'info' },
  drift: { word: 'drift', tone: 'warn' },
  unknown: { word: 'unknown', tone: 'none' },
};

/** How a run ended. */
export function runTone(state: string): Tone {
  if (state === 'applied' || state === 'confirmed') return 'ok';
  if (state === 'protected' || state === 'queued' || state === 'running') return 'info';
  return state === 'failed' ? 'warn' : 'none';
}

/** `46 ok, 1 protected, 1 failed`. */
export function beatsText(states: readonly string[]): string {
  if (states.length === 0) return 'no run yet';
  const counts = new Map<string, number>();
  for (const state of states) {
    const word = state === 'applied' || state === 'confirmed' ? 'ok' : state;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
}
