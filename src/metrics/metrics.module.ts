import { Global, Module } from '@nestjs/common';
import { CacheMetrics } from './cache-metrics';
import { CallMetrics } from './call-metrics';
import { EventLoopLag } from './event-loop-lag';
import { MetricsController } from './metrics.controller';
import { MetricsLedger } from './metrics-ledger';
import { PrometheusMetrics } from './prometheus-metrics';
import { SyncMetrics } from './sync-metrics';
import { UpstreamGauge } from './upstream-gauge';

const RECORDERS = [
  CallMetrics,
  CacheMetrics,
  SyncMetrics,
  UpstreamGauge,
  EventLoopLag,
  MetricsLedger,
  PrometheusMetrics,
];

/** Where everything is counted. Global: every module records, none should have to ask for it. */
@Global()
@Module({ controllers: [MetricsController], providers: RECORDERS, exports: RECORDERS })
export class MetricsModule {}
