import type { Clock } from '../common';
import type { Lease, LeaseRepository } from '../database';
import { FencedError } from './sync-errors';

export interface LeaseTimes {
  /** A process that stops renewing loses its datasets after this long. */
  ttlMs: number;
  renewEveryMs: number;
}

export const LEASE_TIMES: LeaseTimes = { ttlMs: 90_000, renewEveryMs: 30_000 };

/** A lease that renews itself until it is released; `lost` aborts when it can no longer be relied on. */
export class HeldLease {
  private readonly ended = new AbortController();
  private readonly losing = new AbortController();
  private readonly renewing: Promise<void>;

  constructor(
    readonly lease: Lease,
    private readonly leases: Pick<LeaseRepository, 'renew' | 'release'>,
    private readonly clock: Clock,
    private readonly times: LeaseTimes,
  ) {
    this.renewing = this.renew();
  }

  get lost(): AbortSignal {
    return this.losing.signal;
  }

  /** Gives the lease up, unless the database is away: then it expires by itself. Never rejects. */
  async release(): Promise<void> {
    this.ended.abort(new Error('released'));
    await this.renewing;
    await this.leases.release(this.lease).catch(() => undefined);
  }

  private async renew(): Promise<void> {
    let renewedAtMs = this.clock.monotonicMs();
    while (await this.waited()) {
      const atMs = this.clock.monotonicMs();
      const renewed = await this.leases.renew(this.lease, this.times.ttlMs).catch(() => null);
      if (renewed === true) renewedAtMs = atMs;
      // A failed renewal is tried again as long as the lease is still ours by our own count.
      if (renewed === false || this.clock.monotonicMs() - renewedAtMs >= this.times.ttlMs) {
        this.losing.abort(new FencedError(this.lease.name));
        return;
      }
    }
  }

  private waited(): Promise<boolean> {
    return this.clock.sleep(this.times.renewEveryMs, this.ended.signal).then(
      () => true,
      () => false,
    );
  }
}
