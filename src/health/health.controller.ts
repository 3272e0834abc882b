import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { HealthCheckService } from '@nestjs/terminus';
import { Settings } from '../config';
import { checkAll } from './check-all';
import { isDataStale } from './data-stale';
import type { Reply } from './reply';
import { ServiceIndicators } from './service-indicators';
import { TrustIndicators } from './trust-indicators';
import { type PreparedPack, TrustSnapshot } from './trust-snapshot.service';

/** Ready to send. */
interface PreparedHealth {
  status: number;
  body: Buffer;
}

@ApiTags('trust')
@Controller('api/v1/health')
export class HealthController {
  private prepared: { of: PreparedPack; answer: Promise<PreparedHealth> } | null = null;

  constructor(
    private readonly health: HealthCheckService,
    private readonly service: ServiceIndicators,
    private readonly trust: TrustIndicators,
    private readonly snapshot: TrustSnapshot,
    private readonly settings: Settings,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Status in short: components, mode, and whether the data is stale' })
  @ApiOkResponse({ description: 'Healthy, degraded or critical: `status` says which' })
  @ApiServiceUnavailableResponse({ description: 'The same body; PostgreSQL is away, so nothing new can be served' })
  async read(@Res() reply: Reply): Promise<void> {
    const { status, body } = await this.current();
    reply
      .code(status)
      .header('cache-control', 'no-store')
      .header('content-type', 'application/json; charset=utf-8')
      .send(body);
  }

  /** One answer for a pack, so that it is never older than one; whoever asks meanwhile shares it. */
  private current(): Promise<PreparedHealth> {
    const of = this.snapshot.current();
    if (this.prepared?.of === of) return this.prepared.answer;
    const answer = this.prepare().catch((error: unknown) => {
      this.prepared = null;
      throw error;
    });
    this.prepared = { of, answer };
    return answer;
  }

  private async prepare(): Promise<PreparedHealth> {
    const { details } = await checkAll(this.health, [
      () => this.service.database(),
      () => this.service.migrations(),
      () => this.service.eventLoop(),
      () => this.trust.cache(),
      () => this.trust.upstream(),
      () => this.trust.scheduler(),
    ]);
    const { pack } = this.snapshot.current();
    const canServe = details['database']?.status === 'up';
    const body = {
      status: canServe ? pack.overall_health.status : 'critical',
      data_stale: isDataStale(Object.values(pack.datasets), this.settings),
      trust: pack.overall_health.trust,
      summary: pack.overall_health.summary,
      components: details,
      mode: pack.mode,
      simulated: pack.simulated,
      version: pack.version,
      uptime_seconds: pack.uptime_seconds,
      generated_at: pack.generated_at,
      issues: pack.overall_health.issues.length,
      reconciliation: pack.reconciliation,
    };
    return { status: canServe ? 200 : 503, body: Buffer.from(JSON.stringify(body)) };
  }
}
