import { Injectable, Logger } from '@nestjs/common';
import {
  DatasetStateRepository,
  OPEN_RUN_STATES,
  type ReconciliationRun,
  ReconciliationRunRepository,
  type RecordedRepair,
  SyncRunRepository,
  UnitOfWork,
  WalletStateRepository,
} from '../database';
import { SyncQueue, selectDatasets } from '../sync';

/**
 * Mends what broke: syncs the datasets at fault, then has a further reconciliation look at the same findings. Each step is
 * a row's state, so any process can take the next one. The run that verifies mends nothing itself: one repair a break.
 */
@Injectable()
export class Repairs {
  private readonly logger = new Logger('Reconciliation');

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly runs: ReconciliationRunRepository,
    private readonly syncRuns: SyncRunRepository,
    private readonly states: DatasetStateRepository,
    private readonly walletStates: WalletStateRepository,
    private readonly queue: SyncQueue,
  ) {}

  /** Takes every repair one step further that can go on. */
  async advance(): Promise<void> {
    for (const run of await this.runs.repairing()) {
      const { repair, repairState } = run;
      if (repair === null) continue;
      if (repairState === 'wanted') await this.sync(run, repair);
      if (repairState === 'syncing') await this.verify(run, repair);
      if (repairState === 'verifying') await this.findVerification(run, repair);
    }
  }

  /** What the concerned answers left is in doubt, so the next ones are stored even if they are the same bytes again. */
  private async sync({ id }: ReconciliationRun, repair: RecordedRepair): Promise<void> {
    const queued = await this.unitOfWork.run(async (manager) => {
      if (!(await this.runs.holdRepair(manager, { id, at: 'wanted' }))) return null;
      await this.walletStates.forgetAnswers(manager, repair.wallets);
      await this.states.forgetAnswers(manager, repair.datasets);
      const datasets = selectDatasets(repair.datasets, 'refresh');
      const wanted = datasets.map((dataset) => ({ dataset, mode: 'refresh' as const, trigger: 'schedule' as const }));
      const runs = await this.syncRuns.open(manager, wanted);
      const next = { state: 'syncing' as const, repair: { ...repair, syncRunIds: runs.map((run) => run.id) } };
      await this.runs.moveRepair(manager, { id, from: 'wanted' }, next);
      return runs;
    });
    if (queued === null) return;
    await this.queue.offer(queued);
    const syncRunIds = queued.map((run) => run.id);
    const line = { run_id: id, datasets: repair.datasets, sync_run_ids: syncRunIds };
    this.logger.warn(line, `reconciliation broke; syncing ${repair.datasets.join(', ')} anew`);
  }

  private async verify({ id }: ReconciliationRun, repair: RecordedRepair): Promise<void> {
    const syncs = await Promise.all(repair.syncRunIds.map((syncId) => this.syncRuns.find(syncId)));
    const open: readonly string[] = OPEN_RUN_STATES;
    if (syncs.some((run) => run !== null && open.includes(run.state))) return;
    await this.unitOfWork.run(async (manager) => {
      if (!(await this.runs.holdRepair(manager, { id, at: 'syncing' }))) return;
      const verification = await this.runs.open(manager, { trigger: 'repair', verifies: id });
      // Another reconciliation is open: this one's turn comes after it.
      if (verification.verifies !== id) return;
      const next = { state: 'verifying' as const, repair: { ...repair, verifiedBy: verification.id } };
      await this.runs.moveRepair(manager, { id, from: 'syncing' }, next);
    });
  }

  /** A verification that is gone will never conclude the repair. */
  private async findVerification({ id }: ReconciliationRun, repair: RecordedRepair): Promise<void> {
    const verification = repair.verifiedBy === null ? null : await this.runs.find(repair.verifiedBy);
    if (verification !== null && verification.state !== 'finished') return;
    await this.unitOfWork.run((manager) =>
      this.runs.moveRepair(manager, { id, from: 'verifying' }, { state: 'unrepaired', repair }),
    );
  }
}
