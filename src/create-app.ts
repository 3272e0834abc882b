import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { Logger } from 'pino';
import { AppModule } from './app.module';
import { type Environment, loadSettings } from './config';
import { buildHttpApplication } from './http-application';

/** The whole application, not yet listening. Used by `main` and, with their own environment, by the end-to-end tests. */
export async function createApp(environment: Environment, logger: Logger): Promise<NestFastifyApplication> {
  const { trustedProxyHops } = loadSettings(environment);
  const app = await buildHttpApplication(AppModule.register(environment), { logger, trustedProxyHops });
  setUpOpenApi(app);
  return app;
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
