import { chainEndpoints } from './chain.endpoints';
import type { Endpoint } from './endpoint';
import { poolEndpoints } from './pools.endpoints';
import { subnetEndpoints } from './subnets.endpoints';
import { taoPriceEndpoints } from './tao-price.endpoints';

/** Every path that answers; anything else is 404. */
export const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map(
  [...chainEndpoints, ...taoPriceEndpoints, ...subnetEndpoints, ...poolEndpoints].map((endpoint) => [
    endpoint.path,
    endpoint,
  ]),
);
