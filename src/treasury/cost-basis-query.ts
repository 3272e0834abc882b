import { ChoiceField, isNetuid, ListField, TextField } from '../common';
import { COST_METHODS, type CostMethod, type EmissionView } from '../analysis';
import { ADDRESS_EXAMPLE, ADDRESS_LENGTH, PageQuery } from './list-query';

const MAX_NETUIDS = 200;
const EMISSION_VIEWS = ['gain', 'income'] as const satisfies readonly EmissionView[];

class BasisQuery extends PageQuery {
  @TextField(ADDRESS_LENGTH, {
    description: 'Only this wallet; lots that came from other wallets keep their cost all the same.',
    example: ADDRESS_EXAMPLE,
  })
  wallet?: string;

  @ListField(
    { accepts: isNetuid, message: 'must be whole numbers from 0 to 65535, at most 200', maxEntries: MAX_NETUIDS },
    { description: 'Only these netuids, separated by commas.', example: '1,8,64' },
  )
  netuid?: string[];

  @ChoiceField(EMISSION_VIEWS, {
    default: 'gain',
    description:
      '`gain`: emission costs nothing and is yield while held. `income`: income at its value when it accrues.',
  })
  emission: EmissionView = 'gain';
}

export class CostBasisQuery extends BasisQuery {
  @ChoiceField(COST_METHODS, {
    default: 'fifo',
    description: '`fifo`: first in, first out. `average`: over all time, as TaoStats does; transfers carry no cost.',
  })
  method: CostMethod = 'fifo';
}

export class LotsQuery extends BasisQuery {}
