import { signal } from '@preact/signals';
import { loadLedger, loadPack } from './trust';
import { loadAlerts } from './alerts';
import { loadReconciliation } from './reconciliation';
import { loadOpenRuns } from './run-sheet';
import { followRun } from './sync';

export type LiveState = 'connecting' | 'live' | 'polling';

export const live = signal<LiveState>('connecting');
/** Events that were missed during the last break and came after it; 0 when none. */
export const caughtUp = signal(0);

/** With the stream the pack is read when something happens; this is for ages that only time changes. */
const HEARTBEAT_MS = 20_000;
const POLL_MS = 5_000;
/** Events come in bursts (a run ends, its dataset moves): one reading serves them all. */
const GATHER_MS = 250;
/** The service looks at its database every two seconds: its pack can be older than an event, so it is read once more. */
const SETTLED_MS = 3_000;

let lastLoadMs = 0;
/** What no burst of runs changes is not read with each of them, only after the last. */
let lastSlowMs = 0;
let gathering: ReturnType<typeof setTimeout> | undefined;
let settling: ReturnType<typeof setTimeout> | undefined;
let source: EventSource | null = null;

/** Keeps the figures current: by events while the stream stands, by asking while it does not. */
export function startLive(): void {
  void load();
  connect();
  setInterval(() => {
    if (document.hidden) return;
    if (Date.now() - lastLoadMs >= (live.value === 'live' ? HEARTBEAT_MS : POLL_MS)) void load();
  }, 1000);
  document.addEventListener('visibilitychange', () => {
    // A browser has six connections per host: hidden tabs give theirs back.
    if (document.hidden) disconnect();
    else {
      void load();
      connect();
    }
  });
}

function connect(): void {
  if (source !== null || document.hidden) return;
  source = new EventSource('/api/v1/events');
  source.addEventListener('hello', (event) => {
    live.value = 'live';
    caughtUp.value = (JSON.parse(event.data as string) as { replayed: number }).replayed;
    gather();
  });
  for (const kind of ['trust', 'dataset', 'reset']) source.addEventListener(kind, gather);
  source.addEventListener('alert', () => {
    lastSlowMs = 0;
    gather();
  });
  source.addEventListener('run', (event) => {
    followRun(JSON.parse(event.data as string) as { id: string; state: string });
    gather();
  });
  source.addEventListener('error', () => {
    live.value = 'polling';
    gather();
    // Closed for good (a status other than 200): the browser does not try again by itself.
    if (source?.readyState === EventSource.CLOSED) {
      disconnect();
      setTimeout(connect, POLL_MS);
    }
  });
}

function disconnect(): void {
  source?.close();
  source = null;
}

function gather(): void {
  gathering ??= setTimeout(() => {
    gathering = undefined;
    void load();
  }, GATHER_MS);
  clearTimeout(settling);
  settling = setTimeout(() => void load(true), SETTLED_MS);
}

async function load(settled = false): Promise<void> {
  lastLoadMs = Date.now();
  const slow = settled || lastLoadMs - lastSlowMs >= POLL_MS;
  if (slow) lastSlowMs = lastLoadMs;
  await Promise.all([loadPack(), loadLedger(), loadOpenRuns(), ...(slow ? [loadAlerts(), loadReconciliation()] : [])]);
}
