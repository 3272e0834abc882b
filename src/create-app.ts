import fastifyHelmet from '@fastify/helmet';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { Logger } from 'pino';
import { AppModule } from './app.module';
import { ProblemFilter } from './common';
import type { Environment } from './config';
import { NestLogger } from './nest-logger';

const BODY_LIMIT_BYTES = 16 * 1024;
/** A request that has not arrived whole by then is cut: slow senders must not hold sockets. */
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
const PROBES = /^(\/api\/v1\/health)?\/(livez|readyz|startupz)\b/;

/** The whole application, not yet listening. Used by `main` and, with their own environment, by the end-to-end tests. */
export async function createApp(environment: Environment, logger: Logger): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: false,
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.register(environment), adapter, {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  app.getHttpServer().headersTimeout = HEADERS_TIMEOUT_MS;
  app.useGlobalFilters(new ProblemFilter());
  await app.register(fastifyHelmet, { contentSecurityPolicy: { directives: CONTENT_SECURITY_POLICY } });
  logRequests(app, logger);
  setUpOpenApi(app);
  return app;
}

/** Nothing but our own origin; Swagger UI needs inline styles and data images, and no inline script. */
const CONTENT_SECURITY_POLICY = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  objectSrc: ["'none'"],
  frameAncestors: ["'none'"],
  upgradeInsecureRequests: null,
};

/** One slim line per request: a full request and response line would cost a third of the throughput. */
function logRequests(app: NestFastifyApplication, logger: Logger): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onResponse', (request, reply, done) => {
      const path = request.url.split('?')[0] ?? '/';
      if (!PROBES.test(path)) {
        const durationMs = Math.round(reply.elapsedTime * 10) / 10;
        logger.info({ method: request.method, path, status: reply.statusCode, duration_ms: durationMs }, 'request');
      }
      done();
    });
}

function setUpOpenApi(app: NestFastifyApplication): void {
  const document = new DocumentBuilder()
    .setTitle('TAO Treasury')
    .setDescription('Bittensor data with its age and its trust. Amounts are decimal strings, times are UTC.')
    .setVersion('1')
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, document), {
    jsonDocumentUrl: 'openapi.json',
  });
}
