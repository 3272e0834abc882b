import { HttpService } from '@nestjs/axios';
import axios from 'axios';
import { ReadThroughCache } from '../../src/cache';
import { MemoryEntries } from '../../src/cache/memory-entries';
import type { Resolve } from '../../src/common';
import type { Settings } from '../../src/config';
import type { UpstreamGateRepository } from '../../src/database';
import {
  type AttemptRecord,
  CacheMetrics,
  CallMetrics,
  EventLoopLag,
  MetricsLedger,
  PrometheusMetrics,
  UpstreamGauge,
} from '../../src/metrics';
import { AttemptLimiter } from '../../src/taostats/pace/attempt-limiter.service';
import { TaostatsClient } from '../../src/taostats/taostats-client.service';
import { httpOptions } from '../../src/taostats/transport/http-options';
import { TaostatsTransport } from '../../src/taostats/transport/taostats-transport.service';
import { UpstreamStatus } from '../../src/taostats/upstream-status.service';
import { FakeClock } from './fake-clock';
import { MemoryGates } from './memory-gates';
import { testSettings } from './test-settings';

/** The client on a real connection, with time and gates in the test's hands. */
export interface TaostatsRig {
  client: TaostatsClient;
  clock: FakeClock;
  gates: MemoryGates;
  gauge: UpstreamGauge;
  status: UpstreamStatus;
  /** Every attempt that was recorded, oldest first. */
  attempts: AttemptRecord[];
  ledger: MetricsLedger;
}

class KeptCallMetrics extends CallMetrics {
  readonly attempts: AttemptRecord[] = [];

  override recordAttempt(attempt: AttemptRecord): void {
    this.attempts.push(attempt);
    super.recordAttempt(attempt);
  }
}

export function taostatsRig(url: string, overrides: Partial<Settings> = {}, resolve?: Resolve): TaostatsRig {
  const clock = new FakeClock();
  const settings = testSettings({
    taostatsBaseUrl: url,
    apiInitialBackoffSeconds: 0,
    apiMaxBackoffSeconds: 0,
    ...overrides,
  });
  const gates = new MemoryGates(clock);
  const repository = gates as unknown as UpstreamGateRepository;
  const ledger = new MetricsLedger(clock);
  const prometheus = new PrometheusMetrics(settings, new EventLoopLag(clock));
  const metrics = new KeptCallMetrics(settings, ledger, prometheus);
  const gauge = new UpstreamGauge();
  const status = new UpstreamStatus(repository, gauge, settings, clock);
  const limiter = new AttemptLimiter(repository, settings, clock);
  const http = new HttpService(axios.create(httpOptions(settings, resolve)));
  const transport = new TaostatsTransport(http, limiter, settings, metrics, status, clock);
  const cacheMetrics = new CacheMetrics(settings, ledger, prometheus);
  const noJitter = (): number => 0.5;
  const cache = new ReadThroughCache(new MemoryEntries(), null, cacheMetrics, clock, noJitter);
  const client = new TaostatsClient(transport, cache, status, settings, clock);
  return { client, clock, gates, gauge, status, attempts: metrics.attempts, ledger };
}

/** Waits, in real time, for something that a socket does. Fails after two seconds. */
export async function eventually(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2000; turn += 1) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error('what was waited for did not happen');
}
