import fc from 'fast-check';
import { mutate, mutations } from './mutate';

export interface HostileRequest {
  /** With a dataset that does not exist, so that no request can be right as a whole. */
  path: string;
  init: RequestInit;
}

const NAMES = [
  'mode',
  'datasets',
  'datasets[]',
  'datasets[0]',
  'mode[toString]',
  '__proto__',
  '__proto__[polluted]',
  'limit',
];
const TYPES = [
  'application/json',
  'application/json; charset=utf-16',
  'text/plain',
  'application/x-www-form-urlencoded',
];

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom('', 'deep', 'pools', '\u0000', '../../etc'),
);
const query = fc.array(fc.tuple(fc.constantFrom(...NAMES), text), { maxLength: 3 });
const body = fc.oneof(
  fc.json(),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  mutations.map((changes) => mutate('{"datasets":"gold","mode":"refresh","netuid":1}', changes)),
);

/** What nobody should send to `POST /api/v1/tasks/sync`. */
export const hostileRequests: fc.Arbitrary<HostileRequest> = fc
  .record({ query, body: fc.option(body), type: fc.constantFrom(...TYPES) })
  .map(({ query: parameters, body: sent, type }) => {
    const search = new URLSearchParams([...parameters, ['datasets', 'gold']]);
    const content = sent === null ? {} : { body: sent, headers: { 'content-type': type } };
    return { path: `/api/v1/tasks/sync?${search.toString()}`, init: { method: 'POST', ...content } };
  });
