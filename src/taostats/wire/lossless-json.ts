import { parse } from 'lossless-json';

/** A number token that a double might not hold: a fraction, an exponent, or sixteen digits and more. */
const INEXACT_TOKEN = /(?:"\s*:|[,[])\s*-?(?:\d+[.eE]|\d{16})/;
const INEXACT_NUMBER = /[.eE]|\d{16}/;
const PROTOTYPE_KEY = /__proto__|\\u005[fF]/;

/**
 * JSON in which no number loses a digit: whole numbers below 1e15 become numbers, every other number its source text.
 * Answers without such numbers (nearly all) are left to `JSON.parse`. Keys named `__proto__` are dropped.
 * Throws `SyntaxError` on anything that is not JSON.
 */
export function parseLossless(text: string): unknown {
  const value = INEXACT_TOKEN.test(text) ? parseSlowly(text) : (JSON.parse(text) as unknown);
  if (PROTOTYPE_KEY.test(text)) dropPrototypeKeys(value);
  return value;
}

function parseSlowly(text: string): unknown {
  return parse(text, null, (token) => (INEXACT_NUMBER.test(token) ? token : Number(token)));
}

function dropPrototypeKeys(root: unknown): void {
  const open = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if (Object.hasOwn(value, '__proto__')) Reflect.deleteProperty(value, '__proto__');
    for (const child of Object.values(value))
      if (typeof child === 'object' && child !== null) open.push(child as object);
  }
}

/** True when arrays and objects are nested at most `limit` deep; never recurses, so a bomb cannot overflow the stack. */
export function isNestedAtMost(root: unknown, limit: number): boolean {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      if (depth >= limit) return false;
      for (const child of Object.values(value)) if (typeof child === 'object' && child !== null) next.push(child);
    }
    level = next;
  }
  return true;
}
