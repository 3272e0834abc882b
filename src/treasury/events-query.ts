import { ChoiceField, InstantField, isNetuid, ListField, TextField } from '../common';
import { EVENT_KINDS } from '../database';
import { ADDRESS_EXAMPLE, ADDRESS_LENGTH, type Order, ORDERS, PageQuery } from './list-query';

const KINDS: readonly string[] = EVENT_KINDS;
const MAX_NETUIDS = 200;

export class EventsQuery extends PageQuery {
  @TextField(ADDRESS_LENGTH, { description: 'Only this wallet.', example: ADDRESS_EXAMPLE })
  wallet?: string;

  @ListField(
    { accepts: isNetuid, message: 'must be whole numbers from 0 to 65535, at most 200', maxEntries: MAX_NETUIDS },
    { description: 'Only stakes on these netuids, separated by commas; transfers have none.', example: '1,8,64' },
  )
  netuid?: string[];

  @ListField(
    { accepts: (kind) => KINDS.includes(kind), message: `must be among ${KINDS.join(', ')}`, maxEntries: KINDS.length },
    { description: 'Only these kinds, separated by commas.', example: 'stake,unstake' },
  )
  kind?: string[];

  @InstantField({ description: 'From this moment on.', example: '2026-01-01' })
  from?: Date;

  @InstantField({ description: 'Up to, and without, this moment.', example: '2026-02-01T00:00:00Z' })
  to?: Date;

  @ChoiceField(ORDERS, { default: 'desc', description: '`desc`: newest first.' })
  order: Order = 'desc';
}
