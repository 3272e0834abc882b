import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const FOLDER = resolve(__dirname, '../../../shared/recorded/2025-official-examples');

/** Rows of a recorded answer, every figure as it was on the wire; null, with one line, where the recordings are absent. */
export function recordedRows(name: string): Record<string, unknown>[] | null {
  const file = resolve(FOLDER, `${name}.json`);
  if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { data: Record<string, unknown>[] }).data;
  process.stdout.write(`skipped: ${name} is not among the recordings\n`);
  return null;
}

/**
 * A recorded row as PostgreSQL has to print it: addresses by their ss58, times as instants, "" as null, all else as text.
 */
export function asStored(wire: Record<string, unknown>): Record<string, string | null> {
  return Object.fromEntries(Object.entries(wire).map(([name, value]) => [name, textOf(name, value)]));
}

function textOf(name: string, value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'object') return 'ss58' in value ? String(value.ss58) : JSON.stringify(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return name === 'timestamp' ? new Date(text).toISOString() : text;
}
