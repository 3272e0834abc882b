import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Where the suites of a run, each in a process of its own, leave their lines. */
export const RESULTS_VARIABLE = 'CHAOS_RESULTS';
/** Set it to a path to get the table as JSON. */
export const REPORT_VARIABLE = 'CHAOS_REPORT';

/** One line of the table. */
export interface CaseResult {
  id: string;
  title: string;
  outcome: 'held' | 'violated' | 'not injectable';
  /** Violations, or why the fault cannot be injected here. */
  remarks: string[];
  /** From the end of the fault to the first applied run, as the service's clocks have it: pauses and due times included. */
  recoverySeconds: number | null;
  /** The same in real time, of which the rig skips most. */
  realSeconds: number | null;
}

export function recordResult(result: CaseResult): void {
  const file = process.env[RESULTS_VARIABLE];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(result)}\n`);
}

/** Prints the table of the run and, where CHAOS_REPORT names a file, writes it as JSON. */
export function publishResults(): void {
  const file = process.env[RESULTS_VARIABLE];
  if (file === undefined || !existsSync(file)) return;
  const results = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as CaseResult)
    .sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
  process.stdout.write(tableOf(results));
  const report = process.env[REPORT_VARIABLE];
  if (report !== undefined && report !== '') writeFileSync(report, `${JSON.stringify(results, null, 2)}\n`);
}

/** Fault, outcome, seconds to recover; what went wrong below its line. */
export function tableOf(results: readonly CaseResult[]): string {
  const width = Math.max(5, ...results.map(({ title }) => title.length));
  const line = (id: string, title: string, outcome: string, seconds: string, real: string): string =>
    `${id.padEnd(4)} ${title.padEnd(width)}  ${outcome.padEnd(14)} ${seconds.padStart(10)} ${real.padStart(7)}`;
  const lines = results.flatMap(({ id, title, outcome, remarks, recoverySeconds, realSeconds }) => [
    line(id, title, outcome, figure(recoverySeconds), figure(realSeconds)),
    ...remarks.map((remark) => `     ${remark}`),
  ]);
  const held = results.filter(({ outcome }) => outcome === 'held').length;
  const head = line('', 'fault', 'outcome', 'recovery s', 'real s');
  return ['', head, ...lines, `${held} of ${results.length} faults held all invariants`, ''].join('\n');
}

function figure(value: number | null): string {
  return value === null ? '-' : value.toFixed(1);
}
