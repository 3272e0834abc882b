import { IntegerField, MAX_NETUID, TextField } from '../common';
import { ADDRESS_EXAMPLE, ADDRESS_LENGTH, PageQuery } from './list-query';

export class ValidatorsQuery extends PageQuery {
  @IntegerField({
    min: 0,
    max: MAX_NETUID,
    description: 'Validators of this subnet with their yields there, which are known for subnets that wallets hold.',
    example: 64,
  })
  netuid?: number;

  @TextField(ADDRESS_LENGTH, { description: 'Only this validator.', example: ADDRESS_EXAMPLE })
  hotkey?: string;
}
