import { Injectable, Logger } from '@nestjs/common';
import { RESERVE_SHARE, paceOf, planBudget } from '../analysis';
import { Settings } from '../config';
import {
  type DatasetDemand,
  type DatasetSchedule,
  UnitOfWork,
  UpstreamSpendRepository,
  WalletRepository,
} from '../database';
import { keyScopeOf } from '../taostats';
import { demandsOf } from './dataset-demands';
import { DATASETS, datasetNames } from './datasets';
import { type SideJob, SIDE_JOBS, sideJobDemands } from './side-jobs';
import { SnapshotStore } from './snapshot-store.service';
import { SyncClocks } from './sync-clocks';

/** Wallets come and go, and credits are spent: the plan follows within this time. */
const REPLAN_MS = 10 * 60_000;

/**
 * The intervals in force: as configured, or stretched to what is left of the month's credits where
 * TAOSTATS_MONTHLY_CREDITS says how many there are.
 */
@Injectable()
export class BudgetedIntervals {
  private readonly logger = new Logger('SyncSchedule');
  private readonly inForce = new Map<string, number>();
  private readonly jobSeconds = new Map<SideJob, number>();
  private plannedAtMs: number | null = null;
  private lastStretch = '';

  constructor(
    private readonly settings: Settings,
    private readonly unitOfWork: UnitOfWork,
    private readonly spend: UpstreamSpendRepository,
    private readonly store: SnapshotStore,
    private readonly clocks: SyncClocks,
  ) {}

  /**
   * Hands schedules whose interval is new to `register`, every ten minutes; what could not be registered comes again with
   * the next look. Only what is new, because registering brings a next due time within the interval, also one that waits.
   */
  async refresh(register: (schedules: DatasetSchedule[]) => Promise<void>): Promise<void> {
    const nowMs = this.clocks.process.monotonicMs();
    if (this.plannedAtMs !== null && nowMs - this.plannedAtMs < REPLAN_MS) return;
    const intervals = await this.plan();
    const schedules = DATASETS.map(({ name, isCore }) => ({
      dataset: name,
      intervalSeconds: intervals.get(name) ?? 1,
      isCore,
    })).filter(({ dataset, intervalSeconds }) => this.inForce.get(dataset) !== intervalSeconds);
    if (schedules.length > 0) await register(schedules);
    for (const { dataset, intervalSeconds } of schedules) this.inForce.set(dataset, intervalSeconds);
    for (const job of SIDE_JOBS) {
      const seconds = intervals.get(job);
      if (seconds !== undefined) this.jobSeconds.set(job, seconds);
    }
    this.plannedAtMs = nowMs;
  }

  /** Interval of a job beside the datasets; undefined before the first plan. */
  plannedFor(job: SideJob): number | undefined {
    return this.jobSeconds.get(job);
  }

  private async plan(): Promise<Map<string, number>> {
    const { demands, spentThisMonth, now } = await this.look();
    const configured = new Map(demands.map(({ dataset, configuredSeconds }) => [dataset, configuredSeconds]));
    if (this.settings.taostatsMonthlyCredits === 0) return configured;
    const plan = planBudget({
      limits: { perMinute: this.settings.taostatsRateLimitPerMinute, perMonth: this.settings.taostatsMonthlyCredits },
      spentThisMonth,
      now,
      reserveShare: RESERVE_SHARE,
      datasets: demands.map(toBudgetDataset),
    });
    this.report(plan.stretch, plan.holds);
    return new Map(plan.datasets.map(({ name, plannedSeconds }) => [name, plannedSeconds]));
  }

  /** Reads what a plan needs, and leaves the demands for those who show the budget. */
  private async look(): Promise<{ demands: DatasetDemand[]; spentThisMonth: number; now: Date }> {
    const now = await this.clocks.database.now();
    const declared = await this.declaredCalls();
    const { repository, manager: reader } = this.store.readings();
    const wallets = (await repository(WalletRepository).active(reader)).length;
    return this.unitOfWork.run(async (manager) => {
      const measured = await this.spend.measuredCalls(manager, datasetNames());
      const demands = [
        ...demandsOf(DATASETS, this.settings, { declared, measured }),
        ...sideJobDemands(this.settings, wallets),
      ];
      await this.spend.storeDemands(manager, demands);
      const { spending } = await this.spend.read(manager);
      const days = spending.filter(({ key }) => key === keyScopeOf(this.settings));
      return { demands, now, spentThisMonth: paceOf(days, this.settings.taostatsMonthlyCredits, now).spentThisMonth };
    });
  }

  private async declaredCalls(): Promise<Map<string, number>> {
    const declared = new Map<string, number>();
    for (const dataset of DATASETS) {
      // The schedule runs in the mode `refresh`.
      const calls = await dataset.plannedCalls?.({ mode: 'refresh', ...this.store.readings() });
      if (calls !== undefined) declared.set(dataset.name, calls);
    }
    return declared;
  }

  private report({ favoured, rest }: { favoured: number; rest: number }, holds: boolean): void {
    const stretch = `core and wallet data x${favoured.toFixed(2)}, the rest x${rest.toFixed(2)}`;
    if (stretch === this.lastStretch) return;
    const wasStretched = this.lastStretch !== '';
    this.lastStretch = stretch;
    if (rest === 1 && !wasStretched) return;
    const line = { stretch_favoured: favoured, stretch_rest: rest, holds };
    if (holds) this.logger.log(line, `intervals fitted to the month's credits: ${stretch}`);
    else this.logger.warn(line, `the month's credits do not last even with stretched intervals: ${stretch}`);
  }
}

function toBudgetDataset({ dataset, configuredSeconds, callsPerRun, rank }: DatasetDemand) {
  return { name: dataset, intervalSeconds: configuredSeconds, plannedCalls: callsPerRun, rank };
}
