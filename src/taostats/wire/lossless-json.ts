/** A number token that a double might not hold: a fraction, an exponent, or sixteen digits and more. */
const INEXACT_TOKEN = /(?:"\s*:|[,[])\s*-?(?:\d+[.eE]|\d{16})/;
const INEXACT_NUMBER = /[.eE]|\d{16}/;
const NUMBER_TOKENS = /-?\d[\d.eE+-]*/g;
/** `1.5` or `1e5`; most of what lies between two texts is a colon or a comma. */
const SHORTEST_INEXACT = 3;
const BACKSLASH = 0x5c;

/**
 * JSON in which no number loses a digit: whole numbers below 1e15 become numbers, every other number its source text.
 * Answers without such numbers (nearly all) cost `JSON.parse` and one look; the others are parsed a second time.
 * Throws `SyntaxError` on anything that is not JSON.
 */
export function parseLossless(text: string): unknown {
  const value = JSON.parse(text) as unknown;
  return INEXACT_TOKEN.test(text) ? (JSON.parse(quoteInexact(text)) as unknown) : value;
}

/** Puts quotes around the numbers that a double might not hold. `text` must be JSON: then digits outside of texts are numbers. */
function quoteInexact(text: string): string {
  let quoted = '';
  let copied = 0;
  for (let at = 0; at < text.length;) {
    const open = text.indexOf('"', at);
    const end = open < 0 ? text.length : open;
    const between = end - at < SHORTEST_INEXACT ? '' : text.slice(at, end);
    if (INEXACT_NUMBER.test(between)) {
      quoted += text.slice(copied, at) + between.replace(NUMBER_TOKENS, quoteToken);
      copied = end;
    }
    at = open < 0 ? end : afterText(text, open);
  }
  return quoted + text.slice(copied);
}

function quoteToken(token: string): string {
  return INEXACT_NUMBER.test(token) ? `"${token}"` : token;
}

/** The position behind the text that begins with the quote at `open`. */
function afterText(text: string, open: number): number {
  let close = text.indexOf('"', open + 1);
  while (isEscaped(text, close)) close = text.indexOf('"', close + 1);
  return close + 1;
}

function isEscaped(text: string, quote: number): boolean {
  let first = quote;
  while (text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
  return (quote - first) % 2 === 1;
}

/**
 * Drops the keys named `__proto__` of a parsed value, and tells whether its arrays and objects are nested at most `limit`
 * deep. Goes no deeper than that, so a bomb cannot overflow the stack.
 */
export function tameContainers(value: unknown, limit: number): boolean {
  if (!isContainer(value)) return true;
  if (limit === 0) return false;
  if (Array.isArray(value)) {
    return (value as unknown[]).every((child) => !isContainer(child) || tameContainers(child, limit - 1));
  }
  const fields = value as Record<string, unknown>;
  // Not Object.values: an answer has thousands of small objects, and each would cost an array.
  for (const key in fields) {
    if (key === '__proto__') {
      Reflect.deleteProperty(fields, key);
      continue;
    }
    const child = fields[key];
    if (isContainer(child) && !tameContainers(child, limit - 1)) return false;
  }
  return true;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
