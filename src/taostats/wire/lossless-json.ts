import { parse } from 'lossless-json';

/** A number token that a double might not hold: a fraction, an exponent, or sixteen digits and more. */
const INEXACT_TOKEN = /(?:"\s*:|[,[])\s*-?(?:\d+[.eE]|\d{16})/;
const INEXACT_NUMBER = /[.eE]|\d{16}/;

/**
 * JSON in which no number loses a digit: whole numbers below 1e15 become numbers, every other number its source text.
 * Answers without such numbers (nearly all) are left to `JSON.parse`. Keys named `__proto__` are dropped.
 * Throws `SyntaxError` on anything that is not JSON.
 */
export function parseLossless(text: string): unknown {
  const value = INEXACT_TOKEN.test(text) ? parseSlowly(text) : (JSON.parse(text) as unknown);
  if (text.includes('__proto__') || /\\u005f/i.test(text)) dropPrototypeKeys(value);
  return value;
}

function parseSlowly(text: string): unknown {
  return parse(text, null, (token) => (INEXACT_NUMBER.test(token) ? token : Number(token)));
}

function dropPrototypeKeys(root: unknown): void {
  const open = isContainer(root) ? [root] : [];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (Object.hasOwn(value, '__proto__')) Reflect.deleteProperty(value, '__proto__');
    open.push(...Object.values(value).filter(isContainer));
  }
}

/** True when arrays and objects are nested at most `limit` deep; never recurses, so a bomb cannot overflow the stack. */
export function isNestedAtMost(root: unknown, limit: number): boolean {
  let level: object[] = isContainer(root) ? [root] : [];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > limit) return false;
    const next: object[] = [];
    for (const container of level) {
      // Not Object.values: an answer has thousands of small objects, and each would cost an array.
      for (const key in container) {
        const child = (container as Record<string, unknown>)[key];
        if (isContainer(child)) next.push(child);
      }
    }
    level = next;
  }
  return true;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
