import { Validate } from 'class-validator';
import { TargetUrls, TelegramUrls, WebhookSecrets } from './alert-channels';
import { Choice, Flag, Integer, SecretList } from './variable';

export const ALERT_SEVERITIES = ['notice', 'warning', 'critical'] as const;
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number];

/** Who is told when something is wrong, and how often. */
export class AlertSettings {
  @SecretList(
    'ALERT_WEBHOOK_URLS',
    'comma-separated URLs, each with a name of its own before it where you want one: ops=https://host/path',
    'Receivers of signed webhooks.',
  )
  @Validate(TargetUrls)
  alertWebhookUrls!: string[];

  @SecretList(
    'ALERT_WEBHOOK_SECRETS',
    'comma-separated whsec_ and base64 of 24 to 64 bytes; name=whsec_... is for that webhook alone',
    'Keys that webhooks are signed with, at least one for each; two while a new one takes over.',
  )
  @Validate(WebhookSecrets)
  alertWebhookSecrets!: string[];

  @SecretList(
    'ALERT_SLACK_URLS',
    'comma-separated [name=]https://hooks.slack.com/services/...',
    'Incoming webhooks of Slack, or of what speaks like it.',
  )
  @Validate(TargetUrls)
  alertSlackUrls!: string[];

  @SecretList(
    'ALERT_DISCORD_URLS',
    'comma-separated [name=]https://discord.com/api/webhooks/...',
    'Webhooks of Discord channels.',
  )
  @Validate(TargetUrls)
  alertDiscordUrls!: string[];

  @SecretList(
    'ALERT_TELEGRAM_URLS',
    'comma-separated [name=]https://api.telegram.org/bot<token>/sendMessage?chat_id=<chat>',
    'Chats of Telegram, each with the bot that writes.',
  )
  @Validate(TelegramUrls)
  alertTelegramUrls!: string[];

  @Choice('ALERT_MIN_SEVERITY', 'warning', ALERT_SEVERITIES, 'Least severe alert that is sent; all are listed.')
  alertMinSeverity!: AlertSeverity;

  @Integer(
    'ALERT_GROUP_SECONDS',
    30,
    { min: 0, max: 600 },
    'Seconds that a first alert waits for others, so that all of them are one message.',
  )
  alertGroupSeconds!: number;

  @Flag(
    'ALERT_ALLOW_PRIVATE_TARGETS',
    false,
    'Permits targets on this machine and in private networks, over plain http too.',
  )
  alertAllowPrivateTargets!: boolean;
}
