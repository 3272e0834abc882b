import type { RecentError } from '../api/trust-pack';

/** Errors that are the same thing happening again. */
export interface ErrorGroup {
  fingerprint: string;
  code: string;
  endpoint: string;
  message: string;
  status: number | null;
  count: number;
  firstAt: string;
  lastAt: string;
}

/** By code, endpoint and message without its numbers and ids; the most recent group first. */
export function groupErrors(errors: readonly RecentError[]): ErrorGroup[] {
  const groups = new Map<string, ErrorGroup>();
  for (const error of errors) {
    const fingerprint = `${error.code} ${error.endpoint} ${error.message.replace(/[0-9a-f-]{16,}|\d+(\.\d+)?/gi, '#')}`;
    const { code, endpoint, message, status, at } = error;
    const known = groups.get(fingerprint);
    groups.set(fingerprint, {
      ...(known ?? { fingerprint, code, endpoint, firstAt: at, count: 0 }),
      message,
      status,
      count: (known?.count ?? 0) + 1,
      lastAt: at,
    });
  }
  return [...groups.values()].sort((a, b) => b.lastAt.localeCompare(a.lastAt));
}
