import { ApiProperty } from '@nestjs/swagger';
import {
  RECONCILIATION_STATES,
  RECONCILIATION_TRIGGERS,
  RECONCILIATION_VERDICTS,
  REPAIR_STATES,
  type ReconciliationState,
  type ReconciliationTrigger,
  type ReconciliationVerdict,
  type RepairState,
} from '../database';

const NULLABLE_TIME = { type: String, format: 'date-time', nullable: true } as const;
const NULLABLE_TEXT = { type: String, nullable: true } as const;
const VERDICT =
  '`pass`: quantities and prices agree. `drift`: only prices, or the model of them, disagree. `break`: a quantity does ' +
  'not add up. `incomplete`: a source failed or was partial.';

/** One comparison. */
export class FindingView {
  @ApiProperty({ example: 'R1', description: 'R1 to R13, see docs/reconciliation.md.' }) check!: string;
  @ApiProperty({ example: '5Grw…utQY/5FLS…S59Y/64', description: 'Position, account, pool or source.' })
  subject!: string;
  @ApiProperty({ enum: ['pass', 'warn', 'fail', 'skipped'], example: 'fail' }) severity!: string;
  @ApiProperty({ ...NULLABLE_TEXT, example: '1156154755', description: 'In `unit`, as all figures.' })
  expected!: string | null;
  @ApiProperty({ ...NULLABLE_TEXT, example: '0' }) actual!: string | null;
  @ApiProperty({ ...NULLABLE_TEXT, example: '-1156154755' }) difference!: string | null;
  @ApiProperty({ ...NULLABLE_TEXT, example: '2', description: 'Largest difference that passes.' })
  tolerance!: string | null;
  @ApiProperty({ enum: ['rao', 'ratio', 'count'], example: 'rao' }) unit!: string;
  @ApiProperty({ example: 'the position is gone from the live answer without an event' }) reason!: string;
}

/** All comparisons of one check. */
export class CheckView {
  @ApiProperty({ example: 'R1' }) check!: string;
  @ApiProperty({ enum: RECONCILIATION_VERDICTS, example: 'pass' }) verdict!: ReconciliationVerdict;
  @ApiProperty({ example: 40 }) passed!: number;
  @ApiProperty({ example: 0 }) warned!: number;
  @ApiProperty({ example: 0 }) failed!: number;
  @ApiProperty({ example: 0, description: 'An input was missing: never a pass.' }) skipped!: number;
  @ApiProperty({ type: FindingView, nullable: true, description: 'The comparison that is furthest off.' })
  worst!: FindingView | null;
}

export class SourceView {
  @ApiProperty({ example: '/api/dtao/stake_balance/latest/v1' }) source!: string;
  @ApiProperty({ ...NULLABLE_TEXT, description: 'Null: the network.' }) wallet!: string | null;
  @ApiProperty({ example: 36 }) rows!: number;
  @ApiProperty({ type: Number, nullable: true, example: 9240388 }) block_number!: number | null;
  @ApiProperty({ ...NULLABLE_TEXT, example: null, description: 'Why there was no answer.' }) error_code!: string | null;
}

/** What is done about a break. */
export class RepairView {
  @ApiProperty({ enum: REPAIR_STATES, example: 'repaired' }) state!: RepairState;
  @ApiProperty({ type: [String], example: ['positions'], description: 'Synced anew.' }) datasets!: string[];
  @ApiProperty({ type: [String], description: 'Whose answers are stored anew whatever they say.' }) wallets!: string[];
  @ApiProperty({ type: [String], description: 'Look them up under /api/v1/runs/{id}.' }) sync_run_ids!: string[];
  @ApiProperty({ type: [FindingView], description: 'What broke.' }) before!: FindingView[];
  @ApiProperty({ type: [FindingView], nullable: true, description: 'The same after the sync; null until then.' })
  after!: FindingView[] | null;
  @ApiProperty({ ...NULLABLE_TEXT, format: 'uuid', description: 'The run that looked again.' })
  verified_by!: string | null;
}

/** One reconciliation in short. */
export class ReconciliationSummaryView {
  @ApiProperty({ format: 'uuid', example: '0199a1d2-7e5c-7c3a-9b54-0c6d5d1f2a33' }) id!: string;
  @ApiProperty({ enum: RECONCILIATION_TRIGGERS, example: 'schedule', description: '`repair`: looks at a repair.' })
  trigger!: ReconciliationTrigger;
  @ApiProperty({ ...NULLABLE_TEXT, format: 'uuid', description: 'The run whose repair it looks at.' })
  verifies!: string | null;
  @ApiProperty({ enum: RECONCILIATION_STATES, example: 'finished' }) state!: ReconciliationState;
  @ApiProperty({ enum: RECONCILIATION_VERDICTS, nullable: true, example: 'pass', description: VERDICT })
  verdict!: ReconciliationVerdict | null;
  @ApiProperty({
    enum: ['pass', 'break', 'incomplete'],
    nullable: true,
    example: 'pass',
    description: 'The verdict on how much is owned, whatever prices say.',
  })
  quantities!: string | null;
  @ApiProperty({ ...NULLABLE_TEXT, example: null }) reason_code!: string | null;
  @ApiProperty({ ...NULLABLE_TEXT, description: 'Why it is incomplete.' }) reason!: string | null;
  @ApiProperty({ format: 'date-time' }) queued_at!: string;
  @ApiProperty(NULLABLE_TIME) started_at!: string | null;
  @ApiProperty(NULLABLE_TIME) finished_at!: string | null;
  @ApiProperty({ example: 7, description: 'Requests to TaoStats, retries included.' }) calls!: number;
  @ApiProperty({ type: [CheckView] }) checks!: CheckView[];
  @ApiProperty({ type: [String], example: [], description: 'Positions, accounts, pools that failed a check.' })
  keys_concerned!: string[];
  @ApiProperty({ type: [String], example: [], description: 'Datasets that now have drift because of it.' })
  drift_raised!: string[];
  @ApiProperty({ type: [String], example: [], description: 'Datasets whose drift it has ended.' })
  drift_cleared!: string[];
  @ApiProperty({ enum: REPAIR_STATES, nullable: true, example: null }) repair_state!: RepairState | null;
}

/** One reconciliation with what it found. */
export class ReconciliationView extends ReconciliationSummaryView {
  @ApiProperty({ type: [FindingView], description: 'What did not pass, failures first, 100 at the most.' })
  evidence!: FindingView[];
  @ApiProperty({ example: 0, description: 'Without that bound.' }) evidence_total!: number;
  @ApiProperty({ type: [SourceView] }) sources!: SourceView[];
  @ApiProperty({ type: RepairView, nullable: true }) repair!: RepairView | null;
}

export class ReconciliationAnswer {
  @ApiProperty({ type: ReconciliationView }) data!: ReconciliationView;
}

export class ReconciliationsAnswer {
  @ApiProperty({ type: [ReconciliationSummaryView], description: 'Newest first.' }) data!: ReconciliationSummaryView[];
  @ApiProperty(NULLABLE_TEXT) next_cursor!: string | null;
}

export class ReconciliationAcceptedView {
  @ApiProperty({ format: 'uuid', description: 'Look it up under /api/v1/reconciliation/runs/{id}.' }) run_id!: string;
  @ApiProperty({ type: ReconciliationSummaryView, description: 'The run that is open, if there was one already.' })
  run!: ReconciliationSummaryView;
}
