import { Injectable, Logger } from '@nestjs/common';
import { newId } from '../common';
import { modeOf, Settings } from '../config';
import { AlertOutboxRepository, AlertRepository, DatabaseClock, UnitOfWork } from '../database';
import { AlertChannels, targetDigest } from './alert-channels.service';
import type { AlertFinding } from './alert-finding';
import { AlertGauges } from './alert-gauges';
import { buildGroup } from './alert-group';
import { planAlerts } from './alert-plan';

/** What ended is listed for a week, and what was sent for a month. */
const ALERTS_KEPT_MS = 7 * 86_400_000;
const MESSAGES_KEPT_MS = 30 * 86_400_000;

/**
 * Writes down what stands and what is to be told of it. Replicas plan one after the other, and an alert and the message
 * about it are one transaction: each message is written once, and none is lost.
 */
@Injectable()
export class AlertPlanner {
  private readonly logger = new Logger('Alerts');

  constructor(
    private readonly channels: AlertChannels,
    private readonly alerts: AlertRepository,
    private readonly outbox: AlertOutboxRepository,
    private readonly unitOfWork: UnitOfWork,
    private readonly databaseClock: DatabaseClock,
    private readonly settings: Settings,
    private readonly gauges: AlertGauges,
  ) {}

  /** `canResolve`: this process has looked for long enough to know that what it does not find is over. */
  async plan(findings: readonly AlertFinding[], canResolve: boolean): Promise<void> {
    const now = await this.databaseClock.now();
    const { alertGroupSeconds, alertMinSeverity: minSeverity } = this.settings;
    const told = await this.unitOfWork.run(async (manager) => {
      const alerts = await this.alerts.lockAll(manager);
      const names = this.channels.all.map(({ name }) => name);
      this.gauges.publish(alerts, await this.outbox.countPending(manager, names));
      const lastMessageAt = await this.outbox.lastMessageAt(manager);
      const wanting = this.channels.wanting(await this.outbox.newestOfEach(manager));
      const policy = { groupMs: alertGroupSeconds * 1000, minSeverity, canResolve, canTell: wanting.length > 0 };
      const { changed, firing, resolved } = planAlerts({ alerts, findings, now, lastMessageAt }, policy);
      await this.alerts.save(manager, changed);
      if (firing.length + resolved.length === 0) return null;
      const group = buildGroup(firing, resolved, modeOf(this.settings).upstream === 'simulator');
      const message = { id: newId(), at: now, kind: 'alerts' as const, body: { ...group } };
      const targets = wanting.map((channel) => ({
        id: newId(),
        channel: channel.name,
        target: targetDigest(channel),
      }));
      await this.outbox.add(manager, message, targets);
      return { message: message.id, firing: firing.length, resolved: resolved.length, channels: targets.length };
    });
    if (told !== null) this.logger.log(told, 'alerts are told');
  }

  /** Forgets what is too old to be shown. */
  async prune(): Promise<void> {
    const now = await this.databaseClock.now();
    await this.unitOfWork.run(async (manager) => {
      await this.alerts.prune(manager, new Date(now.getTime() - ALERTS_KEPT_MS), now);
      await this.outbox.prune(manager, new Date(now.getTime() - MESSAGES_KEPT_MS));
    });
  }
}
