import { createHash } from 'node:crypto';
import type { Jumps } from './dataset';

/** Reason of an applied run whose answer was only believed because it came again and again. */
export const SHRINK_ACCEPTED = 'sync/shrink-accepted';
/** Reason of an applied run whose answer was only believed because an operator said so. */
export const APPROVED = 'sync/approved';

/** What is judged: one part of an answer, beside what is stored of it. */
export interface Judged {
  name: string;
  /** Keys of the valid rows. */
  keys: readonly string[];
  /** Keys of the rows that were rejected, where they could be read. */
  rejectedKeys: readonly (string | null)[];
  complete: boolean;
  totalItems: number | null;
  /** Keys that upstream sent last time; empty before the first applied run. */
  storedKeys: readonly string[];
  minimum: number;
  mayBeEmpty: boolean;
  jumps: Jumps | null;
  /** Its newest block or time is before the one that is stored. */
  older: boolean;
}

export interface Refusal {
  code: string;
  reason: string;
  records: number;
  minimum: number;
  /** What was refused: equal for the same refusal of the same rows. */
  digest: string;
  /** When the same refusal is accepted after all; null for never. */
  acceptedAfter: Repetition | null;
}

/** So many identical answers, the first of them so many intervals ago. */
export interface Repetition {
  answers: number;
  intervals: number;
}

export interface Verdict {
  refusal: Refusal | null;
  warnings: string[];
}

/** What may be the truth, and is when it comes often enough; everything else is an answer with something missing. */
const BELIEVED: Readonly<Record<string, Repetition>> = {
  'sync/shrunk': { answers: 3, intervals: 2 },
  'sync/implausible-values': { answers: 3, intervals: 2 },
  'sync/unconfirmed-empty': { answers: 2, intervals: 1 },
};

/** Below so many stored rows, percentages say nothing and single rows count. */
const SMALL_BASE = 20;
const SMALL_BASE_LOST_ROWS = 3;
const WARNED_SHARE = 0.05;
const REFUSED_SHARE = 0.2;
/** More rejected rows than these mean that the answer is bad, not a row. One row alone never condemns an answer. */
const REJECTED_ROWS = 5;
const REJECTED_SHARE = 0.01;

/** Whether an answer may replace what is stored. Pure: the same input, the same verdict. */
export function judge(part: Judged): Verdict {
  const refusal =
    findOlder(part) ??
    findIncomplete(part) ??
    findTooFew(part) ??
    findRejectedShare(part) ??
    findShrink(part) ??
    findJump(part);
  return { refusal, warnings: refusal === null ? findWarnings(part) : [] };
}

/** True for a refusal whose answer an operator, or repetition, can make true. */
export function mayBeBelieved(code: string | null): boolean {
  return code !== null && code in BELIEVED;
}

function refuse(part: Judged, name: string, reason: string, lost: readonly string[] = []): Refusal {
  const keys = [...lost].sort();
  const code = `sync/${name}`;
  return {
    code,
    reason: `${part.name}: ${reason}`,
    records: part.keys.length,
    minimum: part.minimum,
    digest: createHash('sha256')
      .update(JSON.stringify([part.name, name, keys]))
      .digest('hex'),
    acceptedAfter: BELIEVED[code] ?? null,
  };
}

function findOlder(part: Judged): Refusal | null {
  return part.older ? refuse(part, 'older-answer', 'the answer is older than what is stored') : null;
}

function findIncomplete(part: Judged): Refusal | null {
  return part.complete ? null : refuse(part, 'incomplete-walk', 'not every page was read');
}

function findTooFew(part: Judged): Refusal | null {
  const { keys, rejectedKeys, minimum } = part;
  if (part.mayBeEmpty && keys.length + rejectedKeys.length === 0) {
    if (part.storedKeys.length === 0) return null;
    if (part.totalItems !== 0)
      return refuse(part, 'insufficient-data', 'no rows, and upstream does not say that none exist');
    return refuse(part, 'unconfirmed-empty', 'no rows, for the first time');
  }
  if (keys.length >= minimum) return null;
  return refuse(part, 'insufficient-data', `${keys.length} valid rows, at least ${minimum} are needed`);
}

function findRejectedShare(part: Judged): Refusal | null {
  const [valid, rejected] = [part.keys.length, part.rejectedKeys.length];
  const tooMany = rejected > REJECTED_ROWS || (rejected > 1 && rejected > REJECTED_SHARE * (valid + rejected));
  if (!tooMany) return null;
  return refuse(part, 'too-many-rejected', `${rejected} of ${valid + rejected} rows are not valid`);
}

function lostKeys(part: Judged): string[] {
  const seen = new Set([...part.keys, ...part.rejectedKeys]);
  // A rejected row whose key could not be read may be any of the lost ones.
  const unreadable = part.rejectedKeys.filter((key) => key === null).length;
  return part.storedKeys.filter((key) => !seen.has(key)).slice(unreadable);
}

function findShrink(part: Judged): Refusal | null {
  const lost = lostKeys(part);
  const stored = part.storedKeys.length;
  const tooMany = stored < SMALL_BASE ? lost.length >= SMALL_BASE_LOST_ROWS : lost.length > REFUSED_SHARE * stored;
  if (!tooMany) return null;
  const reason = `${lost.length} of ${stored} stored rows are missing from the answer`;
  return refuse(part, 'shrunk', reason, lost);
}

function findJump(part: Judged): Refusal | null {
  if (part.jumps === null) return null;
  const { reason, keys } = part.jumps;
  return refuse(part, 'implausible-values', reason, keys);
}

function findWarnings(part: Judged): string[] {
  const lost = lostKeys(part).length;
  if (lost === 0 || lost <= WARNED_SHARE * part.storedKeys.length) return [];
  return [`${part.name}: ${lost} of ${part.storedKeys.length} stored rows are missing from the answer`];
}

/** What is remembered of earlier refusals. */
export interface RefusalMemory {
  digest: string | null;
  count: number;
  since: Date | null;
}

/** True when this refusal has come often enough, over a long enough time, that it must be the truth. */
export function isAcceptedByRepetition(
  refusal: Refusal,
  memory: RefusalMemory,
  at: { now: Date; intervalSeconds: number },
): boolean {
  if (refusal.acceptedAfter === null || memory.digest !== refusal.digest || memory.since === null) return false;
  const { answers, intervals } = refusal.acceptedAfter;
  const seconds = (at.now.getTime() - memory.since.getTime()) / 1000;
  return memory.count + 1 >= answers && seconds >= intervals * at.intervalSeconds;
}
