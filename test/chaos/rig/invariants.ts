import { createHash } from 'node:crypto';

/** What has to hold after every fault, once it is removed. */
export const INVARIANTS = {
  I1: 'no stored value changed without an applied run',
  I2: 'no more requests than the limit in any 60 s, by the log of the upstream',
  I3: 'no run is left running past its lease',
  I4: 'the current rows are the mirror of the last complete snapshot',
  I5: 'the trust pack showed the fault within one cycle and cleared it within two',
  I6: 'the secret is in no log, no answer and no metric',
  I7: 'liveness stayed 200 and nothing went uncaught',
  I8: 'it recovered without a human',
} as const;
export type Invariant = keyof typeof INVARIANTS;

export interface Violation {
  invariant: Invariant;
  detail: string;
}

/** Text of the key of a row, and the digest of everything that is stored of it. */
export type TableRows = ReadonlyMap<string, string>;
export type Stored = ReadonlyMap<string, TableRows>;

/** A run that wrote rows, as far as this judgement needs it. */
export interface WritingRun {
  dataset: string;
  state: string;
  rowsChanged: number;
}

/** Tables of current rows, with the dataset whose runs may change them. */
export const CURRENT_TABLES: Readonly<Record<string, string>> = {
  pools: 'pools',
  subnets: 'subnets',
  subnet_identities: 'subnets',
  tao_prices: 'tao_price',
  positions: 'positions',
  accounts: 'positions',
};

/** I1. `runs` are those that ended between the two looks. */
export function findUnexplainedChanges(before: Stored, after: Stored, runs: readonly WritingRun[]): Violation[] {
  return [...before].flatMap(([table, rows]) => {
    const dataset = CURRENT_TABLES[table] ?? table;
    const explained = runs.some(
      (run) => run.dataset === dataset && (run.state === 'applied' || (dataset === 'positions' && run.rowsChanged > 0)),
    );
    if (explained) return [];
    return differences(rows, after.get(table) ?? new Map<string, string>()).map((detail) => ({
      invariant: 'I1' as const,
      detail: `${table}: ${detail}, and no run of ${dataset} was applied`,
    }));
  });
}

/** I2. `times` are the arrivals at the upstream in ms. */
export function findOverrun(times: readonly number[], limit: number): Violation[] {
  const sorted = [...times].sort((a, b) => a - b);
  for (let first = 0; first + limit < sorted.length; first += 1) {
    const spanMs = (sorted[first + limit] ?? Infinity) - (sorted[first] ?? 0);
    if (spanMs < 60_000) {
      return [
        { invariant: 'I2', detail: `${limit + 1} requests within ${Math.round(spanMs)} ms, ${limit} are allowed` },
      ];
    }
  }
  return [];
}

export interface RunningRun {
  id: string;
  dataset: string;
  /** False when its lease ran out or belongs to somebody else. */
  leased: boolean;
}

/** I3. */
export function findLostRuns(runs: readonly RunningRun[]): Violation[] {
  return runs
    .filter((run) => !run.leased)
    .map(({ id, dataset }) => ({ invariant: 'I3', detail: `run ${id} of ${dataset} is running without a lease` }));
}

/** I4. Both sides as canonical text of each row by key. */
export function findMirrorFaults(table: string, stored: TableRows, upstream: TableRows): Violation[] {
  if (upstream.size > 0 && digestOf(stored) === digestOf(upstream)) return [];
  const found = upstream.size === 0 ? ['upstream had nothing to compare with'] : differences(upstream, stored);
  return found.map((detail) => ({ invariant: 'I4', detail: `${table}: ${detail}` }));
}

export interface Shown {
  /** What the pack had to say of the fault; null when the case says why it need not. */
  wanted: readonly string[] | null;
  before: readonly string[];
  during: readonly string[];
  after: readonly string[];
  /** Of the pack during the fault. */
  statusDuring: string;
  /** What was wanted is more than a notice, so that `healthy` would be false. */
  counts: boolean;
}

/** I5. Issues as `code` or `code:subject`. */
export function findBlindness({ wanted, before, during, after, statusDuring, counts }: Shown): Violation[] {
  if (wanted === null) return [];
  const violation = (detail: string): Violation => ({ invariant: 'I5', detail });
  return [
    ...wanted.filter((issue) => before.includes(issue)).map((issue) => violation(`${issue} stood before the fault`)),
    ...wanted.filter((issue) => !during.includes(issue)).map((issue) => violation(`${issue} was never shown`)),
    ...wanted.filter((issue) => after.includes(issue)).map((issue) => violation(`${issue} was not cleared`)),
    ...(counts && statusDuring === 'healthy' ? [violation('the pack said healthy while it was blind')] : []),
  ];
}

/** I6. Texts by the place where they were found. */
export function findLeaks(places: ReadonlyMap<string, string>, secret: string): Violation[] {
  const parts = [secret, ...secret.split(':')].filter((part) => part.length >= 8);
  return [...places]
    .filter(([, text]) => parts.some((part) => text.includes(part)))
    .map(([place]) => ({ invariant: 'I6', detail: `the secret is in ${place}` }));
}

export interface Pulse {
  /** Answers of the liveness probe other than 200, in words. */
  missed: readonly string[];
  beats: number;
  uncaught: readonly string[];
}

/** I7. */
export function findLifeSigns({ missed, beats, uncaught }: Pulse): Violation[] {
  const silent = beats === 0 ? ['liveness was never asked'] : [];
  return [...silent, ...missed, ...uncaught].map((detail) => ({ invariant: 'I7', detail }));
}

/** I8. `last` is the newest run of the dataset. */
export function findStuck(
  dataset: string,
  recoverySeconds: number | null,
  last: { state: string; reason_code: string | null } | null,
): Violation[] {
  if (recoverySeconds !== null) return [];
  const ending = last === null ? 'no run' : `the last run ended as ${last.state} (${last.reason_code})`;
  return [{ invariant: 'I8', detail: `${dataset} was not synced again although the fault was over: ${ending}` }];
}

function digestOf(rows: TableRows): string {
  const lines = [...rows].map(([key, text]) => `${key}\t${text}`).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

const SHOWN = 3;

/** The first differences between two tables, in words. */
function differences(expected: TableRows, found: TableRows): string[] {
  const all = [
    ...[...expected].flatMap(([key, text]) => {
      const other = found.get(key);
      if (other === undefined) return [`row ${key} is gone`];
      return other === text ? [] : [`row ${key} differs: ${firstDifference(text, other)}`];
    }),
    ...[...found.keys()].filter((key) => !expected.has(key)).map((key) => `row ${key} is new`),
  ];
  return all.length > SHOWN ? [...all.slice(0, SHOWN), `${all.length - SHOWN} more differences`] : all;
}

function firstDifference(expected: string, found: string): string {
  const [left, right] = [expected.split('|'), found.split('|')];
  const at = left.findIndex((part, index) => part !== right[index]);
  return at < 0 ? `"${found.slice(0, 60)}"` : `"${left[at]}" became "${right[at] ?? ''}"`;
}
