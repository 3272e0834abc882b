import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CLOCK, type Clock, messageOf } from '../common';
import { addTotals, emptyTotals, type LedgerDeltas, MetricsLedger, type RecentError, type Totals } from '../metrics';
import { DatabaseReadiness } from './database-readiness';
import { MetricsRepository, type StoredMetrics } from './metrics.repository';
import { UnitOfWork } from './unit-of-work';

const FLUSH_INTERVAL_MS = 5_000;
const PRUNE_INTERVAL_MS = 60_000;
const SHOWN_ERRORS = 100;
const HOUR_MS = 3_600_000;
const QUARTER_MS = 900_000;

/** Counters of all replicas as of the last flush, plus what this process has counted since. */
export interface MetricsReading extends StoredMetrics {
  /** First start of the service or last reset; null before PostgreSQL was reached. */
  countingSince: Date | null;
  /** Last time that PostgreSQL took the counters; null before the first. */
  storedAt: Date | null;
}

/**
 * Moves counters from memory to PostgreSQL every five seconds and at shutdown, and holds what all replicas have counted.
 * Reading never waits. While PostgreSQL is away the counts stay in memory and none is lost.
 */
@Injectable()
export class MetricsStore implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(MetricsStore.name);
  private stored: StoredMetrics = emptyStored();
  private inFlight: LedgerDeltas | null = null;
  private generation: string | null = null;
  private countingSince: Date | null = null;
  private storedAt: Date | null = null;
  private prunedAtMs = -PRUNE_INTERVAL_MS;
  private failing = false;
  private timer: NodeJS.Timeout | undefined;
  /** Flushes and resets, one after the other. */
  private queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly ledger: MetricsLedger,
    private readonly repository: MetricsRepository,
    private readonly unitOfWork: UnitOfWork,
    private readonly readiness: DatabaseReadiness,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    void this.readiness.whenReady().then(
      () => this.flush(),
      () => undefined,
    );
    this.timer = setInterval(() => void this.flush(), FLUSH_INTERVAL_MS);
    this.timer.unref();
  }

  /** The runs that shutdown interrupts have been recorded by now, and the pool is still open. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  /** Synchronous: what is known now. */
  reading(): MetricsReading {
    const nowMs = this.clock.nowMs();
    const pending = [this.inFlight, this.ledger.peek()].filter((deltas) => deltas !== null);
    return {
      lifetime: withPending(this.stored.lifetime, pending, -Infinity),
      last15Minutes: withPending(this.stored.last15Minutes, pending, nowMs - QUARTER_MS),
      lastHour: withPending(this.stored.lastHour, pending, nowMs - HOUR_MS),
      recentErrors: this.recentErrors(pending),
      countingSince: this.countingSince,
      storedAt: this.storedAt,
    };
  }

  /** Stores what is pending and reads what all replicas have. Never throws; a failure keeps every count. */
  flush(): Promise<void> {
    return this.enqueue(async () => {
      if (!this.readiness.isReady()) return;
      const deltas = this.ledger.drain();
      this.inFlight = deltas;
      try {
        await this.exchange(deltas);
        this.settled();
      } catch (error) {
        this.inFlight = null;
        this.ledger.restore(deltas);
        this.failed(error);
      }
    });
  }

  /** All counters and recent errors to nothing, in PostgreSQL and here; other replicas follow at their next flush. */
  reset(): Promise<void> {
    return this.enqueue(async () => {
      const fresh = await this.unitOfWork.run((manager) => this.repository.reset(manager));
      this.ledger.clear();
      this.stored = emptyStored();
      this.generation = fresh.generation;
      this.countingSince = fresh.countingSince;
    });
  }

  private async exchange(deltas: LedgerDeltas): Promise<void> {
    const nowMs = this.clock.nowMs();
    const prune = this.clock.monotonicMs() - this.prunedAtMs >= PRUNE_INTERVAL_MS;
    const result = await this.unitOfWork.run(async (manager) => {
      const generation = await this.repository.lockGeneration(manager);
      const wasReset = this.generation !== null && this.generation !== generation.generation;
      // Counted before another replica's reset: it must not come back. At most one interval of newer counts goes too.
      if (!wasReset) await this.repository.add(manager, deltas);
      if (prune) await this.repository.prune(manager);
      return { generation, stored: await this.repository.read(manager, nowMs) };
    });
    if (prune) this.prunedAtMs = this.clock.monotonicMs();
    this.inFlight = null;
    this.stored = result.stored;
    this.generation = result.generation.generation;
    this.countingSince = result.generation.countingSince;
    this.storedAt = new Date(nowMs);
  }

  private recentErrors(pending: readonly LedgerDeltas[]): RecentError[] {
    return [...this.stored.recentErrors, ...pending.flatMap((deltas) => deltas.errors)].slice(-SHOWN_ERRORS);
  }

  private enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.queue.then(work);
    this.queue = done.catch(() => undefined);
    return done;
  }

  private settled(): void {
    if (this.failing) this.logger.log('Counters are stored again');
    this.failing = false;
  }

  private failed(error: unknown): void {
    if (!this.failing) this.logger.warn(`Counters stay in memory until PostgreSQL takes them: ${messageOf(error)}`);
    this.failing = true;
  }
}

function emptyStored(): StoredMetrics {
  return { lifetime: emptyTotals(), last15Minutes: emptyTotals(), lastHour: emptyTotals(), recentErrors: [] };
}

function withPending(stored: Totals, pending: readonly LedgerDeltas[], afterMs: number): Totals {
  const sum = addTotals(emptyTotals(), stored);
  for (const deltas of pending) {
    for (const [minuteMs, totals] of deltas.minutes) if (minuteMs > afterMs) addTotals(sum, totals);
  }
  return sum;
}
