import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { AccessGate, type GateRequest } from './access';
import { ProblemFilter } from './common';
import { Settings } from './config';
import { buildAdapter, HTTP_LIMITS, type HttpLimits } from './http-server';
import { NestLogger } from './nest-logger';
import { securityHeaders } from './security-headers';

const PROBES = /^(\/api\/v1\/health)?\/(livez|readyz|startupz)\b/;

export interface HttpOptions {
  logger: Logger;
  trustedProxyHops: number;
  /** Instead of `HTTP_LIMITS`, one by one. */
  limits?: Partial<HttpLimits>;
}

/** `root` behind everything that stands between a socket and a controller: limits, headers, access, errors, request log. */
export async function buildHttpApplication(
  root: DynamicModule,
  { logger, trustedProxyHops, limits = {} }: HttpOptions,
): Promise<NestFastifyApplication> {
  const adapter = buildAdapter({ ...HTTP_LIMITS, ...limits }, trustedProxyHops);
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  app.useGlobalFilters(new ProblemFilter());
  allowOrigins(app);
  guard(app);
  logRequests(app, logger);
  return app;
}

/** Lets the pages of CORS_ORIGINS read answers; without any, no browser lets a foreign page see one. */
function allowOrigins(app: NestFastifyApplication): void {
  const origin = app.get(Settings).corsOrigins;
  if (origin.length === 0) return;
  app.enableCors({
    origin,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'if-none-match', 'x-request-id'],
    exposedHeaders: ['etag', 'retry-after', 'location', 'link', 'x-data-as-of', 'x-data-trust', 'x-request-id'],
    maxAge: 600,
  });
}

/** Before routing's handlers and before a body is read: headers of every answer, and whether the request may go on. */
function guard(app: NestFastifyApplication): void {
  const gate = app.get(AccessGate);
  const headers = securityHeaders();
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, reply, done) => {
      reply.headers(headers).header('x-request-id', request.id);
      try {
        gate.check(request as GateRequest, reply);
        done();
      } catch (error) {
        done(error as Error);
      }
    });
}

/** One slim line per request: a full request and response line would cost a third of the throughput. */
function logRequests(app: NestFastifyApplication, logger: Logger): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onResponse', (request, reply, done) => {
      const path = request.url.split('?')[0] ?? '/';
      if (!PROBES.test(path)) {
        const durationMs = Math.round(reply.elapsedTime * 10) / 10;
        const { caller } = request as GateRequest;
        logger.info(
          {
            request_id: request.id,
            method: request.method,
            path,
            status: reply.statusCode,
            duration_ms: durationMs,
            ...(caller === undefined ? {} : { caller: caller.label }),
          },
          'request',
        );
      }
      done();
    });
}
