/**
 * Loaded into the service before anything else. Wall time of the process is real time plus what the rig has let pass, so
 * that process, database and upstream agree on it; names resolve as the rig says; and what nobody caught is told.
 */
import dns from 'node:dns';
import { readFileSync } from 'node:fs';

/** What the rig writes into the file of CHAOS_CONTROL. */
export interface ProcessControl {
  offsetMs: number;
  /** How the name of the upstream resolves: by itself, not at all, or only after so long. */
  dns: null | { code: 'ENOTFOUND' | 'EAI_AGAIN' } | { slowMs: number };
}

/** Printed to stderr when an exception or a rejection reached the top of the process. */
export const UNHANDLED = 'chaos: nobody caught this';

const POLL_MS = 10;
const file = process.env['CHAOS_CONTROL'];
const divisor = Number(process.env['CHAOS_INTERVAL_DIVISOR'] ?? '1');
let control: ProcessControl = { offsetMs: 0, dns: null };

function read(): void {
  try {
    control = JSON.parse(readFileSync(file ?? '', 'utf8')) as ProcessControl;
  } catch {
    // The file is being replaced: the next look sees it.
  }
}

function moveDate(): void {
  const RealDate = Date;
  const realNow = Date.now.bind(Date);
  class MovedDate extends RealDate {
    constructor(...given: unknown[]) {
      if (given.length === 0) super(realNow() + control.offsetMs);
      else super(...(given as [number]));
    }

    static override now(): number {
      // Whole milliseconds, as Date.now has them: others make integers of it.
      return Math.trunc(realNow() + control.offsetMs);
    }
  }
  globalThis.Date = MovedDate as DateConstructor;
}

/** The regular looks of the service (schedule, trust pack, counters) come so many times as often. */
function hastenIntervals(): void {
  const real = setInterval;
  globalThis.setInterval = (run: () => void, ms?: number, ...rest: unknown[]) =>
    real(run, (ms ?? 1) / divisor, ...(rest as []));
}

type Resolved = (error: NodeJS.ErrnoException | null, address?: unknown, family?: number) => void;

function breakNames(): void {
  const real = dns.lookup as unknown as (name: string, options: object, resolved: Resolved) => void;
  const lookup = (name: string, options: { all?: boolean } | Resolved, resolved: Resolved): void => {
    if (typeof options === 'function') return lookup(name, {}, options);
    const fault = control.dns;
    const answer = (): void => {
      if (name !== 'localhost') real(name, options, resolved);
      else if (options.all === true) resolved(null, [{ address: '127.0.0.1', family: 4 }]);
      else resolved(null, '127.0.0.1', 4);
    };
    if (fault === null) answer();
    else if ('slowMs' in fault) setTimeout(answer, fault.slowMs);
    else setImmediate(() => resolved(Object.assign(new Error(`getaddrinfo ${fault.code} ${name}`), fault)));
  };
  Object.assign(dns, { lookup });
}

if (file !== undefined) {
  read();
  setInterval(read, POLL_MS).unref();
  moveDate();
  hastenIntervals();
  breakNames();
  process.on('uncaughtExceptionMonitor', (error, origin) => {
    process.stderr.write(`${UNHANDLED}: ${origin} ${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
  });
}
