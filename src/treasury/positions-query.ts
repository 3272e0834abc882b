import { ChoiceField, FlagField, InstantField, isNetuid, ListField, TextField } from '../common';
import { ADDRESS_EXAMPLE, ADDRESS_LENGTH, type Order, ORDERS, PageQuery } from './list-query';

const MAX_NETUIDS = 200;
const GENERATIONS = ['current', 'all'] as const;

export class SubnetPositionsQuery extends PageQuery {
  @TextField(ADDRESS_LENGTH, { description: 'Only this wallet.', example: ADDRESS_EXAMPLE })
  wallet?: string;

  @TextField(ADDRESS_LENGTH, { description: 'Only stake with this hotkey.', example: ADDRESS_EXAMPLE })
  hotkey?: string;

  @FlagField({ description: 'Positions that were left, too: explicit zeros.' })
  include_exited?: boolean;
}

export class PositionsQuery extends SubnetPositionsQuery {
  @ListField(
    { accepts: isNetuid, message: 'must be whole numbers from 0 to 65535, at most 200', maxEntries: MAX_NETUIDS },
    { description: 'Only these netuids, separated by commas.', example: '1,8,64' },
  )
  netuid?: string[];
}

export class PositionHistoryQuery extends PageQuery {
  @TextField(ADDRESS_LENGTH, { description: 'Only this wallet.', example: ADDRESS_EXAMPLE })
  wallet?: string;

  @TextField(ADDRESS_LENGTH, { description: 'Only stake with this hotkey.', example: ADDRESS_EXAMPLE })
  hotkey?: string;

  @InstantField({ description: 'From this day on.', example: '2026-01-01' })
  from?: Date;

  @InstantField({ description: 'Up to, and without, this day.', example: '2026-02-01' })
  to?: Date;

  @ChoiceField(GENERATIONS, {
    default: 'current',
    description: '`all` includes the netuid’s former users: other subnets with other alpha.',
  })
  generation: (typeof GENERATIONS)[number] = 'current';

  @ChoiceField(ORDERS, { default: 'desc', description: '`desc`: newest first.' })
  order: Order = 'desc';
}
