import type { Endpoint } from './endpoint';

const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
/** The largest page that is documented everywhere; all 129 subnets fit in one. */
const PAGE = 200;

type Given<P extends object> = Pick<Endpoint<P>, 'path' | 'payload' | 'breaker' | 'naturalKey'> & Partial<Endpoint<P>>;

/** An endpoint with what most have in common filled in. */
export function list<P extends object>(given: Given<P>): Endpoint<P> {
  return {
    method: 'GET',
    envelope: 'list',
    pageSize: PAGE,
    order: null,
    required: [],
    params: given.required ?? [],
    echo: {},
    ttlMs: MINUTE_MS,
    ...given,
  };
}
