import { ChoiceField, ListField } from '../common';
import { RUN_MODES, type RunMode } from '../database';
import { datasetNames } from '../sync';

const MAX_DATASETS = 50;

/** What to sync, in the query or in the body. */
export class SyncRequest {
  @ListField(
    {
      accepts: (entry) => datasetNames().includes(entry),
      get message() {
        return `must be among ${datasetNames().join(', ')}`;
      },
      maxEntries: MAX_DATASETS,
    },
    { description: 'Names of datasets, separated by commas (in a body also a list); without it all of the mode.' },
  )
  datasets?: string[];

  @ChoiceField(RUN_MODES, {
    default: 'full',
    description: '`refresh`: what changes quickly; `full`: everything; `deep`: everything, with history.',
  })
  mode?: RunMode;
}
