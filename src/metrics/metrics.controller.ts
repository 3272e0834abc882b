import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { PrometheusMetrics } from './prometheus-metrics';

@ApiTags('operations')
@Controller()
export class MetricsController {
  constructor(private readonly prometheus: PrometheusMetrics) {}

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'All metrics in the Prometheus text format' })
  @ApiProduces('text/plain')
  @ApiOkResponse({ description: 'Base units, bounded labels, no wallet address.' })
  exposition(): Promise<string> {
    return this.prometheus.registry.metrics();
  }
}
