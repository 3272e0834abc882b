import { createHash } from 'node:crypto';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CLOCK, type Clock, messageOf } from '../common';
import { DatabaseReadiness } from '../database';
import { DatabaseWatch } from './database-watch.service';
import { findIssues } from './find-issues';
import { IssueLog } from './issue-log.service';
import { TrustGauges } from './trust-gauges';
import { TrustInputsReader } from './trust-inputs.service';
import { buildTrustPack, type TrustPack } from './trust-pack';

/** How often the datasets are read and the rules applied. */
const LOOK_INTERVAL_MS = 2_000;
/** A prepared answer is served for this long; building one costs about a millisecond and no I/O. */
const SERVE_MS = 500;

/** A trust pack, ready to send. */
export interface PreparedPack {
  pack: TrustPack;
  body: Buffer;
  /** Strong: the digest of `body`. */
  etag: string;
}

/** Looks every two seconds, judges, and keeps a pack ready, so that reading one never waits on anything. */
@Injectable()
export class TrustSnapshot implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(TrustSnapshot.name);
  private prepared: PreparedPack | null = null;
  private preparedMs = 0;
  private looking: Promise<void> | null = null;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly inputs: TrustInputsReader,
    private readonly database: DatabaseWatch,
    private readonly readiness: DatabaseReadiness,
    private readonly issues: IssueLog,
    private readonly gauges: TrustGauges,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    void this.readiness.whenReady().then(() => this.look());
    this.timer = setInterval(() => void this.look(), LOOK_INTERVAL_MS);
    this.timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** Reads the datasets, applies the rules and prepares a pack. One at a time; never rejects. */
  look(): Promise<void> {
    this.looking ??= this.lookOnce()
      .catch((error: unknown) => this.logger.error({ err: error }, `trust snapshot failed: ${messageOf(error)}`))
      .finally(() => {
        this.looking = null;
      });
    return this.looking;
  }

  current(): PreparedPack {
    if (this.prepared === null || this.clock.monotonicMs() - this.preparedMs > SERVE_MS) return this.prepare();
    return this.prepared;
  }

  private async lookOnce(): Promise<void> {
    await this.database.look();
    const inputs = this.inputs.read();
    this.issues.observe(findIssues(inputs), inputs.now);
    const { pack } = this.prepare();
    this.gauges.publish(pack, inputs);
    if (inputs.database.reachable) await this.issues.store();
  }

  private prepare(): PreparedPack {
    const pack = buildTrustPack(this.inputs.read(), { issues: this.issues.current(), at: this.issues.judgedAt });
    const body = Buffer.from(JSON.stringify(pack));
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    this.prepared = { pack, body, etag };
    this.preparedMs = this.clock.monotonicMs();
    return this.prepared;
  }
}
