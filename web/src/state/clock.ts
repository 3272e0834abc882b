import { signal } from '@preact/signals';

/** What the service's clock reads now, in ms: ages must not depend on the clock of the reader's machine. */
export const nowMs = signal(Date.now());

let offsetMs = 0;

/** Takes the service's time from an answer that has just arrived. */
export function setServiceTime(iso: string): void {
  offsetMs = Date.parse(iso) - Date.now();
  nowMs.value = Date.now() + offsetMs;
}

/** Starts the one tick that moves every age on the page. */
export function startClock(): void {
  setInterval(() => {
    nowMs.value = Date.now() + offsetMs;
  }, 1000);
}

/** Age of a moment in seconds; null stays null. */
export function ageSeconds(iso: string | null): number | null {
  return iso === null ? null : (nowMs.value - Date.parse(iso)) / 1000;
}
