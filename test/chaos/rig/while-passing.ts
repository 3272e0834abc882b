import type { ChaosWorld } from './chaos-world';

const POLL_MS = 100;
const AFTER_MS = 2_000;

/** Time goes on while `work` waits, faster than it does by itself: whoever waits for a token of the limit gets it sooner. */
export async function whilePassing<T>(world: ChaosWorld, work: () => Promise<T>): Promise<T> {
  let isOver = false;
  const passing = (async () => {
    for (let waitedMs = 0; !isOver; waitedMs += POLL_MS) {
      await new Promise((wake) => setTimeout(wake, POLL_MS));
      if (!isOver && waitedMs >= AFTER_MS) await world.pass(1);
    }
  })();
  try {
    return await work();
  } finally {
    isOver = true;
    await passing;
  }
}
