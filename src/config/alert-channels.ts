import { type ValidationArguments, ValidatorConstraint, type ValidatorConstraintInterface } from 'class-validator';

export type AlertChannelKind = 'webhook' | 'slack' | 'discord' | 'telegram';

/** Somewhere that alerts are sent to. `url` and `secrets` are secrets. */
export interface AlertChannel {
  /** Unique; safe to show. */
  name: string;
  kind: AlertChannelKind;
  url: string;
  /** Keys that the message is signed with, `whsec_...`; none but for webhooks. */
  secrets: readonly string[];
}

/** The lists as the settings have them; absent where a list could not be read. */
interface ChannelLists {
  alertWebhookUrls?: readonly string[];
  alertWebhookSecrets?: readonly string[];
  alertSlackUrls?: readonly string[];
  alertDiscordUrls?: readonly string[];
  alertTelegramUrls?: readonly string[];
}

const NAMED = /^([a-z0-9][a-z0-9-]{0,31})=(.+)$/s;
const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;
const BOT_PATH = /^\/bot([\w:-]+)\/sendMessage$/;
/** Shorter paths are ordinary words, which must not vanish from every log. */
const LEAST_SECRET_PATH = 12;

/** Every channel, in the order of the variables. Unnamed ones are called after their kind: `slack`, `slack-2`. */
export function alertChannelsOf(lists: ChannelLists): AlertChannel[] {
  const named = (kind: AlertChannelKind, entries: readonly string[] = []): AlertChannel[] =>
    entries.map((entry, index) => {
      const { name, value } = nameAndValue(entry);
      const fallback = index === 0 ? kind : `${kind}-${index + 1}`;
      return { name: name ?? fallback, kind, url: value, secrets: [] };
    });
  return [
    ...named('webhook', lists.alertWebhookUrls).map((channel) => ({
      ...channel,
      secrets: secretsFor(channel.name, lists.alertWebhookSecrets ?? []),
    })),
    ...named('slack', lists.alertSlackUrls),
    ...named('discord', lists.alertDiscordUrls),
    ...named('telegram', lists.alertTelegramUrls),
  ];
}

/** What is wrong with the channels together, one line each. */
export function channelProblems(lists: ChannelLists): string[] {
  const channels = alertChannelsOf(lists);
  const names = channels.map(({ name }) => name);
  const twice = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
  const unsigned = channels.filter(({ kind, secrets }) => kind === 'webhook' && secrets.length === 0);
  return [
    ...twice.map((name) => `ALERT_*_URLS: two channels are called ${name}; give one another name (name=https://...)`),
    ...unsigned.map(
      ({ name }) =>
        `ALERT_WEBHOOK_SECRETS: the webhook ${name} has no key; \`openssl rand -base64 32\` makes one, written as whsec_...`,
    ),
  ];
}

/** Every text that must not be shown: addresses, their paths, the tokens of bots, and keys with and without prefix. */
export function channelSecrets(lists: ChannelLists): string[] {
  return [
    ...alertChannelsOf(lists).flatMap(({ url }) => [url, ...secretParts(url)]),
    ...(lists.alertWebhookSecrets ?? []).flatMap((entry) => {
      const { value } = nameAndValue(entry);
      return [value, value.replace(/^whsec_/, '')];
    }),
  ];
}

function secretParts(text: string): string[] {
  if (!URL.canParse(text)) return [];
  const { href, pathname, search } = new URL(text);
  const path = (pathname + search).slice(1);
  const bot = BOT_PATH.exec(pathname)?.[1];
  return [href, ...(path.length < LEAST_SECRET_PATH ? [] : [path]), ...(bot === undefined ? [] : [bot])];
}

function nameAndValue(entry: string): { name: string | null; value: string } {
  const [, name, value] = NAMED.exec(entry) ?? [];
  return name === undefined || value === undefined ? { name: null, value: entry } : { name, value };
}

/** Its own keys where it has any, else those of everybody. */
function secretsFor(channel: string, entries: readonly string[]): string[] {
  const all = entries.map(nameAndValue);
  const own = all.filter(({ name }) => name === channel);
  return (own.length > 0 ? own : all.filter(({ name }) => name === null)).map(({ value }) => value);
}

/** http or https, without user, password and fragment. Whether it may be spoken to is found out when it is. */
function targetUrl(entry: string): URL | null {
  const { value } = nameAndValue(entry);
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  return url.username === '' && url.password === '' && url.hash === '' ? url : null;
}

function everyUrl(value: unknown, accepts: (url: URL) => boolean = () => true): boolean {
  return (
    Array.isArray(value) &&
    value.every((entry) => {
      const url = typeof entry === 'string' ? targetUrl(entry) : null;
      return url !== null && accepts(url);
    })
  );
}

@ValidatorConstraint()
export class TargetUrls implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return everyUrl(value);
  }
}

@ValidatorConstraint()
export class TelegramUrls implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return everyUrl(value, (url) => BOT_PATH.test(url.pathname) && (url.searchParams.get('chat_id') ?? '') !== '');
  }
}

/** `whsec_` and base64 of 24 to 64 bytes, as Standard Webhooks asks for; a name must be that of a webhook. */
@ValidatorConstraint()
export class WebhookSecrets implements ValidatorConstraintInterface {
  validate(value: unknown, { object }: ValidationArguments): boolean {
    if (!Array.isArray(value)) return false;
    const webhooks = alertChannelsOf(object as ChannelLists).filter(({ kind }) => kind === 'webhook');
    return value.map(String).every((entry) => {
      const { name, value: secret } = nameAndValue(entry);
      const bytes = Buffer.from(SECRET.exec(secret)?.[1] ?? '', 'base64').length;
      return bytes >= 24 && bytes <= 64 && (name === null || webhooks.some((webhook) => webhook.name === name));
    });
  }
}
