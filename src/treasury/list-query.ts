import { CursorField, LimitField, MinTrustField, type Trust } from '../common';

/** What every list can be asked with. */
export class PageQuery {
  @LimitField()
  limit?: number;

  @CursorField()
  cursor?: string;

  @MinTrustField()
  min_trust?: Trust;
}

export const ORDERS = ['asc', 'desc'] as const;
export type Order = (typeof ORDERS)[number];
export const ADDRESS_LENGTH = 64;
export const ADDRESS_EXAMPLE = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
