import { decodeAddress } from '@dedot/utils';
import { type ValidationArguments, ValidatorConstraint, type ValidatorConstraintInterface } from 'class-validator';

const UPSTREAM_HOSTS = new Set(['api.taostats.io']);
const BITTENSOR_PREFIX = 42;

function parseUrl(text: unknown): URL | null {
  return typeof text === 'string' && URL.canParse(text) ? new URL(text) : null;
}

/** True for an address with one of the protocols whose user and password decode: `%` must begin an escape. */
function isServerUrl(value: unknown, protocol: RegExp): boolean {
  const url = parseUrl(value);
  if (url === null || !protocol.test(url.protocol)) return false;
  try {
    decodeURIComponent(`${url.username}:${url.password}`);
    return true;
  } catch {
    return false;
  }
}

/** True for a host that only this machine can answer. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return bare === 'localhost' || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare);
}

/** True when `address` is an ss58 address with a valid checksum and Bittensor's prefix (42). */
export function isBittensorAddress(address: string): boolean {
  try {
    decodeAddress(address, false, BITTENSOR_PREFIX);
    return !address.startsWith('0x');
  } catch {
    return false;
  }
}

@ValidatorConstraint()
export class DatabaseUrl implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    if (value === undefined) return true;
    return isServerUrl(value, /^postgres(ql)?:$/);
  }
}

@ValidatorConstraint()
export class RedisUrl implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    if (value === undefined) return true;
    return isServerUrl(value, /^rediss?:$/);
  }
}

/** https to TaoStats itself, or plain http to loopback when ALLOW_INSECURE_UPSTREAM says so. */
@ValidatorConstraint()
export class UpstreamUrl implements ValidatorConstraintInterface {
  validate(value: unknown, { object }: ValidationArguments): boolean {
    const url = parseUrl(value);
    if (!url || url.username !== '' || url.password !== '' || /[?#]/.test(url.href)) return false;
    if (isLoopback(url.hostname)) return (object as { allowInsecureUpstream?: boolean }).allowInsecureUpstream === true;
    return url.protocol === 'https:' && UPSTREAM_HOSTS.has(url.hostname) && url.port === '';
  }
}

@ValidatorConstraint()
export class Ss58Addresses implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return Array.isArray(value) && value.every((address) => typeof address === 'string' && isBittensorAddress(address));
  }
}

const AUTH_TOKEN = /^(read|sync|admin):[0-9a-f]{64}(:[a-z0-9][a-z0-9-]{0,31})?$/;

/** `scope:sha256` or `scope:sha256:label`, each token once: a token cannot have two scopes. */
@ValidatorConstraint()
export class AuthTokens implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    if (!Array.isArray(value)) return false;
    const entries = value.map(String);
    const digests = new Set(entries.map((entry) => entry.split(':')[1]));
    return digests.size === entries.length && entries.every((entry) => AUTH_TOKEN.test(entry));
  }
}

/** Exact origins: scheme, host and port, nothing after them, no wildcard. */
@ValidatorConstraint()
export class Origins implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return (
      Array.isArray(value) &&
      value.every((text) => /^https?:$/.test(parseUrl(text)?.protocol ?? '') && parseUrl(text)?.origin === text)
    );
  }
}

/** Not below another setting: constraints are its property and its variable's name. */
@ValidatorConstraint()
export class AtLeast implements ValidatorConstraintInterface {
  validate(value: unknown, { object, constraints }: ValidationArguments): boolean {
    const other = (object as Record<string, unknown>)[constraints[0] as string];
    return typeof value !== 'number' || typeof other !== 'number' || value >= other;
  }

  defaultMessage({ constraints }: ValidationArguments): string {
    return `must not be below ${constraints[1] as string}`;
  }
}
