import type { Row } from '../json';
import type { World } from '../model/world';
import type { Query } from './query';

/** Rows in the endpoint's default order; built one by one when a page needs them. */
export interface RowSource {
  total: number;
  at(index: number): Row;
}

export interface EndpointRequest {
  query: Query;
  world: World;
  /** Newest block that this answer may know: the head, less whatever the index lags behind. */
  block: number;
  body: unknown;
}

/** One upstream path: which parameters it insists on, how it pages and orders, and where its rows come from. */
export interface Endpoint {
  path: string;
  methods?: readonly string[];
  required?: readonly string[];
  /** Page size when none is asked for; 50 almost everywhere. */
  defaultLimit?: number;
  maxLimit?: number;
  /** Names accepted before `_asc` and `_desc`, with the row field they sort by where it differs. */
  orders?: Readonly<Record<string, string>>;
  /** No key is asked for. */
  open?: boolean;
  /** Refused with 403 unless the plan includes it. */
  gated?: boolean;
  /** Answers that are not a page of rows. */
  bare?: (request: EndpointRequest) => Row;
  rows?: (request: EndpointRequest) => Row[] | RowSource;
}

/** The same name for the order and the field. */
export function fields(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, name]));
}
