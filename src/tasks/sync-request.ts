import { ChoiceField, ListField } from '../common';
import { RUN_MODES, type RunMode } from '../database';

const MAX_DATASETS = 50;
const MAX_NAME_LENGTH = 64;

/** What to sync, in the query or in the body. Which datasets exist, the queue knows. */
export class SyncRequest {
  @ListField(
    {
      accepts: (entry) => entry !== '' && entry.length <= MAX_NAME_LENGTH,
      message: `must be names of datasets, 1 to ${MAX_DATASETS}`,
      maxEntries: MAX_DATASETS,
    },
    {
      description: 'Names of datasets, separated by commas (in a body also a list); without it all of the mode.',
      example: 'pools,tao_price',
    },
  )
  datasets?: string[];

  @ChoiceField(RUN_MODES, {
    default: 'full',
    description: '`refresh`: what changes quickly; `full`: everything; `deep`: everything, with history.',
  })
  mode?: RunMode;
}
