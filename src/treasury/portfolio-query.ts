import { ChoiceField, CursorField, InstantField, LimitField, MinTrustField, TextField, type Trust } from '../common';
import { SNAPSHOT_INTERVALS, type SnapshotInterval } from '../database';

const EXAMPLE = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
const ADDRESS_LENGTH = 64;
const ORDERS = ['asc', 'desc'] as const;

export class PortfolioQuery {
  @TextField(ADDRESS_LENGTH, {
    description: 'Only this wallet; without it all active ones together.',
    example: EXAMPLE,
  })
  wallet?: string;

  @MinTrustField()
  min_trust?: Trust;
}

export class PortfolioHistoryQuery extends PortfolioQuery {
  @ChoiceField(SNAPSHOT_INTERVALS, { default: 'day', description: 'One point, the last, of each UTC hour or day.' })
  interval: SnapshotInterval = 'day';

  @InstantField({ description: 'From this moment on.', example: '2026-01-01' })
  from?: Date;

  @InstantField({ description: 'Up to, and without, this moment.', example: '2026-02-01T00:00:00Z' })
  to?: Date;

  @ChoiceField(ORDERS, { default: 'desc', description: '`desc`: newest first.' })
  order: (typeof ORDERS)[number] = 'desc';

  @LimitField()
  limit = 50;

  @CursorField()
  cursor?: string;
}
