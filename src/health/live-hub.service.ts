import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AppError, CLOCK, type Clock, messageOf } from '../common';
import { type LiveEvent, LiveEventRepository, type LivePosition } from '../database';
import type { LiveClient } from './live-client';
import { eventFrame, PING_FRAME, RETRY_FRAME } from './live-frame';
import { isBehind, positionText } from './live-position';
import { TrustSnapshot } from './trust-snapshot.service';

const POLL_MS = 1_000;
const PING_MS = 15_000;
const PRUNE_MS = 3_600_000;
const KEPT_SECONDS = 24 * 3600;
const BATCH = 200;
/** Somebody who missed more reads everything again sooner than he reads all that. */
const REPLAY_LIMIT = 1_000;
const CLIENT_LIMIT = 200;

/** Reads the outbox once a second while somebody listens, and tells every listener. */
@Injectable()
export class LiveHub implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(LiveHub.name);
  private readonly clients = new Set<LiveClient>();
  private readonly ending = new AbortController();
  private running = false;
  private failing = false;
  private position: LivePosition | null = null;
  private trust = '';
  private pingedMs = 0;
  private pruning: NodeJS.Timeout | undefined;

  constructor(
    private readonly events: LiveEventRepository,
    private readonly snapshot: TrustSnapshot,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.pruning = setInterval(() => void this.prune(), PRUNE_MS);
    this.pruning.unref();
  }

  /** The first step of a shutdown: an open stream would hold the HTTP server back for ever. */
  onModuleDestroy(): void {
    clearInterval(this.pruning);
    this.ending.abort(new Error('the service ends'));
    for (const client of this.clients) client.close();
    this.clients.clear();
  }

  /** Throws `live/too-many-streams` when no further stream can be taken. */
  expectRoom(): void {
    if (this.clients.size < CLIENT_LIMIT) return;
    throw new AppError('live/too-many-streams', 'Too many streams are open.', { status: 503, retryAfterSeconds: 30 });
  }

  /** Takes a stream in: what was missed since `after` first, then all that comes. Never rejects. */
  async join(client: LiveClient, after: LivePosition | null): Promise<void> {
    if (this.ending.signal.aborted) {
      client.close();
      return;
    }
    this.clients.add(client);
    client.send(RETRY_FRAME);
    const replayed = after === null ? 0 : await this.replay(client, after);
    // Before `hello`: whatever happens after it must be behind this point.
    await this.findPosition();
    client.following = true;
    client.send(this.helloFrame(client, replayed));
    if (!this.running) void this.run();
  }

  /** Carries an id as well: a stream that breaks before its first event can be taken up, too. */
  private helloFrame(client: LiveClient, replayed: number): string {
    const position = client.position ?? this.position;
    const id = position === null || position.id === 0n ? undefined : positionText(position);
    return eventFrame('hello', { replayed, at: new Date(this.clock.nowMs()).toISOString() }, id);
  }

  leave(client: LiveClient): void {
    this.clients.delete(client);
  }

  private async replay(client: LiveClient, after: LivePosition): Promise<number> {
    try {
      if (await this.events.holds(after)) return await this.replayFrom(client, after);
      client.send(eventFrame('reset', { reason: 'too_old' }));
    } catch (error) {
      this.report(error);
      client.send(eventFrame('reset', { reason: 'unavailable' }));
    }
    return 0;
  }

  private async replayFrom(client: LiveClient, after: LivePosition): Promise<number> {
    client.position = after;
    for (let replayed = 0; ;) {
      const missed = await this.events.after(client.position, BATCH);
      for (const event of missed) client.sendEvent(event.position, frameOf(event));
      replayed += missed.length;
      // The hub may have told others more in the meantime; then there is another round.
      const isCurrent = this.position === null || !isBehind(client.position, this.position);
      if (missed.length === 0 || (missed.length < BATCH && isCurrent)) return replayed;
      if (replayed >= REPLAY_LIMIT) {
        client.position = null;
        client.send(eventFrame('reset', { reason: 'too_many' }));
        return replayed;
      }
    }
  }

  /** One at a time, as long as somebody listens. */
  private async run(): Promise<void> {
    this.running = true;
    this.trust = this.trustSignature();
    this.pingedMs = this.clock.monotonicMs();
    while (this.clients.size > 0 && !this.ending.signal.aborted) {
      await this.poll();
      this.ping();
      await this.clock.sleep(POLL_MS, this.ending.signal).catch(() => undefined);
    }
    this.running = false;
    this.position = null;
  }

  private async poll(): Promise<void> {
    await this.findPosition();
    if (this.position !== null) await this.tellEvents(this.position);
    const trust = this.trustSignature();
    if (trust === this.trust) return;
    this.trust = trust;
    this.tell((client) => client.send(`event: trust\ndata: ${trust}\n\n`));
  }

  private async tellEvents(after: LivePosition): Promise<void> {
    try {
      for (const event of await this.events.after(after, BATCH)) {
        this.position = event.position;
        this.tell((client) => client.sendEvent(event.position, frameOf(event)));
      }
      this.failing = false;
    } catch (error) {
      this.report(error);
    }
  }

  /** Behind the client that is furthest back, so that nothing falls between a replay and the first poll. */
  private async findPosition(): Promise<void> {
    if (this.position !== null) return;
    try {
      const head = await this.events.head();
      const positions = [...this.clients].flatMap((client) => client.position ?? []);
      this.position ??= positions.reduce((oldest, position) => (isBehind(position, oldest) ? position : oldest), head);
    } catch (error) {
      this.report(error);
    }
  }

  private tell(send: (client: LiveClient) => void): void {
    for (const client of this.clients) if (client.following) send(client);
  }

  private ping(): void {
    if (this.clock.monotonicMs() - this.pingedMs < PING_MS) return;
    this.pingedMs = this.clock.monotonicMs();
    this.tell((client) => client.send(PING_FRAME));
  }

  /** What a listener is told of the trust pack: when this text changes, the pack is worth reading. */
  private trustSignature(): string {
    const { overall_health: health, upstream } = this.snapshot.current().pack;
    const codes = [...health.issues, ...health.notices].map((issue) => issue.code);
    return JSON.stringify({ status: health.status, issues: codes, blocked_until: upstream.blocked_until });
  }

  private async prune(): Promise<void> {
    await this.events.prune(KEPT_SECONDS).catch((error: unknown) => this.report(error));
  }

  /** Once, until it works again. */
  private report(error: unknown): void {
    if (!this.failing) this.logger.warn(`live events cannot be read: ${messageOf(error)}`);
    this.failing = true;
  }
}

function frameOf({ kind, body, position }: LiveEvent): string {
  return eventFrame(kind, body, positionText(position));
}
