/** A payload class: its class-validator metadata describes one row. */
export type PayloadClass<P extends object> = new () => P;

/** Tells whether a row is what the filter asked for; upstream ignores unknown parameters without a word. */
export type Echo<P> = (row: P, asked: string) => boolean;

/** All that the client has to know about one path of TaoStats. */
export interface Endpoint<P extends object> {
  /** Path template: the key of metrics, cache namespaces and plan gates. */
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly payload: PayloadClass<P>;
  /** `list`: `{pagination, data}`; `object`: one bare row. */
  readonly envelope: 'list' | 'object';
  /** Endpoints that fail together share a breaker: `account/latest` once hung for hours while the others answered. */
  readonly breaker: string;
  /** Rows a page; null where upstream has no paging parameters and answers everything at once. */
  readonly pageSize: number | null;
  /** Explicit order, because the defaults differ between endpoints and rows shift under a newest-first walk. */
  readonly order: string | null;
  /** Upstream's `total_items` is known to disagree with the rows. */
  readonly totalLies?: boolean;
  /** New rows may be added at the end while pages are walked. */
  readonly grows?: boolean;
  readonly required: readonly string[];
  /** Every parameter that upstream understands, `required` included, paging and order not. */
  readonly params: readonly string[];
  readonly naturalKey: (row: P) => string;
  readonly echo: Readonly<Record<string, Echo<P>>>;
  /** The same for what a POST names in its body. */
  readonly bodyEcho?: (row: P, body: Readonly<Record<string, unknown>>) => boolean;
  /** How long an answer may be reused; 0 is never. */
  readonly ttlMs: number;
  /** Served on every plan, so a 403 cannot be the plan: it is the key. */
  readonly everyPlan?: boolean;
}

interface Ranged {
  block_number: number;
  timestamp: string;
}

/** Block and time windows, both ends inclusive; times in Unix seconds. */
export const RANGE_PARAMS = ['block_number', 'block_start', 'block_end', 'timestamp_start', 'timestamp_end'] as const;

// A block's stamp carries milliseconds, the query whole seconds.
const SECOND_MS = 1000;

export const RANGE_ECHO: Readonly<Record<(typeof RANGE_PARAMS)[number], Echo<Ranged>>> = {
  block_number: (row, asked) => row.block_number === Number(asked),
  block_start: (row, asked) => row.block_number >= Number(asked),
  block_end: (row, asked) => row.block_number <= Number(asked),
  timestamp_start: (row, asked) => Date.parse(row.timestamp) >= Number(asked) * SECOND_MS,
  timestamp_end: (row, asked) => Date.parse(row.timestamp) < (Number(asked) + 1) * SECOND_MS,
};

export const NETUID_ECHO: Echo<{ netuid: number | null }> = (row, asked) => row.netuid === Number(asked);

/** An address matches in either spelling. */
export function isAddress(key: { ss58: string; hex: string } | null, asked: string): boolean {
  return key !== null && (key.ss58 === asked || key.hex.toLowerCase() === asked.toLowerCase());
}
