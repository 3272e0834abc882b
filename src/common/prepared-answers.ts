import { beginDated, type DatedAnswer, JSON_TYPE } from './dated-answer';
import type { DataMeta } from './data-meta';
import type { HttpReply } from './http-reply';

/** Everything of an answer but its `meta`: what its tag stands for. */
export interface PreparableAnswer extends Omit<DatedAnswer, 'etag' | 'body'> {
  /** Of the question, of the watermark of the rows, and of their trust: two answers under one tag have the same rows. */
  etag: string;
  /** Called only when these rows have not been prepared yet, or no longer are. */
  rows: () => { data: object };
}

export interface PreparedLimits {
  maxEntries: number;
  maxBytes: number;
}

/** All pages of all subnets in every order, and the slippage of all of them, fit several times. */
const LIMITS: PreparedLimits = { maxEntries: 500, maxBytes: 16 * 1024 * 1024 };

/**
 * Answers as bytes, written out once for a question and a watermark, both of which are in the tag they are kept under: a run
 * brings other tags, so that nothing has to be thrown away in time. `meta` is no part of what is kept, as its ages go on; it
 * is written for every answer and put behind the rows. Whatever was not asked for longest goes first.
 */
export class PreparedAnswers {
  /** `{"data":...` without the closing brace, by tag, in the order of their last use. */
  private readonly kept = new Map<string, Buffer>();
  private keptBytes = 0;

  constructor(private readonly limits: PreparedLimits = LIMITS) {}

  /** As `sendDated` does, to the byte. */
  send(reply: HttpReply, ifNoneMatch: string | undefined, answer: PreparableAnswer): void {
    if (beginDated(reply, ifNoneMatch, answer)) return;
    reply.header('content-type', JSON_TYPE).send(closed(this.openingOf(answer), answer.meta));
  }

  private openingOf({ etag, rows }: PreparableAnswer): Buffer {
    const known = this.kept.get(etag);
    if (known !== undefined) {
      this.kept.delete(etag);
      this.kept.set(etag, known);
      return known;
    }
    const opening = Buffer.from(JSON.stringify(rows()).slice(0, -1));
    this.keep(etag, opening);
    return opening;
  }

  private keep(etag: string, opening: Buffer): void {
    if (opening.length > this.limits.maxBytes) return;
    this.kept.set(etag, opening);
    this.keptBytes += opening.length;
    for (const [oldest, { length }] of this.kept) {
      if (this.kept.size <= this.limits.maxEntries && this.keptBytes <= this.limits.maxBytes) return;
      this.kept.delete(oldest);
      this.keptBytes -= length;
    }
  }
}

function closed(opening: Buffer, meta: DataMeta): Buffer {
  return Buffer.concat([opening, Buffer.from(`,"meta":${JSON.stringify(meta)}}`)]);
}
