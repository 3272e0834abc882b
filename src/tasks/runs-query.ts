import { ChoiceField, CursorField, LimitField } from '../common';
import { RUN_STATES, type RunState } from '../database';
import { datasetNames } from '../sync';

export class RunsQuery {
  @ChoiceField(datasetNames(), { description: 'Runs of one dataset.' })
  dataset?: string;

  @ChoiceField(RUN_STATES, { description: 'Runs in one state.' })
  state?: RunState;

  @LimitField()
  limit = 50;

  @CursorField()
  cursor?: string;
}
