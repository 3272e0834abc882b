import type { LivePosition } from '../database';
import { eventFrame } from './live-frame';
import { isBehind } from './live-position';

/** What is used of the socket behind a stream. */
export interface LiveSocket {
  /** False: the caller does not keep up, wait for `drain`. */
  write(text: string): boolean;
  end(): unknown;
  on(event: 'drain' | 'close', listener: () => void): unknown;
}

/** A caller who does not read must not fill our memory: beyond this many the oldest go. */
const QUEUE_LIMIT = 256;

/** One open stream. Keeps its order, drops its oldest when the caller is too slow, and says that it did. */
export class LiveClient {
  private readonly queue: string[] = [];
  private blocked = false;
  private dropped = 0;
  /** Behind the last event that was sent; null: from whatever comes next. */
  position: LivePosition | null = null;
  /** Set once what was missed has been sent: from then on the stream follows. */
  following = false;

  constructor(private readonly socket: LiveSocket) {
    socket.on('drain', () => this.flush());
  }

  /** Sends an event of the outbox, unless the client has it. */
  sendEvent(position: LivePosition, frame: string): void {
    if (this.position !== null && !isBehind(this.position, position)) return;
    this.position = position;
    this.send(frame);
  }

  send(frame: string): void {
    this.queue.push(frame);
    if (this.queue.length > QUEUE_LIMIT) {
      this.queue.shift();
      this.dropped += 1;
    }
    if (!this.blocked) this.flush();
  }

  close(): void {
    this.socket.end();
  }

  private flush(): void {
    this.blocked = false;
    if (this.dropped > 0) {
      const dropped = this.dropped;
      this.dropped = 0;
      this.blocked = !this.socket.write(eventFrame('reset', { reason: 'too_slow', dropped }));
    }
    while (!this.blocked) {
      const frame = this.queue.shift();
      if (frame === undefined) return;
      this.blocked = !this.socket.write(frame);
    }
  }
}
