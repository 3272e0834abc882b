import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { type HealthCheckResult, HealthCheckService, type HealthIndicatorFunction } from '@nestjs/terminus';
import { checkAll } from './check-all';
import type { Reply } from './reply';
import { ServiceIndicators } from './service-indicators';
import { TrustIndicators } from './trust-indicators';

/** A database that is away is asked again after that. */
const RETRY_SECONDS = 5;

/** Kubernetes probes. Liveness touches nothing, readiness PostgreSQL only: restarting cures neither TaoStats nor Redis. */
@ApiTags('probes')
@ApiOkResponse({ description: '`status` is `ok`' })
@ApiServiceUnavailableResponse({ description: '`error` names what is down' })
@ApiQuery({ name: 'verbose', required: false, type: String, description: 'Plain text, one line per check' })
@Controller()
export class ProbesController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly service: ServiceIndicators,
    private readonly trust: TrustIndicators,
  ) {}

  @Get(['livez', 'api/v1/health/livez', 'api/v1/health/live'])
  @ApiOperation({ summary: 'The process answers; nothing else is asked' })
  live(@Query('verbose') verbose: string | undefined, @Res() reply: Reply): Promise<void> {
    return this.answer('livez', [() => this.service.eventLoop()], { verbose, reply });
  }

  @Get(['readyz', 'api/v1/health/readyz', 'api/v1/health/ready'])
  @ApiOperation({ summary: 'PostgreSQL answers, its migrations are done, and no shutdown has begun' })
  ready(@Query('verbose') verbose: string | undefined, @Res() reply: Reply): Promise<void> {
    const checks = [() => this.service.accepting(), () => this.service.migrations(), () => this.service.database()];
    return this.answer('readyz', checks, { verbose, reply });
  }

  @Get(['startupz', 'api/v1/health/startupz', 'api/v1/health/startup'])
  @ApiOperation({ summary: 'The first start is over: PostgreSQL was reached and migrated' })
  startup(@Query('verbose') verbose: string | undefined, @Res() reply: Reply): Promise<void> {
    return this.answer('startupz', [() => this.service.migrations()], { verbose, reply });
  }

  @Get('healthz/freshness')
  @ApiOperation({ summary: 'Every core dataset is fresh enough; for monitors, never for kubelet' })
  freshness(@Query('verbose') verbose: string | undefined, @Res() reply: Reply): Promise<void> {
    return this.answer('freshness', [() => this.trust.freshness()], { verbose, reply });
  }

  private async answer(
    name: string,
    checks: HealthIndicatorFunction[],
    { verbose, reply }: { verbose: string | undefined; reply: Reply },
  ): Promise<void> {
    const result = await checkAll(this.health, checks);
    const isUp = result.status === 'ok';
    reply.code(isUp ? 200 : 503).header('cache-control', 'no-store');
    if (!isUp) reply.header('retry-after', String(RETRY_SECONDS));
    if (verbose === undefined) reply.send(result);
    else reply.header('content-type', 'text/plain; charset=utf-8').send(asText(name, result));
  }
}

function asText(name: string, result: HealthCheckResult): string {
  const lines = Object.entries(result.details).map(([check, { status, message }]) => {
    const reason = typeof message === 'string' ? `: ${message}` : '';
    return status === 'up' ? `[+]${check} ok` : `[-]${check} failed${reason}`;
  });
  return [...lines, `${name} check ${result.status === 'ok' ? 'passed' : 'failed'}`, ''].join('\n');
}
