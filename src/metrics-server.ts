import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { AccessGate, type GateRequest } from './access';
import { NotFoundError, toProblem } from './common';
import { Settings } from './config';
import { buildAdapter, HTTP_LIMITS } from './http-server';
import { PrometheusMetrics } from './metrics';

type HttpServer = ReturnType<typeof newServer>;

/**
 * `/metrics` on METRICS_PORT, so that a network policy can let Prometheus at the figures and at nothing else. Behind the
 * same limits and tokens as the main port. Does nothing while METRICS_PORT is 0.
 */
@Injectable()
export class MetricsServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(MetricsServer.name);
  private server: HttpServer | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly prometheus: PrometheusMetrics,
    private readonly gate: AccessGate,
  ) {}

  /** Rejects when the port is taken: a service that cannot be watched should not look as if it could. */
  async onApplicationBootstrap(): Promise<void> {
    const { host, metricsPort, trustedProxyHops } = this.settings;
    if (metricsPort === 0) return;
    this.server = this.build(newServer(trustedProxyHops));
    const url = await this.server.listen({ host, port: metricsPort });
    this.logger.log(`metrics are served at ${url}/metrics`);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.server?.close();
  }

  private build(server: HttpServer): HttpServer {
    server.addHook('onRequest', (request, reply, done) => {
      try {
        this.gate.check(request as GateRequest, reply);
        done();
      } catch (error) {
        done(error as Error);
      }
    });
    server.setNotFoundHandler(() => {
      throw new NotFoundError('http/no-such-route', 'url', 'Only /metrics is served on this port.');
    });
    server.setErrorHandler((error, request, reply) => {
      const problem = toProblem(error, request);
      if (problem.retry_after_seconds !== undefined) reply.header('retry-after', String(problem.retry_after_seconds));
      return reply
        .code(problem.status)
        .header('content-type', 'application/problem+json; charset=utf-8')
        .header('cache-control', 'no-store')
        .send(JSON.stringify(problem));
    });
    server.get('/metrics', async (_request, reply) =>
      reply
        .header('content-type', this.prometheus.registry.contentType)
        .header('cache-control', 'no-store')
        .send(await this.prometheus.registry.metrics()),
    );
    return server;
  }
}

function newServer(trustedProxyHops: number) {
  return buildAdapter(HTTP_LIMITS, trustedProxyHops).getInstance();
}
