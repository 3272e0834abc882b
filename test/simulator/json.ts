/** JSON text that is written as it stands: recorded rows, and numbers that a double cannot hold. */
export class RawJson {
  constructor(readonly text: string) {}
}

export type Json = null | boolean | number | string | bigint | RawJson | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}
/** A row is built by the model, or spliced from a recording without being parsed. */
export type Row = JsonObject | RawJson;

/** Like `JSON.stringify`, with bigint as a JSON integer and raw text kept to the byte. */
export function writeJson(value: Json): string {
  if (value instanceof RawJson) return value.text;
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  return `{${Object.entries(value)
    .map(([key, entry]) => `${JSON.stringify(key)}:${writeJson(entry)}`)
    .join(',')}}`;
}

/** The row as an object, numbers as their raw text, so that a fault can change one field and keep the others exact. */
export function openRow(row: Row): JsonObject {
  if (!(row instanceof RawJson)) return { ...row };
  return reviveNumbers(row.text) as JsonObject;
}

const NUMBER = /("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g;
const MARK = '\u0000number:';

function reviveNumbers(text: string): Json {
  const marked = text.replace(NUMBER, (_all, quoted: string | undefined, digits: string | undefined) =>
    digits === undefined ? (quoted ?? '') : JSON.stringify(MARK + digits),
  );
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith(MARK) ? new RawJson(value.slice(MARK.length)) : value,
  ) as Json;
}

/** The text of a scalar field, whichever way it is held; empty for anything else. */
export function scalarText(value: Json | undefined): string {
  if (value instanceof RawJson) return value.text;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? value.toString() : '';
}
