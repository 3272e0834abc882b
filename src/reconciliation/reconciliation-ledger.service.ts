import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type CheckResult, isQuantityCheck } from '../analysis';
import { AppError } from '../common';
import {
  DatasetStateRepository,
  type Lease,
  LeaseRepository,
  type ReconciliationOutcome,
  type ReconciliationRun,
  ReconciliationRunRepository,
  type RecordedRepair,
  retryTransaction,
  UnitOfWork,
} from '../database';
import { FencedError } from '../sync';
import type { Reconciliation } from './reconciler.service';

/** Findings that a run keeps. */
const MAX_EVIDENCE = 100;

/** Closes runs: with the report, the drift flags and what is to be done about a break, in one transaction. */
@Injectable()
export class ReconciliationLedger {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly runs: ReconciliationRunRepository,
    private readonly states: DatasetStateRepository,
    private readonly leases: LeaseRepository,
  ) {}

  /** Starts the run that waits, under the lease. */
  start(lease: Lease): Promise<ReconciliationRun | null> {
    return this.unitOfWork.run((manager) => this.runs.start(manager, lease));
  }

  /** Only what added up lowers a flag, and only what was compared. Throws `sync/fenced`. */
  async finish(run: ReconciliationRun, lease: Lease, found: Reconciliation): Promise<void> {
    const { report, results } = found;
    await this.close(lease, async (manager) => {
      await this.states.raiseDrift(manager, report.broken);
      const driftCleared = await this.states.clearDrift(manager, report.sound);
      const repair = run.trigger === 'repair' ? null : repairOf(found);
      if (run.verifies !== null) await this.concludeRepair(manager, run, found);
      const why = results.find((result) => result.check === 'R12' && result.severity === 'fail');
      return this.runs.finish(manager, run, {
        calls: found.calls,
        verdict: report.verdict,
        quantities: report.quantities,
        reasonCode: report.quantities === 'incomplete' ? 'reconciliation/incomplete' : null,
        reason: report.quantities === 'incomplete' ? reasonOf(why) : null,
        checks: report.checks,
        evidence: report.evidence.slice(0, MAX_EVIDENCE),
        evidenceTotal: report.evidence.length,
        sources: found.sources,
        driftRaised: report.broken,
        driftCleared,
        repairState: repair === null ? null : 'wanted',
        repair,
      });
    });
  }

  /** Closes a run that found nothing out. */
  async giveUp(run: ReconciliationRun, lease: Lease, error: unknown): Promise<void> {
    const known = error instanceof AppError;
    const outcome: ReconciliationOutcome = {
      calls: 0,
      verdict: 'incomplete',
      quantities: 'incomplete',
      reasonCode: known ? error.code : 'reconciliation/unexpected',
      reason: known ? error.message : 'An unexpected error; the log has the details.',
      checks: [],
      evidence: [],
      evidenceTotal: 0,
      sources: [],
      driftRaised: [],
      driftCleared: [],
      repairState: null,
      repair: null,
    };
    await this.close(lease, async (manager) => {
      if (run.verifies !== null) await this.concludeRepair(manager, run, null);
      return this.runs.finish(manager, run, outcome);
    });
  }

  private async close(lease: Lease, work: (manager: EntityManager) => Promise<boolean>): Promise<void> {
    await retryTransaction(() =>
      this.unitOfWork.run(async (manager) => {
        const held = await this.leases.isHeld(manager, lease);
        if (!held || !(await work(manager))) throw new FencedError(lease.name);
      }),
    );
  }

  /** The same comparisons as those that broke, after the sync. Null: nobody knows. */
  private async concludeRepair(
    manager: EntityManager,
    { id, verifies }: ReconciliationRun,
    found: Reconciliation | null,
  ): Promise<void> {
    const repaired = await this.runs.find(verifies ?? id);
    if (repaired?.repair == null) return;
    const after = found === null ? null : sameSubjects(repaired.repair.before, found.results);
    const isWhole = found !== null && found.report.quantities !== 'incomplete';
    const isMended = isWhole && after?.every((finding) => finding.severity !== 'fail') === true;
    await this.runs.moveRepair(
      manager,
      { id: repaired.id, from: 'verifying' },
      { state: isMended ? 'repaired' : 'unrepaired', repair: { ...repaired.repair, after, verifiedBy: id } },
    );
  }
}

function repairOf({ report, wallets }: Reconciliation): RecordedRepair | null {
  if (report.broken.length === 0) return null;
  const before = report.evidence.filter((finding) => finding.severity === 'fail' && isQuantityCheck(finding.check));
  return {
    datasets: report.broken,
    wallets: wallets.filter((wallet) => before.some(({ subject }) => subject.includes(wallet))),
    syncRunIds: [],
    before: before.slice(0, MAX_EVIDENCE),
    after: null,
    verifiedBy: null,
  };
}

function sameSubjects(before: RecordedRepair['before'], results: readonly CheckResult[]): CheckResult[] {
  return before.flatMap(({ check, subject, reason }) => {
    const same = results.filter((result) => result.check === check && result.subject === subject);
    return same.find((result) => result.reason === reason) ?? same[0] ?? [];
  });
}

function reasonOf(result: CheckResult | undefined): string {
  return result === undefined ? 'no check could be made' : `${result.subject}: ${result.reason}`;
}
