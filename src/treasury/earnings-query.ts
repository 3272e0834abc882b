import { ChoiceField, InstantField, MinTrustField, TextField, type Trust } from '../common';

const EXAMPLE = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
const ADDRESS_LENGTH = 64;
export const EARNINGS_INTERVALS = ['day', 'week', 'month'] as const;
export type EarningsInterval = (typeof EARNINGS_INTERVALS)[number];

class WalletQuery {
  @TextField(ADDRESS_LENGTH, {
    description: 'Only this wallet; without it all active ones together.',
    example: EXAMPLE,
  })
  wallet?: string;

  @MinTrustField()
  min_trust?: Trust;
}

export class EarningsQuery extends WalletQuery {
  @InstantField({
    description: 'What happened at this moment is left out. Default: 30 days before `to`.',
    example: '2026-01-01',
  })
  from?: Date;

  @InstantField({
    description: 'What happened at this moment is in it. Default: now.',
    example: '2026-02-01T00:00:00Z',
  })
  to?: Date;
}

export class EarningsSeriesQuery extends EarningsQuery {
  @ChoiceField(EARNINGS_INTERVALS, { default: 'day', description: 'Length of a window; they meet at midnight UTC.' })
  interval: EarningsInterval = 'day';
}

export class ChangesQuery extends WalletQuery {
  @InstantField({ description: 'From this moment on. Default: a day ago.', example: '2026-01-01' })
  since?: Date;
}
