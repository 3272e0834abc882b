import { v7, validate } from 'uuid';

/** A new run, event or request id: a UUID whose text order is its time order. */
export function newId(): string {
  return v7();
}

export function isId(text: string): boolean {
  return validate(text);
}
