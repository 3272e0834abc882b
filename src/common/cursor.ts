import { InvalidInputError } from './app-error';

const MAX_LENGTH = 512;

export type CursorPart = string | number | null;

/** Where a page ended, as text that callers hand back without reading it. */
export function encodeCursor(parts: readonly CursorPart[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** The parts of a cursor. `invalidCursor` when the text is none of ours or does not satisfy `isOurs`. */
export function decodeCursor<T extends CursorPart[]>(text: string, isOurs: (parts: CursorPart[]) => parts is T): T {
  const parts = parsed(text);
  if (parts === null || !isOurs(parts)) throw invalidCursor();
  return parts;
}

export function invalidCursor(): InvalidInputError {
  return new InvalidInputError('request/invalid-cursor', [
    {
      field: 'cursor',
      message: 'must be the next_cursor of an answer to the same question; leave it out to start anew',
    },
  ]);
}

function parsed(text: string): CursorPart[] | null {
  if (text.length > MAX_LENGTH) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(value) && value.every(isPart) ? value : null;
  } catch {
    return null;
  }
}

function isPart(part: unknown): part is CursorPart {
  return part === null || typeof part === 'string' || typeof part === 'number';
}
