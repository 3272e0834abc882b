/** Kubernetes kills after 30 s; what has not ended by then would be cut in the middle anyway. */
const SHUTDOWN_LIMIT_MS = 25_000;

let signals = 0;
let hasBegun = false;

function onSignal(): void {
  signals += 1;
  if (signals > 1) process.exit(130);
  if (!hasBegun) process.exit(0);
  setTimeout(() => process.exit(1), SHUTDOWN_LIMIT_MS).unref();
}

// Imported before anything else: to process 1 of a container, a signal that nobody listens for does nothing at all, and
// loading the program takes a second.
process.on('SIGTERM', onSignal);
process.on('SIGINT', onSignal);

/** From now on a signal ends in order what was begun, as the shutdown hooks do, within 25 s; a second one ends at once. */
export function endInOrder(): void {
  hasBegun = true;
}
