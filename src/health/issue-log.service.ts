import { Inject, Injectable, Logger } from '@nestjs/common';
import { CLOCK, type Clock, messageOf } from '../common';
import { TrustIssueRepository, UnitOfWork } from '../database';
import type { Finding, Issue } from './issue';
import { IssueTracker } from './issue-tracker';

/** How often unchanged issues are marked as still seen. */
const TOUCH_INTERVAL_MS = 60_000;

/** The issues that stand, and since when; shared with the other replicas and kept over restarts. */
@Injectable()
export class IssueLog {
  private readonly logger = new Logger(IssueLog.name);
  private readonly tracker = new IssueTracker();
  private readonly unstoredCleared = new Set<string>();
  private storedMs: number | null = null;
  private changed = true;
  /** When the newest look's findings were taken; null before the first. */
  judgedAt: Date | null = null;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly repository: TrustIssueRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  current(): Issue[] {
    return this.tracker.current();
  }

  /** Takes one look's findings and logs what began and what ended. */
  observe(findings: readonly Finding[], now: Date): void {
    const { opened, cleared } = this.tracker.observe(findings, now);
    this.judgedAt = now;
    for (const issue of opened) {
      const { code, severity, subject, evidence } = issue;
      this.logger.log({ code, severity, subject, evidence }, `Issue opened: ${issue.message}`);
    }
    for (const key of cleared) {
      this.unstoredCleared.add(key);
      this.logger.log({ issue: key }, `Issue cleared: ${key}`);
    }
    if (opened.length > 0 || cleared.length > 0) this.changed = true;
  }

  /** Exchanges beginnings with PostgreSQL when something changed, else once a minute. Never rejects. */
  async store(): Promise<void> {
    const nowMs = this.clock.monotonicMs();
    if (!this.changed && this.storedMs !== null && nowMs - this.storedMs < TOUCH_INTERVAL_MS) return;
    const cleared = [...this.unstoredCleared];
    const open = this.current().map(({ key, since }) => ({ key, since }));
    try {
      const known = await this.unitOfWork.run(async (manager) => {
        const before = this.storedMs === null ? await this.repository.findOpen(manager) : [];
        await this.repository.recordCleared(manager, cleared);
        return [...before, ...(await this.repository.recordOpen(manager, open))];
      });
      this.tracker.remember(known);
      for (const key of cleared) this.unstoredCleared.delete(key);
      this.storedMs = nowMs;
      this.changed = false;
    } catch (error) {
      this.logger.debug(`Issues are not stored: ${messageOf(error)}`);
    }
  }
}
