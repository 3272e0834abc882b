import { Logger } from '@nestjs/common';
import { type Cache, createCache } from 'cache-manager';
import { redisInsStore } from 'cache-manager-redis-yet';
import { createClient, ErrorReply, type RedisClientType } from 'redis';
import { type Clock, messageOf, redactText } from '../common';
import { Circuit } from './circuit';
import type { Entry } from './entry';
import { type EntryStore, UnreadableEntryError } from './entry-store';

/** A cache that takes longer than this is slower than doing without. */
const OPERATION_LIMIT_MS = 100;
const CONNECT_LIMIT_MS = 1_000;
/** A frozen server answers nothing; what is sent meanwhile must not pile up. */
const MAX_WAITING_COMMANDS = 1_000;
const FIRST_RECONNECT_MS = 50;
const LONGEST_RECONNECT_MS = 2_000;
/** Redis answers, but as a server that will not do: a replica after a failover, or one that still reads its dump. */
const NOT_SERVING = /^(READONLY|LOADING|MASTERDOWN|CLUSTERDOWN)\b/;

class RedisAwayError extends Error {}

/** Entries in Redis. Never waits for it longer than a tenth of a second, and reconnects for as long as the process lives. */
export class RedisEntries implements EntryStore {
  readonly kind = 'redis';
  private readonly logger = new Logger('RedisCache');
  private readonly client: RedisClientType;
  private readonly cache: Cache;
  private readonly circuit: Circuit;
  private connectionError: string | null = 'not connected yet';

  constructor(url: string, clock: Clock) {
    this.client = createClient({
      url,
      disableOfflineQueue: true,
      commandsQueueMaxLength: MAX_WAITING_COMMANDS,
      socket: { connectTimeout: CONNECT_LIMIT_MS, reconnectStrategy: reconnectDelayMs },
    });
    this.client.on('error', (error) => this.onConnectionError(error));
    this.client.on('ready', () => this.onReady());
    this.cache = createCache(redisInsStore(this.client));
    this.circuit = new Circuit(clock, OPERATION_LIMIT_MS, () => this.client.ping());
    // Not awaited: it settles only once Redis is there, which may be never.
    this.client.connect().catch((error: unknown) => this.onConnectionError(error));
  }

  get available(): boolean {
    return this.client.isReady && !this.circuit.isOpen;
  }

  get lastError(): string | null {
    return this.client.isReady ? this.circuit.reason : (this.connectionError ?? 'the connection is closed');
  }

  async get(key: string): Promise<unknown> {
    try {
      return await this.attempt(() => this.cache.get(key));
    } catch (error) {
      if (error instanceof SyntaxError || isReply(error, /^WRONGTYPE\b/)) throw new UnreadableEntryError(key);
      throw error;
    }
  }

  async set(key: string, entry: Entry, ttlMs: number): Promise<void> {
    // Whole milliseconds: Redis refuses fractions, and to cache-manager 0 means for ever.
    await this.attempt(() => this.cache.set(key, entry, Math.max(1, Math.ceil(ttlMs))));
  }

  async delete(key: string): Promise<void> {
    await this.attempt(() => this.cache.del(key));
  }

  async claim(key: string, ttlMs: number): Promise<boolean> {
    return (await this.attempt(() => this.client.set(key, '1', { NX: true, PX: ttlMs }))) !== null;
  }

  release(key: string): Promise<void> {
    return this.delete(key);
  }

  async close(): Promise<void> {
    this.circuit.close();
    // Not `quit`: it waits for an answer, and what was sent is stored or is not needed.
    if (this.client.isOpen) await this.client.disconnect();
  }

  private async attempt<T>(operation: () => Promise<T>): Promise<T> {
    if (!this.available) throw new RedisAwayError(this.lastError ?? 'Redis is away');
    try {
      return await this.circuit.within(operation);
    } catch (error) {
      if (isServerTrouble(error)) this.circuit.trip(error);
      if (isReply(error, /^READONLY\b/)) await this.reconnect();
      throw error;
    }
  }

  /** The name in the URL may lead to another server by now. */
  private async reconnect(): Promise<void> {
    if (!this.client.isOpen) return;
    await this.client.disconnect();
    this.client.connect().catch((error: unknown) => this.onConnectionError(error));
  }

  private onConnectionError(error: unknown): void {
    const message = redactText(messageOf(error));
    // Every reconnect fails the same way; one line tells it all.
    if (message !== this.connectionError) this.logger.warn(`Redis is away, every read is a miss: ${message}`);
    this.connectionError = message;
  }

  private onReady(): void {
    this.logger.log('Redis is connected');
    this.connectionError = null;
  }
}

/** Exponential with half of it jitter, so that replicas do not return together. */
function reconnectDelayMs(retries: number): number {
  const capMs = Math.min(FIRST_RECONNECT_MS * 2 ** Math.min(retries, 10), LONGEST_RECONNECT_MS);
  return Math.round(capMs / 2 + (Math.random() * capMs) / 2);
}

/** Trouble that the next operation would meet as well; not an entry's own, and not a full memory, which still reads. */
function isServerTrouble(error: unknown): boolean {
  if (error instanceof SyntaxError || error instanceof TypeError) return false;
  return error instanceof ErrorReply ? NOT_SERVING.test(error.message) : true;
}

function isReply(error: unknown, pattern: RegExp): boolean {
  return error instanceof ErrorReply && pattern.test(error.message);
}
