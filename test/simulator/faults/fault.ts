/** What an answer can do wrong. Every kind also takes `delayMs`, silence before anything is sent. */
export type Fault = { delayMs?: number } & (
  ReplacedAnswer | ChangedChain | ChangedPage | ChangedRows | ChangedText | BrokenDelivery
);

/** Another answer instead of the real one. */
export type ReplacedAnswer =
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: string }
  | { kind: 'credits_exhausted' }
  | { kind: 'html' }
  | { kind: 'empty_body' }
  | { kind: 'no_content' }
  | { kind: 'body'; body: string; status?: number; headers?: Record<string, string> }
  | { kind: 'in_body_error'; status: number; message?: string }
  | { kind: 'redirect'; location: string; status?: number }
  | { kind: 'echo_key'; status?: number }
  | { kind: 'huge'; bytes?: number }
  | { kind: 'gzip_bomb'; bytes?: number };

/** The right answer of another moment, or under another plan. */
export type ChangedChain =
  | { kind: 'frozen'; block?: number }
  | { kind: 'time_travel'; blocks: number }
  | { kind: 'limit_lowered'; perMinute: number };

export type ChangedPage =
  | { kind: 'empty_data'; keepTotal?: boolean }
  | { kind: 'data_null' }
  | { kind: 'data_missing' }
  | { kind: 'short_page'; rows: number }
  | { kind: 'page_drift'; rows?: number; direction?: 'inserted' | 'deleted' }
  | { kind: 'page_loop'; mode?: 'next_page' | 'page_ignored' | 'endless' }
  | { kind: 'drop_rows'; fraction: number };

export type ChangedRows =
  | { kind: 'duplicate_rows'; rows?: number; conflicting?: boolean }
  | { kind: 'numbers_as_numbers' }
  | { kind: 'numbers_as_strings' }
  | { kind: 'corrupt_row'; field: string; value?: string; raw?: string; netuid?: number }
  | { kind: 'remove_field'; field: string }
  | { kind: 'rename_field'; field: string; to: string }
  | { kind: 'add_field'; field: string; value?: string }
  | { kind: 'reregistered'; netuid: number };

export type ChangedText = { kind: 'wrong_content_type'; contentType?: string } | { kind: 'bom' } | { kind: 'latin1' };

export type BrokenDelivery =
  | { kind: 'latency'; ms: number }
  | { kind: 'hang' }
  | { kind: 'drip'; bytesPerSecond: number }
  | { kind: 'stall'; afterBytes?: number }
  | { kind: 'truncate'; fraction?: number; mode?: 'content_length' | 'chunked' | 'complete' }
  | { kind: 'reset'; afterBytes?: number };

type Kind = Fault['kind'];

/** Every kind with the fields that it cannot do without. */
export const FAULT_FIELDS: Readonly<Record<Kind, readonly string[]>> = {
  status: ['status'],
  credits_exhausted: [],
  html: [],
  empty_body: [],
  no_content: [],
  body: ['body'],
  in_body_error: ['status'],
  redirect: ['location'],
  echo_key: [],
  huge: [],
  gzip_bomb: [],
  frozen: [],
  time_travel: ['blocks'],
  limit_lowered: ['perMinute'],
  empty_data: [],
  data_null: [],
  data_missing: [],
  short_page: ['rows'],
  page_drift: [],
  page_loop: [],
  drop_rows: ['fraction'],
  duplicate_rows: [],
  numbers_as_numbers: [],
  numbers_as_strings: [],
  corrupt_row: ['field'],
  remove_field: ['field'],
  rename_field: ['field', 'to'],
  add_field: ['field'],
  reregistered: ['netuid'],
  wrong_content_type: [],
  bom: [],
  latin1: [],
  latency: ['ms'],
  hang: [],
  drip: ['bytesPerSecond'],
  stall: [],
  truncate: [],
  reset: [],
};

/** Reads a fault that somebody sent; the message of the error says what is wrong with it. */
export function parseFault(value: unknown): Fault {
  if (typeof value !== 'object' || value === null) throw new TypeError('fault: expected an object with a kind');
  const fault = value as Record<string, unknown>;
  const kind = fault['kind'];
  if (typeof kind !== 'string' || !Object.hasOwn(FAULT_FIELDS, kind)) {
    throw new TypeError(`fault.kind: expected one of ${Object.keys(FAULT_FIELDS).join(', ')}`);
  }
  const missing = FAULT_FIELDS[kind as Kind].filter((name) => fault[name] === undefined);
  if (missing.length > 0) throw new TypeError(`fault ${kind}: ${missing.join(', ')} missing`);
  return fault as unknown as Fault;
}
