import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import {
  judgedLookup,
  literalAddress,
  refusalOf,
  type Resolve,
  type TargetPolicy,
  TargetRefusedError,
} from '../common';
import type { OutgoingPost } from './message-formats';

const LIMIT_MS = 10_000;
/** What is read of an answer, whose status alone counts. */
const ANSWER_LIMIT_BYTES = 16_384;

export interface PostOptions extends TargetPolicy {
  /** For the whole attempt, from the name to the status. */
  limitMs?: number;
  resolve?: Resolve;
}

/** What the other side said. */
export interface PostAnswer {
  status: number;
  retryAfter: string | undefined;
  date: string | undefined;
}

/**
 * Sends a POST to an address that an operator named and follows nothing. Rejects with `TargetRefusedError` when
 * the address, or one that its name resolves to, is not permitted, or with the error of the connection.
 */
export async function guardedPost(post: OutgoingPost, options: PostOptions): Promise<PostAnswer> {
  const url = new URL(post.url);
  const literal = literalAddress(url);
  const rule = literal === null ? null : refusalOf(url, literal, options);
  if (rule !== null) throw new TargetRefusedError(rule);
  const answer = await send(url, post, options);
  discard(answer);
  const { 'retry-after': retryAfter, date } = answer.headers;
  return { status: answer.statusCode ?? 0, retryAfter, date };
}

function send(url: URL, { headers, body }: OutgoingPost, options: PostOptions): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      // A connection of its own: one that was kept would have been judged for another message.
      agent: false,
      lookup: judgedLookup(url, options, options.resolve),
      signal: AbortSignal.timeout(options.limitMs ?? LIMIT_MS),
      headers: { ...headers, 'content-length': Buffer.byteLength(body), 'user-agent': 'tao-treasury' },
    });
    sent.once('response', resolve);
    // Stays for errors after the answer, which nobody waits for any more.
    sent.on('error', reject);
    sent.end(body);
  });
}

function discard(answer: IncomingMessage): void {
  let bytes = 0;
  answer.on('error', () => undefined);
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > ANSWER_LIMIT_BYTES) answer.destroy();
  });
}
