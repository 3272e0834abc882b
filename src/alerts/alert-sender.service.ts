import { Injectable, Logger } from '@nestjs/common';
import { NotFoundError, newId } from '../common';
import { type AlertChannel, modeOf, Settings } from '../config';
import {
  AlertOutboxRepository,
  type ClaimedDelivery,
  DatabaseClock,
  type Delivery,
  type DeliveryOutcome,
  UnitOfWork,
} from '../database';
import { PrometheusMetrics } from '../metrics';
import { AlertChannels, targetDigest } from './alert-channels.service';
import { buildTestGroup } from './alert-group';
import { type Attempt, outcomeOf } from './delivery-outcome';
import { guardedPost } from './guarded-post';
import { formatMessage } from './message-formats';

/** Longer than an attempt can take; whoever dies within it has its deliveries taken over afterwards. */
const CLAIM_MS = 60_000;
const BATCH = 10;

/** Sends what the outbox holds: each delivery by one process, until it is delivered or given up. */
@Injectable()
export class AlertSender {
  private readonly logger = new Logger('Alerts');

  constructor(
    private readonly channels: AlertChannels,
    private readonly outbox: AlertOutboxRepository,
    private readonly unitOfWork: UnitOfWork,
    private readonly databaseClock: DatabaseClock,
    private readonly settings: Settings,
    private readonly prometheus: PrometheusMetrics,
  ) {
    // From nothing to one is no increase in Prometheus, from zero to one is.
    for (const { kind } of channels.all) {
      for (const outcome of ['delivered', 'retried', 'refused', 'failed']) {
        prometheus.alertDeliveries.inc({ kind, outcome }, 0);
      }
    }
  }

  /** Takes what is due, and sends it. Rejects only for what PostgreSQL does. */
  async send(): Promise<void> {
    if (this.channels.all.length === 0) return;
    const now = await this.databaseClock.now();
    const names = this.channels.all.map(({ name }) => name);
    const claimedUntil = new Date(now.getTime() + CLAIM_MS);
    const claimed = await this.outbox.claim(names, { now, claimedUntil, limit: BATCH });
    // All of them, whatever one meets: the end of the process waits for those that are on their way.
    const ends = await Promise.allSettled(claimed.map((delivery) => this.deliver(delivery)));
    const failure = ends.find((end) => end.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
  }

  /** Sends a test at once and once, in the same way as an alert. Throws `alerts/no-such-channel`. */
  async test(name: string): Promise<Delivery> {
    const channel = this.channels.find(name);
    if (channel === undefined) {
      const known = this.channels.all.map((entry) => entry.name).join(', ');
      const message = `No channel ${name}; ${known === '' ? 'none is configured' : `there are: ${known}`}`;
      throw new NotFoundError('alerts/no-such-channel', 'name', message);
    }
    const now = await this.databaseClock.now();
    const group = buildTestGroup(name, modeOf(this.settings).upstream === 'simulator');
    const message = { id: newId(), at: now, kind: 'test' as const, body: { ...group } };
    const target = { id: newId(), channel: name, target: targetDigest(channel) };
    const delivery = { ...target, messageId: message.id, kind: message.kind, at: now, attempts: 1, message };
    const outcome = onlyOnce(await this.attempt(channel, delivery));
    await this.unitOfWork.run((manager) => this.outbox.addSettled(manager, message, { ...delivery, ...outcome }));
    this.count(channel, outcome);
    return { ...delivery, ...outcome, attemptedAt: now };
  }

  private async deliver(delivery: ClaimedDelivery): Promise<void> {
    const channel = this.channels.find(delivery.channel);
    if (channel === undefined) return;
    const outcome = await this.attempt(channel, delivery);
    this.count(channel, outcome);
    if (outcome.status !== 'delivered') {
      const { errorCode, httpStatus, nextAttemptAt } = outcome;
      this.logger.warn(
        {
          delivery: delivery.id,
          channel: channel.name,
          attempts: delivery.attempts,
          errorCode,
          httpStatus,
          nextAttemptAt,
        },
        outcome.status === 'failed' ? 'an alert could not be delivered' : 'an alert is not delivered yet',
      );
    }
    await this.outbox.settle(delivery, outcome);
  }

  private async attempt(
    channel: AlertChannel,
    { attempts, message }: Pick<ClaimedDelivery, 'attempts' | 'message'>,
  ): Promise<DeliveryOutcome> {
    const begun = await this.databaseClock.now();
    const attempt: Attempt = await guardedPost(formatMessage(channel, message, begun), {
      allowPrivate: this.settings.alertAllowPrivateTargets,
    }).then(
      (answer) => ({ answer }),
      (error: unknown) => ({ error }),
    );
    return outcomeOf(attempt, { attempts, now: begun, random: Math.random() });
  }

  private count({ kind }: AlertChannel, { status, errorCode }: DeliveryOutcome): void {
    const refused = errorCode?.startsWith('target/') === true;
    const outcome = status === 'pending' ? 'retried' : refused ? 'refused' : status;
    this.prometheus.alertDeliveries.inc({ kind, outcome });
  }
}

/** A test that is tried again later would surprise whoever asked for it. */
function onlyOnce(outcome: DeliveryOutcome): DeliveryOutcome {
  return outcome.status === 'pending' ? { ...outcome, status: 'failed', nextAttemptAt: null } : outcome;
}
