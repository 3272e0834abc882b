import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../common';
import { Settings } from '../config';
import { TrustSnapshot } from '../health';
import type { AlertFinding } from './alert-finding';
import { TreasuryWatch } from './treasury-watch.service';

/** True of every service that has just begun: news only when it stays so, and a first walk takes a small plan that long. */
const BEGINNING = new Set<string>(['no_datasets', 'dataset_never_synced']);
const BEGINNING_MS = 30 * 60_000;
/** While one of them stands nothing can be written down, so it is told once it is over, in these words. */
const OUTAGES = new Map<string, string>([
  ['database_down', 'PostgreSQL did not answer: figures were the last that had been read, and nothing was synced.'],
  ['database_read_only', 'PostgreSQL took no changes: figures were read, and nothing was synced.'],
  ['disk_full', 'PostgreSQL had no room left: what was stored could be read, and nothing new was stored.'],
]);

/** Collects what is wrong now: the issues of the trust pack, and what the treasury itself gives reason to. */
@Injectable()
export class AlertWatch {
  /** The outages of PostgreSQL that are on, or were, by key. */
  private readonly outages = new Map<string, AlertFinding>();
  private handedOut: readonly AlertFinding[] = [];

  constructor(
    private readonly trust: TrustSnapshot,
    private readonly treasury: TreasuryWatch,
    private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The outages that it hands out are forgotten with `written`. */
  async find(): Promise<AlertFinding[]> {
    const treasury = await this.treasury.find();
    this.handedOut = [...this.outages.values()];
    const issues = this.issues().filter(({ key }) => !this.outages.has(key));
    return [...issues, ...treasury, ...this.handedOut];
  }

  /** While nothing can be written down: an outage that lasts as long as a group waits is told once it is over. */
  remember(): void {
    for (const issue of this.issues()) {
      const message = OUTAGES.get(issue.code);
      if (message === undefined || issue.since === null) continue;
      if (this.clock.nowMs() - issue.since.getTime() < this.settings.alertGroupSeconds * 1000) continue;
      this.outages.set(issue.key, { ...issue, watchedMs: 0, message });
    }
  }

  /** What the last `find` handed out has been; an outage that was remembered since then has not. */
  written(): void {
    for (const outage of this.handedOut) {
      if (this.outages.get(outage.key) === outage) this.outages.delete(outage.key);
    }
  }

  private issues(): AlertFinding[] {
    const { issues, notices } = this.trust.current().pack.overall_health;
    return [...issues, ...notices].map(({ code, subject, severity, message, since }) => ({
      key: subject === null ? code : `${code}:${subject}`,
      code,
      subject,
      severity,
      message,
      since,
      ...(BEGINNING.has(code) ? { watchedMs: BEGINNING_MS } : {}),
    }));
  }
}
