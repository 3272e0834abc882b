import { type Check, ok, trouble } from './check';

/** Ages are shown in minutes; a clock that is off by less than this changes none of them. */
const MAX_SKEW_SECONDS = 30;

/** One clock elsewhere: what it said, compared with ours. */
export interface ClockReading {
  whose: string;
  /** Positive when it is ahead of ours. */
  aheadSeconds: number;
  /** It is known no better than this. */
  uncertaintySeconds: number;
}

/** How far the clock that said `date` is ahead, when the answer arrived at `arrivedAt` after `roundTripMs`. */
export function readClock(whose: string, date: Date, arrivedAt: Date, roundTripMs: number): ClockReading {
  const middleMs = arrivedAt.getTime() - roundTripMs / 2;
  return { whose, aheadSeconds: (date.getTime() - middleMs) / 1000, uncertaintySeconds: roundTripMs / 2000 };
}

/** Whether this machine's clock agrees with the others that could be read. */
export function checkClocks(readings: readonly ClockReading[]): Check {
  if (readings.length === 0) {
    return trouble('clock', 'skipped', 'no other clock could be read', 'mend the checks that failed first');
  }
  const off = readings.filter(
    ({ aheadSeconds, uncertaintySeconds }) => Math.abs(aheadSeconds) - uncertaintySeconds > MAX_SKEW_SECONDS,
  );
  const [worst] = off;
  if (worst === undefined) {
    return ok('clock', `agrees with ${readings.map(({ whose }) => whose).join(' and ')} within ${MAX_SKEW_SECONDS} s`);
  }
  const seconds = Math.round(Math.abs(worst.aheadSeconds));
  const message = `this machine is ${seconds} s ${worst.aheadSeconds > 0 ? 'behind' : 'ahead of'} ${worst.whose}`;
  return trouble('clock', 'warning', message, 'synchronise the clocks (timedatectl set-ntp true), here or there');
}
