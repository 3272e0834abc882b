import type { EntityManager, ObjectLiteral } from 'typeorm';
import type { Settings } from '../config';
import type { CurrentRow, RunMode } from '../database';
import type { Endpoint, Fetched, FetchRequest, RejectedRow } from '../taostats';

/** Any repository of the database module, by its class: for what goes beyond the generic storing of parts. */
export type FindRepository = <Repository>(type: new (...parts: never[]) => Repository) => Repository;

export type AskOptions = Partial<
  Pick<FetchRequest, 'query' | 'body' | 'cache' | 'order' | 'maxPages' | 'pageSize' | 'priority' | 'deadlineMs'>
>;

/** What a dataset gets to fetch with. Every answer that it asks for counts as the run's, and its pages are kept. */
export interface FetchContext {
  mode: RunMode;
  ask: <P extends object>(endpoint: Endpoint<P>, options?: AskOptions) => Promise<Fetched<P>>;
  /** For reads of our own tables, outside any transaction. */
  manager: EntityManager;
  repository: FindRepository;
}

/** What a dataset may look at to tell what a run will cost. */
export type PlanContext = Pick<FetchContext, 'mode' | 'manager' | 'repository'>;

export interface StoreContext {
  runId: string;
  repository: FindRepository;
}

/** What the end of a dataset of many answers works with. */
export interface SettleContext extends StoreContext {
  settings: Settings;
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
  /** An excerpt by design, as the newest rows of a long list are: it need not be whole, and nothing is missing from it. */
  excerpt?: boolean;
  /** Which stored keys the answer was asked for; the others are no longer followed. Absent: all. */
  covers?(key: string): boolean;
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

/** What every dataset says of itself. */
export interface DatasetTraits {
  name: string;
  /** As in the log line `<title> sync returned insufficient data`. */
  title: string;
  /** Kinds of request that include it. Its own schedule always does. */
  tiers: readonly RunMode[];
  /** The service is critical when a core dataset is. */
  isCore: boolean;
  intervalMinutes: (settings: Settings) => number;
  /** Calls that a run is expected to make, retries left out. Absent: as many as its last run, one before the first. */
  plannedCalls?(context: PlanContext): Promise<number>;
}

/** A dataset that is one answer: judged as a whole, and stored as a whole or not at all. */
export interface SnapshotDataset extends DatasetTraits {
  /** Asks upstream and maps rows. The first part dates the whole; no part at all says that there was nothing to ask. */
  fetch(context: FetchContext): Promise<Part[]>;
  /** Runs in the storing transaction, after the parts. */
  afterStore?(manager: EntityManager, context: StoreContext): Promise<void>;
}

/** What a dataset of many answers works with. */
export interface WorkContext extends FetchContext {
  runId: string;
  settings: Settings;
  /** When the run began, by the database's clock. */
  startedAt: Date;
  /** Since then, by the process's clock. */
  elapsedMs(): number;
  /**
   * One short transaction under the lease, committed at once: a step. Steps before it stay whatever comes after. Throws
   * `sync/fenced`, having written nothing, when another process took the dataset over.
   */
  write<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>;
  /** Says in the log what should be known of a step. */
  warn(reason: string): void;
  /** Upstream attempts of the run so far. */
  calls(): number;
}

/** Why a step was refused or had no answer. The other steps stand. */
export interface Setback {
  state: 'protected' | 'failed';
  code: string;
  reason: string;
  /** When upstream wants to be asked again, if it said. */
  retryAt: Date | null;
}

export interface WorkOutcome {
  /** Rows of the dataset now. */
  recordCount: number;
  rowsSeen: number;
  rowsChanged: number;
  rejected: readonly RejectedRow[];
  upstreamAt: Date | null;
  upstreamBlock: number | null;
  /** The worst of the steps; null when every one was applied or confirmed. */
  setback: Setback | null;
  /** More work waits: the next run is due so soon instead of an interval later. */
  againInSeconds?: number;
}

/**
 * A dataset of many answers, for example one per wallet or per window of time: each is judged and stored by itself, so
 * that a bad one harms no other. With nothing to ask it is confirmed with no record. A run is bounded by the dataset
 * itself: it stops after some calls or seconds and says when to go on.
 */
export interface StepwiseDataset extends DatasetTraits {
  /** Errors that are not one step's own, see `stepFailure`, have to leave it. */
  work(context: WorkContext): Promise<WorkOutcome>;
  /** Runs in the transaction that closes the run, after the state of the dataset was written. */
  settle?(manager: EntityManager, outcome: WorkOutcome, context: SettleContext): Promise<void>;
}

/** A dataset that another one's runs fill: it has a state of its own, and no runs. */
export interface FedDataset extends DatasetTraits {
  fedBy: string;
}

/**
 * One kind of thing that is synced. Adding one is adding a file that describes it, and its name in `DATASETS`; fetching,
 * judging, storing, scheduling, leases and the ledger are the same for all.
 */
export type Dataset = SnapshotDataset | StepwiseDataset | FedDataset;

export function isSnapshot(dataset: Dataset): dataset is SnapshotDataset {
  return 'fetch' in dataset;
}

export function isStepwise(dataset: Dataset): dataset is StepwiseDataset {
  return 'work' in dataset;
}
