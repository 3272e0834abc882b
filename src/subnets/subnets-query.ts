import {
  ChoiceField,
  CursorField,
  FlagField,
  InstantField,
  IntegerField,
  isNetuid,
  LimitField,
  ListField,
  TextField,
} from '../common';
import { SUBNET_SORTS, type SubnetSort } from './subnet-page';

const ORDERS = ['asc', 'desc'] as const;
const MAX_NETUIDS = 200;

export class SubnetsQuery {
  @TextField(100, { description: 'Part of the name or the symbol, in any case.', example: 'chutes' })
  q?: string;

  @FlagField({ description: 'Only subnets whose price means nothing yet, or only the others.' })
  startup?: boolean;

  @FlagField({ description: 'Only subnets whose alpha can be traded, or only the others.' })
  active?: boolean;

  @ListField(
    { accepts: isNetuid, message: 'must be whole numbers from 0 to 65535, at most 200', maxEntries: MAX_NETUIDS },
    { description: 'Only these netuids, separated by commas.', example: '1,8,64' },
  )
  netuid?: string[];

  @ChoiceField(SUBNET_SORTS, { default: 'netuid', description: 'What is not known comes last, whatever the order.' })
  sort: SubnetSort = 'netuid';

  @ChoiceField(ORDERS, { default: 'asc', description: '`asc` or `desc`.' })
  order: (typeof ORDERS)[number] = 'asc';

  @LimitField()
  limit = 50;

  @CursorField()
  cursor?: string;
}

const GENERATIONS = ['current', 'all'] as const;
const RESOLUTIONS = ['raw', 'hour', 'day'] as const;

export class SubnetHistoryQuery {
  @InstantField({ description: 'From this moment on.', example: '2026-01-01' })
  from?: Date;

  @InstantField({ description: 'Up to, and without, this moment.', example: '2026-02-01T00:00:00Z' })
  to?: Date;

  @ChoiceField(RESOLUTIONS, {
    description: '`raw`, the default: every observation. `hour`, `day`: one point for each UTC hour or day with any.',
  })
  resolution?: (typeof RESOLUTIONS)[number];

  @IntegerField({
    min: 2,
    max: 1_000,
    description:
      'The whole window on one page in at most so many points, and one more for each time the netuid changed hands in ' +
      'it: every observation if they fit, else in steps of hours or days. Excludes `resolution` and `cursor`; `limit` is ' +
      'not looked at. Without `from` it begins with the first day.',
  })
  points?: number;

  @ChoiceField(GENERATIONS, {
    default: 'current',
    description: '`all` includes the netuid’s former users: other subnets with other alpha.',
  })
  generation: (typeof GENERATIONS)[number] = 'current';

  @ChoiceField(ORDERS, { default: 'desc', description: '`desc`: newest first.' })
  order: (typeof ORDERS)[number] = 'desc';

  @LimitField()
  limit = 50;

  @CursorField()
  cursor?: string;
}
