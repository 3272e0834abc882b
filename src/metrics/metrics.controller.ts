import { Controller, Get, Header } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { NotFoundError } from '../common';
import { Settings } from '../config';
import { PrometheusMetrics } from './prometheus-metrics';

@ApiTags('operations')
@Controller()
export class MetricsController {
  constructor(
    private readonly prometheus: PrometheusMetrics,
    private readonly settings: Settings,
  ) {}

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'All metrics in the Prometheus text format' })
  @ApiProduces('text/plain')
  @ApiNotFoundResponse({ description: 'They are served on METRICS_PORT.' })
  @ApiOkResponse({ description: 'Base units, bounded labels, no wallet address.' })
  exposition(): Promise<string> {
    const { metricsPort } = this.settings;
    if (metricsPort !== 0) {
      throw new NotFoundError('metrics/other-port', 'url', `Metrics are served on port ${metricsPort}.`);
    }
    return this.prometheus.registry.metrics();
  }
}
