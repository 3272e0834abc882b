/** A number token that a double might not hold: a fraction, an exponent, or sixteen digits and more. */
const INEXACT_TOKEN = /(?:"\s*:|[,[])\s*-?(?:\d+[.eE]|\d{16})/;
const INEXACT_NUMBER = /[.eE]|\d{16}/;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** From `+` to `9`; of the characters between, JSON has the comma and the slash in texts alone. */
const [PLUS, COMMA, MINUS, ZERO, NINE] = [0x2b, 0x2c, 0x2d, 0x30, 0x39];

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
  const pieces: string[] = [];
  let copied = 0;
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = afterText(text, at);
    else if (code !== MINUS && (code < ZERO || code > NINE)) at += 1;
    else {
      const end = afterNumber(text, at);
      const token = text.slice(at, end);
      if (INEXACT_NUMBER.test(token)) {
        pieces.push(text.slice(copied, at), '"', token, '"');
        copied = end;
      }
      at = end;
    }
  }
  pieces.push(text.slice(copied));
  return pieces.join('');
}

/** The position behind the number that begins at `start`. */
function afterNumber(text: string, start: number): number {
  let end = start + 1;
  for (let code = text.charCodeAt(end); isOfNumber(code); code = text.charCodeAt(end)) end += 1;
  return end;
}

/** Digits, signs, the point and the exponent. */
function isOfNumber(code: number): boolean {
  return (code >= PLUS && code <= NINE && code !== COMMA) || code === 0x65 || code === 0x45;
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
