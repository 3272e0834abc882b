import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock, examineTarget, type TargetRule } from '../common';
import { type AlertChannel, alertChannelsOf, Settings } from '../config';
import type { Delivery } from '../database';

const LOOKUP_LIMIT_MS = 2_000;
const GONE = 410;

/** The configured channels. */
@Injectable()
export class AlertChannels {
  readonly all: readonly AlertChannel[];

  constructor(
    private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.all = alertChannelsOf(settings);
  }

  find(name: string): AlertChannel | undefined {
    return this.all.find((channel) => channel.name === name);
  }

  /** The rule that refuses the channel's target as its name resolves now; null also where nobody can say. */
  async refusalOf({ url }: AlertChannel): Promise<TargetRule | null> {
    const waiting = new AbortController();
    const policy = { allowPrivate: this.settings.alertAllowPrivateTargets };
    const examined = examineTarget(new URL(url), policy).catch(() => null);
    const tooLate = this.clock.sleep(LOOKUP_LIMIT_MS, waiting.signal).then(() => null);
    try {
      return await Promise.race([examined, tooLate]);
    } finally {
      waiting.abort();
      tooLate.catch(() => undefined);
    }
  }

  /** Those that want messages: a receiver that said it is gone gets none, until a test succeeds or its address changes. */
  wanting(newest: readonly Delivery[]): AlertChannel[] {
    return this.all.filter((channel) => !isGone(channel, newest));
  }
}

export function isGone(channel: AlertChannel, newest: readonly Delivery[]): boolean {
  const last = newest.find((delivery) => delivery.channel === channel.name);
  return last?.httpStatus === GONE && last.target === targetDigest(channel);
}

/** Tells two addresses of one channel apart without saying either. */
export function targetDigest({ url }: AlertChannel): string {
  return createHash('sha256').update(url).digest('base64url').slice(0, 16);
}
