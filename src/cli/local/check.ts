/** `skipped`: it could not be looked at, because something before it is missing. */
export type CheckState = 'ok' | 'warning' | 'failed' | 'skipped';

/** One thing that the doctor looked at, and what to do about it where something is to be done. */
export interface Check {
  name: string;
  state: CheckState;
  message: string;
  fix: string | null;
}

export function ok(name: string, message: string): Check {
  return { name, state: 'ok', message, fix: null };
}

export function trouble(name: string, state: Exclude<CheckState, 'ok'>, message: string, fix: string): Check {
  return { name, state, message, fix };
}

/** What came of looking at something, or why nothing did. */
export type Attempt<T> = { value: T } | { problem: string };
