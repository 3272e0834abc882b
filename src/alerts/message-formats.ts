import { Webhook } from 'standardwebhooks';
import type { AlertChannel, AlertChannelKind } from '../config';
import type { AlertMessage } from '../database';
import type { AlertGroup, GroupedAlert } from './alert-group';

/** A POST, ready to be sent. */
export interface OutgoingPost {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** Longest text that each of them takes, with room for what escaping adds; and lines that a person reads. */
const TEXT_LIMIT: Readonly<Record<Exclude<AlertChannelKind, 'webhook'>, number>> = {
  slack: 3_000,
  discord: 1_900,
  telegram: 4_000,
};
const LINES = 15;

/** `message` as `channel` takes it. The time of a signature is that of the attempt, the id that of the message. */
export function formatMessage(channel: AlertChannel, message: AlertMessage, now: Date): OutgoingPost {
  const group = message.body as unknown as AlertGroup;
  switch (channel.kind) {
    case 'webhook':
      return signedWebhook(channel, message, now);
    case 'slack':
      return jsonPost(channel.url, { text: textOf(group, channel.kind, escapeSlack) });
    case 'discord':
      return jsonPost(channel.url, {
        content: textOf(group, channel.kind, escapeMarkdown),
        // Nobody is called by what a message quotes.
        allowed_mentions: { parse: [] },
      });
    case 'telegram':
      return telegramPost(
        channel.url,
        textOf(group, channel.kind, (text) => text),
      );
  }
}

/** Standard Webhooks: id, time and a signature of both with the body, one for each key. */
function signedWebhook({ url, secrets }: AlertChannel, { id, at, body }: AlertMessage, now: Date): OutgoingPost {
  const group = body as unknown as AlertGroup;
  const payload = JSON.stringify({ type: `alerts.${group.status}`, timestamp: at.toISOString(), data: group });
  const webhookId = `msg_${id}`;
  return {
    url,
    headers: {
      'content-type': 'application/json',
      'webhook-id': webhookId,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(webhookId, now, payload)).join(' '),
    },
    body: payload,
  };
}

/** The chat is in the address as operators write it, and in the body as Telegram takes it. */
function telegramPost(address: string, text: string): OutgoingPost {
  const url = new URL(address);
  const parameters = Object.fromEntries(url.searchParams);
  url.search = '';
  return jsonPost(url.href, { ...parameters, text, link_preview_options: { is_disabled: true } });
}

function jsonPost(url: string, body: object): OutgoingPost {
  return { url, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** The title, then an alert a line, as many as fit; the rest is counted. */
function textOf(
  group: AlertGroup,
  kind: Exclude<AlertChannelKind, 'webhook'>,
  escape: (text: string) => string,
): string {
  const alerts = [...group.firing, ...group.resolved];
  const lines = [escape(group.title)];
  let length = lines.join('').length;
  for (const alert of alerts.slice(0, LINES)) {
    const line = `• ${escape(lineOf(alert))}`;
    // The line that counts the rest has to fit as well.
    if (length + line.length > TEXT_LIMIT[kind] - 50) break;
    lines.push(line);
    length += line.length + 1;
  }
  const more = alerts.length - (lines.length - 1) + group.more;
  return [...lines, ...(more === 0 ? [] : [`… and ${more} more: GET /api/v1/alerts`])].join('\n');
}

function lineOf({ key, severity, message, since, resolved_at, runbook }: GroupedAlert): string {
  if (resolved_at !== null) return `resolved ${key}: stood from ${since} to ${resolved_at}`;
  return `${severity} ${key}: ${message} Since ${since}. ${runbook}`;
}

function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_~|<>#[\]@]/g, '\\$&');
}
