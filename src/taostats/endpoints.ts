import { NETWORK_ENDPOINTS } from './network-endpoints';
import { WALLET_ENDPOINTS } from './wallet-endpoints';

/** Every path of TaoStats that this service asks, in one table. */
export const ENDPOINTS = { ...NETWORK_ENDPOINTS, ...WALLET_ENDPOINTS } as const;
