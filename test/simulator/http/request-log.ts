import { createHash } from 'node:crypto';

export interface LoggedRequest {
  /** Real time of arrival. */
  at: string;
  atMs: number;
  /** Block that the answer stands at; until it is given, the one of the arrival. */
  block: number;
  method: string;
  path: string;
  query: string;
  /** 0 when no status was ever sent. */
  status: number;
  /** Digest of the answer's text, before any compression; null where it is not JSON of the model. */
  sha256: string | null;
  /** First half of a hash: tells keys apart without holding one. */
  keyHash: string | null;
  fault: string | null;
}

/** Longer than any test's; a demo that runs for weeks must not grow for ever. */
const CAPACITY = 100_000;

export class RequestLog {
  private entries: LoggedRequest[] = [];

  add(entry: LoggedRequest): void {
    this.entries.push(entry);
    if (this.entries.length > CAPACITY) this.entries = this.entries.slice(CAPACITY / 2);
  }

  clear(): void {
    this.entries = [];
  }

  list(pathPrefix = ''): readonly LoggedRequest[] {
    return this.entries.filter((entry) => entry.path.startsWith(pathPrefix));
  }
}

export function hashOf(key: string | undefined): string | null {
  return key === undefined ? null : createHash('sha256').update(key).digest('hex').slice(0, 16);
}
