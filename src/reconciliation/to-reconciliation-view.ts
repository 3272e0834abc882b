import type { ReconciliationRun, RecordedSource } from '../database';
import type { ReconciliationSummaryView, ReconciliationView, RepairView, SourceView } from './reconciliation.view';

export function toReconciliationSummaryView(run: ReconciliationRun): ReconciliationSummaryView {
  return {
    id: run.id,
    trigger: run.trigger,
    verifies: run.verifies,
    state: run.state,
    verdict: run.verdict,
    quantities: run.quantities,
    reason_code: run.reasonCode,
    reason: run.reason,
    queued_at: run.queuedAt.toISOString(),
    started_at: run.startedAt?.toISOString() ?? null,
    finished_at: run.finishedAt?.toISOString() ?? null,
    calls: run.calls,
    checks: run.checks,
    keys_concerned: keysOf(run),
    drift_raised: run.driftRaised,
    drift_cleared: run.driftCleared,
    repair_state: run.repairState,
  };
}

export function toReconciliationView(run: ReconciliationRun): ReconciliationView {
  return {
    ...toReconciliationSummaryView(run),
    evidence: run.evidence,
    evidence_total: run.evidenceTotal,
    sources: run.sources.map(toSourceView),
    repair: toRepairView(run),
  };
}

function keysOf({ evidence }: ReconciliationRun): string[] {
  const failed = evidence.filter(({ severity, check }) => severity === 'fail' && check !== 'R12');
  return [...new Set(failed.map(({ subject }) => subject))];
}

function toSourceView({ source, wallet, rows, blockNumber, errorCode }: RecordedSource): SourceView {
  return { source, wallet, rows, block_number: blockNumber, error_code: errorCode };
}

function toRepairView({ repairState, repair }: ReconciliationRun): RepairView | null {
  if (repairState === null || repair === null) return null;
  return {
    state: repairState,
    datasets: repair.datasets,
    wallets: repair.wallets,
    sync_run_ids: repair.syncRunIds,
    before: repair.before,
    after: repair.after,
    verified_by: repair.verifiedBy,
  };
}
