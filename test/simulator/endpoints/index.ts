import { accountEndpoints } from './accounts.endpoints';
import { chainEndpoints } from './chain.endpoints';
import type { Endpoint } from './endpoint';
import { eventEndpoints } from './events.endpoints';
import { poolEndpoints } from './pools.endpoints';
import { stakeEndpoints } from './stake.endpoints';
import { subnetEndpoints } from './subnets.endpoints';
import { taoPriceEndpoints } from './tao-price.endpoints';
import { validatorEndpoints } from './validators.endpoints';

/** Every path that answers; anything else is 404. */
export const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map(
  [
    ...chainEndpoints,
    ...taoPriceEndpoints,
    ...subnetEndpoints,
    ...poolEndpoints,
    ...stakeEndpoints,
    ...accountEndpoints,
    ...eventEndpoints,
    ...validatorEndpoints,
  ].map((endpoint) => [endpoint.path, endpoint]),
);
