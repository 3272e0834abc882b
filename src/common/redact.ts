const MASK = '[redacted]';
const SENSITIVE_KEY =
  /^(authorization|cookie|set-cookie|password|secret|token|api_?key|apikeyid|taostats_api_key|database_url|redis_url)$/i;
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
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, SENSITIVE_KEY.test(key) ? MASK : redact(entry, depth + 1)]),
  );
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
