import { signal } from '@preact/signals';
import { stored, store } from './storage';

const KEY = 'muted-errors';
const DAY_MS = 86_400_000;

/** Errors that this browser does not want to see, by fingerprint, each until a moment in ms. */
export const muted = signal<Readonly<Record<string, number>>>(read());

export function muteForADay(fingerprint: string): void {
  write({ ...muted.value, [fingerprint]: Date.now() + DAY_MS });
}

export function unmute(fingerprint: string): void {
  const { [fingerprint]: _, ...rest } = muted.value;
  write(rest);
}

export function isMuted(fingerprint: string): boolean {
  return (muted.value[fingerprint] ?? 0) > Date.now();
}

function write(next: Readonly<Record<string, number>>): void {
  muted.value = Object.fromEntries(Object.entries(next).filter(([, untilMs]) => untilMs > Date.now()));
  store(KEY, JSON.stringify(muted.value));
}

function read(): Readonly<Record<string, number>> {
  try {
    const kept: unknown = JSON.parse(stored(KEY) ?? '{}');
    if (typeof kept !== 'object' || kept === null) return {};
    return Object.fromEntries(
      Object.entries(kept).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
    );
  } catch {
    return {};
  }
}
