const MASK = '[redacted]';
/** In lower case. */
const SENSITIVE_KEYS: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'secret',
  'token',
  'apikey',
  'api_key',
  'apikeyid',
  'taostats_api_key',
  'database_url',
  'redis_url',
]);
const DSN_PASSWORD = /([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):([^\s@/]+)@/gi;
const KEY_IN_QUERY = /([?&](?:apiKeyId|authorization|token|key)=)[^&\s"]+/gi;
/** Callers' tokens are kept as hashes only, so they are known by their prefix, not by value. */
const CALLER_TOKEN = /tk_live_[\w-]+/g;
const secrets = new Set<string>();

/** Every value registered here is masked wherever `redactText` is applied: logs, errors, stored reasons. */
export function registerSecret(value: string | undefined): void {
  // Shorter text would mask ordinary words.
  if (value !== undefined && value.length >= 6) secrets.add(value);
}

/** Masks registered secrets, passwords inside connection strings, and keys in query strings. */
export function redactText(text: string): string {
  let clean = text;
  // Every line of the log passes here: look for what a pattern cannot do without before trying the pattern.
  if (clean.includes('://')) clean = clean.replace(DSN_PASSWORD, `$1:${MASK}@`);
  if (clean.includes('=')) clean = clean.replace(KEY_IN_QUERY, `$1${MASK}`);
  if (clean.includes('tk_live_')) clean = clean.replace(CALLER_TOKEN, MASK);
  for (const secret of secrets) clean = clean.replaceAll(secret, MASK);
  return clean;
}

/** A deep copy with sensitive keys masked and every string passed through `redactText`; cycles and depth over 8 are cut. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return value;
  if (depth > 8) return '[deep]';
  if (value instanceof Error) return redactError(value, depth);
  if (Array.isArray(value)) return value.map((entry) => redact(entry, depth + 1));
  return redactFields(value as Record<string, unknown>, depth);
}

/** A loop, as the line of every request passes here: entries and pairs made of them cost four times as much. */
function redactFields(fields: Record<string, unknown>, depth: number): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const key of Object.keys(fields)) {
    clean[key] = SENSITIVE_KEYS.has(key.toLowerCase()) ? MASK : redact(fields[key], depth + 1);
  }
  return clean;
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  return {
    type: error.name,
    message: redactText(error.message),
    ...('code' in error ? { code: redact(error.code, depth + 1) } : {}),
    ...(error.stack ? { stack: redactText(error.stack) } : {}),
    ...(error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1) }),
  };
}
