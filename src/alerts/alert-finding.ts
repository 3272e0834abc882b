import type { AlertSeverity } from '../config';

/** Something that is wrong now, from whichever part of the service found it. */
export interface AlertFinding {
  /** `code`, or `code:subject` where several with one code can stand. */
  key: string;
  code: string;
  subject: string | null;
  severity: AlertSeverity;
  message: string;
  /** When it began, where that is known; otherwise the first sight of it counts. */
  since: Date | null;
  /** How long it is watched before it is told; without it, as long as a group waits. 0: it has lasted already. */
  watchedMs?: number;
}

/** What the treasury itself gives reason to, beside the issues of the trust pack; each has its heading in the runbook. */
export const TREASURY_CODES = ['drawdown_limit', 'drawdown_unknown', 'nav_incomplete'] as const;
export type TreasuryCode = (typeof TREASURY_CODES)[number];

/** The heading of `code` in the runbook. */
export function runbookOf(code: string): string {
  return `docs/runbook.md#${code}`;
}
