import type { DataSource } from 'typeorm';
import {
  LeaseRepository,
  type ReconciliationRun,
  ReconciliationReadingRepository,
  ReconciliationRunRepository,
  type RecordedRepair,
  type RepairState,
  WalletRepository,
} from '../../src/database';
import { ReconciliationModule } from '../../src/reconciliation';
import { DueJobs } from '../../src/reconciliation/due-jobs.service';
import { Reconciler } from '../../src/reconciliation/reconciler.service';
import { ReconciliationLedger } from '../../src/reconciliation/reconciliation-ledger.service';
import { ReconciliationWorker } from '../../src/reconciliation/reconciliation-worker.service';
import { Repairs } from '../../src/reconciliation/repairs.service';
import { PortfolioModule, TreasuryBooks } from '../../src/treasury';
import { JobQueue } from '../../src/sync/job-queue.service';
import { DEMO_WALLETS, type RunningSimulator, startSimulator } from '../simulator';
import type { FakeClock } from './fake-clock';
import { SyncRig } from './sync-rig';
import { taostatsRig } from './taostats-rig';
import { connect, createTestDatabase, type TestDatabase } from './test-database';

const RECONCILIATION = ReconciliationModule.register({ imports: [PortfolioModule], from: TreasuryBooks });
const START = new Date('2026-11-23T12:00:00Z');
const DATASETS = ['subnets', 'pools', 'positions'];

/** Reconciliation on PostgreSQL, the real client and the simulator, step by step: nothing runs by itself. */
export class ReconciliationRig {
  private constructor(
    readonly simulator: RunningSimulator,
    readonly sync: SyncRig,
    readonly dataSource: DataSource,
    private readonly upstreamClock: FakeClock,
    private readonly database: TestDatabase,
  ) {}

  /** With the simulated wallets synced once. */
  static async start(): Promise<ReconciliationRig> {
    const database = await createTestDatabase();
    const dataSource = await connect(database);
    const simulator = await startSimulator({
      port: 0,
      ratePerMinute: 100_000,
      speed: 0,
      startAt: START,
      activity: false,
    });
    const { client, clock } = taostatsRig(simulator.url, { taostatsRateLimitPerMinute: 100_000 });
    const sync = await SyncRig.create(dataSource, { client, modules: [RECONCILIATION] });
    const rig = new ReconciliationRig(simulator, sync, dataSource, clock, database);
    for (const address of DEMO_WALLETS) {
      await sync.module.get(WalletRepository, { strict: false }).add({ address, label: null });
    }
    await rig.syncAll();
    return rig;
  }

  /** Reads everything anew, so that what is stored is what the simulator has now. */
  async syncAll(): Promise<void> {
    await this.sync.register(...DATASETS, 'accounts');
    for (const dataset of DATASETS) await this.sync.sync(dataset);
  }

  /** Ends every fault, and every pause, breaker and refused endpoint that one led to; the last are asked again in six hours. */
  async recover(): Promise<void> {
    this.simulator.clearFaults();
    await this.upstreamClock.advance(7 * 3_600_000);
  }

  get runs(): ReconciliationRunRepository {
    return this.get(ReconciliationRunRepository);
  }

  /** What the trust pack and Prometheus read. */
  get reading(): ReconciliationReadingRepository {
    return this.get(ReconciliationReadingRepository);
  }

  get worker(): ReconciliationWorker {
    return this.get(ReconciliationWorker);
  }

  /** As another process has it. */
  newWorker(): ReconciliationWorker {
    return new ReconciliationWorker(
      this.get(Reconciler),
      this.get(ReconciliationLedger),
      this.runs,
      this.get(LeaseRepository),
      this.upstreamClock,
    );
  }

  /** Waits until something that goes on by itself has come so far. */
  async until(condition: () => Promise<boolean>): Promise<void> {
    const limit = Date.now() + 30_000;
    while (!(await condition())) {
      if (Date.now() > limit) throw new Error('it never came to be');
    }
  }

  /** Asks for a reconciliation, carries it out, and answers it. */
  async reconcile(): Promise<ReconciliationRun> {
    const { id } = await this.open();
    await this.worker.workOnce();
    return this.runOf(id);
  }

  open(): Promise<ReconciliationRun> {
    return this.sync.unitOfWork.run((manager) => this.runs.open(manager, { trigger: 'request' }));
  }

  /** What a process does about the schedule once a second. */
  takeDue(): Promise<void> {
    return this.get(DueJobs).takeReconciliation();
  }

  async runOf(id: string): Promise<ReconciliationRun> {
    const run = await this.runs.find(id);
    if (run === null) throw new Error(`no reconciliation ${id}`);
    return run;
  }

  /** Carries the repair of a run out to its end. */
  async repair(id: string): Promise<{ state: RepairState | null; repair: RecordedRepair | null }> {
    const repairs = this.get(Repairs);
    await repairs.advance();
    const { repair } = await this.runOf(id);
    for (const syncRunId of repair?.syncRunIds ?? []) {
      await this.sync.runner.run(syncRunId, new AbortController().signal);
    }
    await repairs.advance();
    await this.worker.workOnce();
    const repaired = await this.runOf(id);
    return { state: repaired.repairState, repair: repaired.repair };
  }

  async drifting(): Promise<string[]> {
    const states = await this.sync.states.all();
    return states.filter((state) => state.hasDrift).map((state) => state.dataset);
  }

  get<Service>(type: new (...parts: never[]) => Service): Service {
    return this.sync.module.get(type, { strict: false });
  }

  async stop(): Promise<void> {
    await this.get(JobQueue).close();
    await this.simulator.close();
    await this.dataSource.destroy();
    await this.database.drop();
  }
}
