import type { Endpoint } from './endpoint';
import type { FetchRequest } from './fetch-request';
import { TaostatsError } from './taostats-errors';

/**
 * Refuses a request that upstream would misread: it ignores parameters that it does not know and then answers for the
 * whole network. Throws `taostats/bad-request` before anything is sent.
 */
export function checkQuery<P extends object>(endpoint: Endpoint<P>, request: FetchRequest): void {
  const given = Object.keys(request.query ?? {});
  const unknown = given.filter((parameter) => !endpoint.params.includes(parameter));
  const missing = endpoint.required.filter((parameter) => !given.includes(parameter));
  const problems = [
    ...unknown.map((parameter) => `\`${parameter}\` is not a parameter`),
    ...missing.map((parameter) => `\`${parameter}\` is required`),
    ...(request.body !== undefined && endpoint.method !== 'POST' ? ['a body needs POST'] : []),
    ...(request.pageSize !== undefined && !isPageSize(request.pageSize, endpoint.pageSize)
      ? ['the page size is out of range']
      : []),
  ];
  if (problems.length === 0) return;
  throw new TaostatsError('bad-request', `${endpoint.path}: ${problems.join(', ')}`, {
    status: 500,
    endpoint: endpoint.path,
  });
}

function isPageSize(size: number, largest: number | null): boolean {
  return largest !== null && Number.isInteger(size) && size >= 1 && size <= largest;
}
