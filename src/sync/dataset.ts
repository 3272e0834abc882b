import type { EntityManager, ObjectLiteral } from 'typeorm';
import type { Settings } from '../config';
import type { CurrentRow, RunMode, SubnetGenerationRepository } from '../database';
import type { Endpoint, Fetched, FetchRequest, RejectedRow } from '../taostats';

/** Repositories that datasets may need beyond the generic storing of parts. */
export interface DatasetRepositories {
  generations: SubnetGenerationRepository;
}

export type AskOptions = Pick<FetchRequest, 'query' | 'body' | 'cache' | 'order' | 'maxPages'>;

/** What a dataset gets to fetch with. Every answer that it asks for counts as the run's, and its pages are kept. */
export interface FetchContext {
  mode: RunMode;
  ask: <P extends object>(endpoint: Endpoint<P>, options?: AskOptions) => Promise<Fetched<P>>;
  /** For reads of our own tables, outside any transaction. */
  manager: EntityManager;
  repositories: DatasetRepositories;
}

export interface StoreContext {
  runId: string;
  repositories: DatasetRepositories;
}

/** Rows for one current table, and all that is needed to judge and store them. */
export interface Part<Row extends CurrentRow = CurrentRow> {
  /** Where they come from, for messages. */
  name: string;
  entity: new () => Row;
  rows: readonly Row[];
  rejected: readonly RejectedRow[];
  /** Every page was walked. An incomplete part never marks rows as missing. */
  complete: boolean;
  totalItems: number | null;
  /** Fewer valid rows are never accepted. */
  floor: number;
  /** One row by nature, so MIN_RECORDS_FOR_VALID_SYNC does not apply. */
  single?: boolean;
  /** No row at all can be true: accepted when upstream states it twice, an interval apart. */
  mayBeEmpty?: boolean;
  /** Refused or missing, it is left out with a remark, and the other parts are stored. */
  optional?: boolean;
  /** Properties that order two versions of a row. */
  newer: readonly string[];
  history?: { entity: new () => ObjectLiteral; momentOf(row: Row): Date };
  /** Text of the key column. */
  keyOf(row: Row): string;
  /** Keys whose figures moved further than anything real does; compared with the rows that are stored. */
  findJumps?(rows: readonly Row[], stored: readonly Row[]): Jumps | null;
}

/** Why figures are not believed, and which rows they are in. */
export interface Jumps {
  reason: string;
  keys: readonly string[];
}

/**
 * One kind of thing that is synced. Adding one is adding a file that describes it, and its name in `DATASETS`; fetching,
 * judging, storing, scheduling, leases and the ledger are the same for all.
 */
export interface Dataset {
  name: string;
  /** As in the log line `<title> sync returned insufficient data`. */
  title: string;
  /** Kinds of request that include it. Its own schedule always does. */
  tiers: readonly RunMode[];
  /** The service is critical when a core dataset is. */
  isCore: boolean;
  intervalMinutes: (settings: Settings) => number;
  /** Asks upstream and maps rows. The first part dates the whole. */
  fetch(context: FetchContext): Promise<Part[]>;
  /** Runs in the storing transaction, after the parts. */
  afterStore?(manager: EntityManager, context: StoreContext): Promise<void>;
}
