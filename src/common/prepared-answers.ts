import { beginDated, type DatedAnswer, JSON_TYPE } from './dated-answer';
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

interface Prepared {
  body: Buffer;
  /** How much of `body` is `{"data":...`, up to where `meta` begins. */
  rowsBytes: number;
  /** As it stands in `body`. */
  meta: string;
}

/**
 * Answers as bytes, written out once for a question and a watermark, both of which are in the tag they are kept under: a run
 * brings other tags, so that nothing has to be thrown away in time. Ages go on: `meta` is put behind the rows anew unless it
 * is the same to the digit, as for all who shared one reading. Whatever was not asked for longest goes first.
 */
export class PreparedAnswers {
  /** By tag, in the order of their last use. */
  private readonly kept = new Map<string, Prepared>();
  private keptBytes = 0;

  constructor(private readonly limits: PreparedLimits = LIMITS) {}

  /** As `sendDated` does, to the byte. */
  send(reply: HttpReply, ifNoneMatch: string | undefined, answer: PreparableAnswer): void {
    if (beginDated(reply, ifNoneMatch, answer)) return;
    const prepared = prepare(answer, this.kept.get(answer.etag));
    this.keep(answer.etag, prepared);
    reply.header('content-type', JSON_TYPE).send(prepared.body);
  }

  private keep(etag: string, prepared: Prepared): void {
    this.keptBytes -= this.kept.get(etag)?.body.length ?? 0;
    this.kept.delete(etag);
    if (prepared.body.length > this.limits.maxBytes) return;
    this.kept.set(etag, prepared);
    this.keptBytes += prepared.body.length;
    for (const [oldest, { body }] of this.kept) {
      if (this.kept.size <= this.limits.maxEntries && this.keptBytes <= this.limits.maxBytes) return;
      this.kept.delete(oldest);
      this.keptBytes -= body.length;
    }
  }
}

function prepare(answer: PreparableAnswer, known: Prepared | undefined): Prepared {
  const meta = JSON.stringify(answer.meta);
  if (known?.meta === meta) return known;
  const rows = known?.body.subarray(0, known.rowsBytes) ?? Buffer.from(JSON.stringify(answer.rows()).slice(0, -1));
  return { body: Buffer.concat([rows, Buffer.from(`,"meta":${meta}}`)]), rowsBytes: rows.length, meta };
}
