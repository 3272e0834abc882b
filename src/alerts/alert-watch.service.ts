import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../common';
import { Settings } from '../config';
import { TrustSnapshot } from '../health';
import type { AlertFinding } from './alert-finding';
import { TreasuryWatch } from './treasury-watch.service';

/** True of every service that has just begun: news only when it stays so, and a first walk takes a small plan that long. */
const BEGINNING = new Set<string>(['no_datasets', 'dataset_never_synced']);
const BEGINNING_MS = 30 * 60_000;

/** Collects what is wrong now: the issues of the trust pack, and what the treasury itself gives reason to. */
@Injectable()
export class AlertWatch {
  /** The outage of PostgreSQL that is on, or was: nothing can be written down while it lasts. */
  private outage: AlertFinding | null = null;

  constructor(
    private readonly trust: TrustSnapshot,
    private readonly treasury: TreasuryWatch,
    private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** An outage that it hands out is forgotten with `written`. */
  async find(): Promise<AlertFinding[]> {
    const treasury = await this.treasury.find();
    const { outage } = this;
    const issues = this.issues().filter(({ key }) => key !== outage?.key);
    return [...issues, ...treasury, ...(outage === null ? [] : [outage])];
  }

  /** While PostgreSQL is away: an outage that lasts as long as a group waits is told once it is back. */
  remember(): void {
    const found = this.issues().find(({ code }) => code === 'database_down');
    if (found?.since == null) return;
    if (this.clock.nowMs() - found.since.getTime() < this.settings.alertGroupSeconds * 1000) return;
    this.outage = {
      ...found,
      watchedMs: 0,
      message: 'PostgreSQL did not answer: figures were the last that had been read, and nothing was synced.',
    };
  }

  written(): void {
    this.outage = null;
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
