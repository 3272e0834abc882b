import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { messageOf, newId, redactText } from '../common';
import { Settings } from '../config';
import {
  DatabaseClock,
  DatabaseReadiness,
  HistoryPartitionRepository,
  type HistoryRollup,
  LeaseRepository,
  NavSnapshotRepository,
  ROLLUPS,
  UnitOfWork,
} from '../database';

const LOOK_EVERY_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Days of which hours and days are compared with their rows: a replica of an older build writes rows alone. */
const COMPARED_DAYS = 2;

/**
 * Once an hour, over all replicas: months ahead, hours and days as their rows say, closed months in order, and months that
 * are past HISTORY_RETENTION_DAYS dropped. The lease is not given back: when it expires the next hour is due.
 */
@Injectable()
export class HistoryUpkeep implements BeforeApplicationShutdown {
  private readonly logger = new Logger('HistoryUpkeep');
  private ending = false;
  private working: Promise<void> | null = null;

  constructor(
    private readonly settings: Settings,
    private readonly database: DatabaseReadiness,
    private readonly clock: DatabaseClock,
    private readonly leases: LeaseRepository,
    private readonly partitions: HistoryPartitionRepository,
    private readonly values: NavSnapshotRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    this.ending = true;
    await this.working;
  }

  /** Never rejects, and never overlaps with itself. */
  @Interval('history-upkeep', LOOK_EVERY_MS)
  async look(): Promise<void> {
    if (this.ending || this.working !== null || !this.database.isReady()) return;
    this.working = this.workWhenDue().catch((error: unknown) => this.report('the history was not looked after', error));
    await this.working;
    this.working = null;
  }

  private async workWhenDue(): Promise<void> {
    const lease = await this.leases.acquire('history-upkeep', newId(), HOUR_MS);
    if (lease !== null) await this.work(await this.clock.now());
  }

  /** What fails is left for the next hour, and keeps nothing else from being done. */
  async work(now: Date): Promise<void> {
    const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
    const recent = { from: new Date(today - COMPARED_DAYS * DAY_MS), to: new Date(today + DAY_MS) };
    for (const shape of ROLLUPS) {
      await this.step(shape, () => this.partitions.ensureAhead(shape, now));
      await this.step(shape, async () => {
        const mended = await this.partitions.mend(shape, recent);
        if (mended > 0) this.logger.warn(`${shape.history}: ${mended} hours and days were not what their rows say`);
      });
      await this.step(shape, () => this.partitions.order(shape, now));
      if (this.settings.historyRetentionDays > 0) await this.step(shape, () => this.drop(shape, now));
    }
    if (!this.ending) await this.unitOfWork.run((manager) => this.values.retake(manager, recent));
  }

  private async drop(shape: HistoryRollup, now: Date): Promise<void> {
    const dropped = await this.partitions.dropExpired(shape, { now, days: this.settings.historyRetentionDays });
    for (const table of dropped) this.logger.log(`${table} was dropped; its hours and days are kept`);
  }

  private async step({ history }: HistoryRollup, work: () => Promise<unknown>): Promise<void> {
    if (this.ending) return;
    try {
      await work();
    } catch (error) {
      this.report(`${history} was not looked after`, error);
    }
  }

  private report(what: string, error: unknown): void {
    this.logger.warn({ err: error }, `${what}: ${redactText(messageOf(error))}`);
  }
}
