import { ChoiceField, InstantField, TextField } from '../common';
import { ADDRESS_EXAMPLE, ADDRESS_LENGTH, type Order, ORDERS, PageQuery } from './list-query';

export class AccountsQuery extends PageQuery {
  @TextField(ADDRESS_LENGTH, { description: 'Only this wallet.', example: ADDRESS_EXAMPLE })
  wallet?: string;
}

export class AccountHistoryQuery extends PageQuery {
  @InstantField({ description: 'From this day on.', example: '2026-01-01' })
  from?: Date;

  @InstantField({ description: 'Up to, and without, this day.', example: '2026-02-01' })
  to?: Date;

  @ChoiceField(ORDERS, { default: 'desc', description: '`desc`: newest first.' })
  order: Order = 'desc';
}
