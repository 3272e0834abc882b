import { createHash } from 'node:crypto';
import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { ThrottlerStorage } from '@nestjs/throttler';
import { CLOCK, type Clock, messageOf } from '../common';
import { ClientCountRepository } from '../database';
import { PrometheusMetrics } from '../metrics';
import { TOO_MANY_REQUESTS } from './access-errors';
import { type Admission, ClientLedger } from './client-ledger';
import { windowAt } from './sliding-count';

type ThrottlerRecord = Awaited<ReturnType<ThrottlerStorage['increment']>>;

const EXCHANGE_INTERVAL_MS = 500;
/** Rows of one exchange; more callers than that at once wait for the next. */
const EXCHANGE_ROWS = 500;
/** Names of callers are digested once and remembered; the memory is emptied when a flood of addresses fills it. */
const DIGESTS_LIMIT = 20_000;

/**
 * How often each caller has asked lately, over all replicas: counted in memory on the request's path and exchanged through
 * PostgreSQL beside it, so a slow or missing database delays nobody and leaves each replica with its own count. A caller
 * who moves between replicas can exceed the limit by what arrives within one exchange interval.
 */
@Injectable()
export class ClientCounts implements ThrottlerStorage, OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(ClientCounts.name);
  private readonly ledger = new ClientLedger();
  private readonly digests = new Map<string, string>();
  private readonly ending = new AbortController();
  private failing = false;

  constructor(
    private readonly repository: ClientCountRepository,
    private readonly metrics: PrometheusMetrics,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    void this.exchangeForEver();
  }

  onApplicationShutdown(): void {
    this.ending.abort(new Error('the service ends'));
  }

  /** Counts one request when fewer than `limit` lie within the last `windowMs`. Waits for nothing. */
  admit(client: string, limit: number, windowMs: number): Admission {
    const admission = this.ledger.admit(this.digestOf(client), limit, windowAt(this.clock.nowMs(), windowMs));
    if (!admission.admitted) this.metrics.accessRefusals.inc({ code: TOO_MANY_REQUESTS });
    return admission;
  }

  /** The throttler's own form of `admit`. Blocks for exactly as long as the next request would be refused. */
  increment(client: string, windowMs: number, limit: number): Promise<ThrottlerRecord> {
    const { admitted, count, waitMs } = this.admit(client, limit, windowMs);
    return Promise.resolve({
      totalHits: Math.ceil(count),
      timeToExpire: Math.ceil(windowMs / 1000),
      isBlocked: !admitted,
      timeToBlockExpire: Math.max(1, Math.ceil(waitMs / 1000)),
    });
  }

  /** Tells the other replicas what was counted here and learns what they have. Resolves to false when that failed. */
  async exchange(): Promise<boolean> {
    const sent = this.ledger.collect(EXCHANGE_ROWS);
    if (sent.length === 0) return true;
    try {
      this.ledger.learn(sent, await this.repository.add(sent));
      this.failing = false;
      return true;
    } catch (error) {
      this.ledger.takeBack(sent);
      if (!this.failing) this.logger.warn(`callers are limited per replica only: ${messageOf(error)}`);
      this.failing = true;
      return false;
    }
  }

  private async exchangeForEver(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      await this.clock.sleep(EXCHANGE_INTERVAL_MS, signal).catch(() => undefined);
      if (!signal.aborted) await this.exchange();
    }
  }

  private digestOf(client: string): string {
    const known = this.digests.get(client);
    if (known !== undefined) return known;
    if (this.digests.size >= DIGESTS_LIMIT) this.digests.clear();
    const digest = createHash('sha256').update(client).digest('base64url').slice(0, 22);
    this.digests.set(client, digest);
    return digest;
  }
}
