import { ChoiceField, CursorField, LimitField } from '../common';
import { RECONCILIATION_VERDICTS, type ReconciliationVerdict } from '../database';

export class ReconciliationsQuery {
  @ChoiceField(RECONCILIATION_VERDICTS, { description: 'Runs with one verdict.' })
  verdict?: ReconciliationVerdict;

  @LimitField()
  limit = 50;

  @CursorField()
  cursor?: string;
}
