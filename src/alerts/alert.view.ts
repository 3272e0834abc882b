import { ApiProperty } from '@nestjs/swagger';
import { ALERT_SEVERITIES, type AlertSeverity } from '../config';
import type { Delivery, DeliveryStatus, StoredAlert } from '../database';
import { runbookOf } from './alert-finding';
import { nextNotificationAt } from './alert-plan';

const TIME = { type: String, format: 'date-time', nullable: true } as const;

/** One alert as it stands, or as it ended within the last week. */
export class AlertView {
  @ApiProperty({ example: 'dataset_stale:pools', description: '`code`, or `code:subject`; names it in other routes.' })
  key!: string;

  @ApiProperty({ example: 'dataset_stale' })
  code!: string;

  @ApiProperty({ type: String, nullable: true, example: 'pools' })
  subject!: string | null;

  @ApiProperty({ enum: ALERT_SEVERITIES })
  severity!: AlertSeverity;

  @ApiProperty({ example: 'pools is stale: 21 min old, limit 15 min.' })
  message!: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T11:40:00.000Z' })
  since!: string;

  @ApiProperty({ ...TIME, description: 'Null while it stands.' })
  resolved_at!: string | null;

  @ApiProperty({ ...TIME, description: 'Last message that said it stands; null: none yet.' })
  notified_at!: string | null;

  @ApiProperty({ ...TIME, description: 'Earliest next message; null: none will be sent.' })
  next_notification_at!: string | null;

  @ApiProperty({ example: 1, description: 'Messages since it began that said it stands.' })
  notifications!: number;

  @ApiProperty({ ...TIME, description: 'No message about it before then; null: not muted.' })
  muted_until!: string | null;

  @ApiProperty({ example: 'docs/runbook.md#dataset_stale' })
  runbook!: string;
}

export class AlertsMeta {
  @ApiProperty({ format: 'date-time' })
  as_of!: string;

  @ApiProperty({ enum: ['taostats', 'simulator'], example: 'taostats' })
  source!: string;

  @ApiProperty({ example: false, description: 'True: made up by the simulator, no real money.' })
  simulated!: boolean;

  @ApiProperty({ example: 2, description: 'Configured channels; 0: nobody is told.' })
  channels!: number;

  @ApiProperty({ enum: ALERT_SEVERITIES, description: 'Least severe alert that is sent.' })
  min_severity!: AlertSeverity;
}

export class AlertsAnswer {
  @ApiProperty({ type: [AlertView], description: 'Those that stand, the worst first; then those that ended.' })
  data!: AlertView[];

  @ApiProperty({ type: AlertsMeta })
  meta!: AlertsMeta;
}

export class AlertAnswer {
  @ApiProperty({ type: AlertView })
  data!: AlertView;
}

export class ChannelView {
  @ApiProperty({ example: 'ops' })
  name!: string;

  @ApiProperty({ enum: ['webhook', 'slack', 'discord', 'telegram'] })
  kind!: string;

  @ApiProperty({ example: 'hooks.example', description: 'Its host alone: the rest of the address is a secret.' })
  target!: string;

  @ApiProperty({ description: 'False: the receiver said that it is gone (410); a test that succeeds changes it.' })
  enabled!: boolean;

  @ApiProperty({ type: String, nullable: true, example: 'target/private-address', description: 'Null: not refused.' })
  refused!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The rule in words.' })
  refused_because!: string | null;

  @ApiProperty({ ...TIME, description: 'Last attempt; null: none yet.' })
  last_delivery_at!: string | null;

  @ApiProperty({ enum: ['delivered', 'pending', 'failed'], nullable: true, description: 'What came of it.' })
  last_outcome!: DeliveryStatus | null;

  @ApiProperty({ type: String, nullable: true, example: 'delivery/http-500' })
  last_error_code!: string | null;
}

export class ChannelsAnswer {
  @ApiProperty({ type: [ChannelView] })
  data!: ChannelView[];
}

/** A message on its way to one channel. */
export class DeliveryView {
  @ApiProperty({ format: 'uuid', example: '0199a1d2-7e5c-7c3a-9b54-0c6d5d1f2a33' })
  id!: string;

  @ApiProperty({ example: 'msg_0199a1d2-7e5b-7aa1-8a31-40d5f1c52a09', description: 'The `webhook-id`.' })
  message_id!: string;

  @ApiProperty({ enum: ['alerts', 'test'] })
  kind!: string;

  @ApiProperty({ example: 'ops' })
  channel!: string;

  @ApiProperty({ format: 'date-time', description: 'When the message was written.' })
  at!: string;

  @ApiProperty({ example: 1 })
  attempts!: number;

  @ApiProperty({ enum: ['pending', 'delivered', 'failed'] })
  status!: DeliveryStatus;

  @ApiProperty({ type: Number, nullable: true, example: 200, description: 'Of the last attempt; null: no answer.' })
  http_status!: number | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'target/loopback-address',
    description: '`target/...` is the rule that refused the address; `delivery/...` what went wrong on the way.',
  })
  error_code!: string | null;

  @ApiProperty({ ...TIME, description: 'Null: there is none.' })
  next_attempt_at!: string | null;
}

export class DeliveriesAnswer {
  @ApiProperty({ type: [DeliveryView], description: 'Newest first.' })
  data!: DeliveryView[];

  @ApiProperty({ type: String, nullable: true })
  next_cursor!: string | null;
}

export class TestAnswer {
  @ApiProperty({ type: DeliveryView })
  data!: DeliveryView;

  @ApiProperty({ example: 'delivered', description: 'The outcome in words.' })
  message!: string;
}

export function toAlertView(alert: StoredAlert, sending: { minSeverity: AlertSeverity; channels: number }): AlertView {
  const next = sending.channels === 0 ? null : nextNotificationAt(alert, sending);
  return {
    key: alert.key,
    code: alert.code,
    subject: alert.subject,
    severity: alert.severity,
    message: alert.message,
    since: alert.since.toISOString(),
    resolved_at: alert.resolvedAt?.toISOString() ?? null,
    notified_at: alert.notifiedAt?.toISOString() ?? null,
    next_notification_at: next?.toISOString() ?? null,
    notifications: alert.notifications,
    muted_until: alert.mutedUntil?.toISOString() ?? null,
    runbook: runbookOf(alert.code),
  };
}

export function toDeliveryView(delivery: Delivery): DeliveryView {
  return {
    id: delivery.id,
    message_id: `msg_${delivery.messageId}`,
    kind: delivery.kind,
    channel: delivery.channel,
    at: delivery.at.toISOString(),
    attempts: delivery.attempts,
    status: delivery.status,
    http_status: delivery.httpStatus,
    error_code: delivery.errorCode,
    next_attempt_at: delivery.nextAttemptAt?.toISOString() ?? null,
  };
}
