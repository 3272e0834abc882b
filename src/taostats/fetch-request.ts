/** Who is waiting: an answer to a person, a due dataset, or history that can come tomorrow. */
export type Priority = 'interactive' | 'scheduled' | 'backfill';

export interface FetchRequest {
  query?: Readonly<Record<string, string | number>>;
  /** Body of a POST endpoint; paging is added to it. */
  body?: Readonly<Record<string, unknown>>;
  priority: Priority;
  /** Bound of the whole call: all pages, retries, pauses and waits for a token. */
  deadlineMs: number;
  signal?: AbortSignal;
  runId?: string;
  /** `use` (default): a cached answer will do; `refresh`: ask, then store; `bypass`: neither. */
  cache?: 'use' | 'refresh' | 'bypass';
  /**
   * An answer beyond its time to live will do: at once while a newer one is fetched, later when none can be had. For
   * people, who see its age; never for a sync, which would make old rows look new.
   */
  mayBeStale?: boolean;
  /** Instead of the endpoint's own order, for example `block_number_desc` to read the newest rows first. */
  order?: string;
  /** Rows a page, at most what the endpoint documents. */
  pageSize?: number;
  /** Stops after so many pages although more exist; the answer is then marked incomplete. */
  maxPages?: number;
  /** Every attempt as it goes out, retries included: also those of a call that fails in the end. */
  onAttempt?(): void;
  /** A page that was fetched a moment ago by a run that was cut short. Asked for on the first walk only. */
  kept?(question: string, page: number): KeptPage | null;
  /** Each page as it arrived. Not called for a cached answer; called again from page 1 when drifted pages are walked anew. */
  onPage?(page: FetchedPage): void | Promise<void>;
}

export interface KeptPage {
  body: Buffer;
  sha256: string;
  /** When it came over the network. */
  receivedAt: Date;
}

export interface FetchedPage {
  /** Endpoint, parameters, upstream and key as one text: the same for every page of a call. */
  question: string;
  page: number;
  /** Not from the network: `kept` had it. */
  isKept: boolean;
  /** The decoded body, key redacted. */
  body: Buffer;
  sha256: string;
  receivedAt: Date;
}

/** A row that failed validation: what it was, why, and its text (cut at 4 kB). */
export interface RejectedRow {
  key: string | null;
  reason: string;
  raw: string;
}

/** A complete answer. */
export interface Fetched<P> {
  rows: P[];
  rejected: RejectedRow[];
  totalItems: number | null;
  pages: number;
  /** HTTP attempts, retries included; 0 from the cache. */
  calls: number;
  /** False when `maxPages` ended the walk early. */
  complete: boolean;
  fetchedAt: Date;
  /** Newest upstream time among the rows; null where rows carry none. */
  upstreamAt: Date | null;
  upstreamBlock: number | null;
  /** Over the bodies of all pages in order. */
  sha256: string;
  /** `stale`: from the cache, beyond its time to live. */
  origin: 'network' | 'cache' | 'stale';
}
