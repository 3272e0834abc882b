import { type AddressInfo, connect, type Socket } from 'node:net';
import { Body, Controller, type DynamicModule, Get, HttpCode, Param, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AccessModule, makeToken } from '../../src/access';
import { AppError, createLogger, RequiresScope } from '../../src/common';
import { CacheModule } from '../../src/cache';
import { ConfigModule } from '../../src/config';
import { DatabaseModule } from '../../src/database';
import { HealthModule } from '../../src/health';
import { buildHttpApplication } from '../../src/http-application';
import { MetricsModule } from '../../src/metrics';
import { TaostatsModule } from '../../src/taostats';
import type { HttpLimits } from '../../src/http-server';
import { createTestDatabase, type TestDatabase } from './test-database';

/** One token for each scope, as their owners hold them. */
export const TOKENS = {
  read: makeToken('read', 'board'),
  sync: makeToken('sync', 'cron'),
  admin: makeToken('admin', 'ops'),
};
export const AUTH_TOKENS = Object.values(TOKENS)
  .map((made) => made.entry)
  .join(',');

/** Stands in for the sync triggers and for anything that fails. */
@Controller('api/v1')
class SampleController {
  @Post('tasks/sync')
  @HttpCode(202)
  sync(@Body() body: unknown): unknown {
    return { body };
  }

  @Get('failing/:status')
  fail(@Param('status') status: string): never {
    if (status === 'unknown') throw new Error(`postgres://app:canary-password@db/x ${TOKENS.admin.token}`);
    throw new AppError('sample/failing', 'It failed', { status: Number(status) });
  }

  @Post('open')
  @RequiresScope('open')
  open(): string {
    return 'open';
  }
}

function rootModule(environment: Record<string, string>): DynamicModule {
  return {
    module: class Root {},
    imports: [
      ConfigModule.register(environment),
      MetricsModule,
      DatabaseModule.register(),
      CacheModule,
      TaostatsModule,
      AccessModule,
      HealthModule,
    ],
    controllers: [SampleController],
  };
}

export interface AppOptions {
  environment?: Record<string, string>;
  limits?: Partial<HttpLimits>;
  /** A second replica on the same database. */
  database?: TestDatabase;
}

/** The application without its scheduler, in this process, on a free port, with TaoStats out of reach. */
export class AccessApp {
  private constructor(
    readonly database: TestDatabase,
    private readonly app: NestFastifyApplication,
    readonly port: number,
    readonly logLines: string[],
  ) {}

  static async start({ environment = {}, limits = {}, database }: AppOptions = {}): Promise<AccessApp> {
    const own = database ?? (await createTestDatabase());
    const logLines: string[] = [];
    const stdout = { write: (line: string) => logLines.push(line) };
    const logger = createLogger({ level: 'info', directory: undefined, stdout });
    const root = rootModule({
      TAOSTATS_API_KEY: 'tao-test-key:00000000',
      TAOSTATS_BASE_URL: 'http://127.0.0.1:1',
      ALLOW_INSECURE_UPSTREAM: 'true',
      DATABASE_URL: own.url,
      ...environment,
    });
    const trustedProxyHops = Number(environment['TRUSTED_PROXY_HOPS'] ?? 0);
    const app = await buildHttpApplication(root, { logger, limits, trustedProxyHops });
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    return new AccessApp(own, app, port, logLines);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(this.url + path, init);
  }

  /** As the holder of one of TOKENS. */
  as(scope: keyof typeof TOKENS, path: string, init: RequestInit = {}): Promise<Response> {
    return this.fetch(path, { ...init, headers: { authorization: `Bearer ${TOKENS[scope].token}`, ...init.headers } });
  }

  connect(): Socket {
    return connect(this.port, '127.0.0.1');
  }

  /** Sends `text` as it is and resolves to everything that comes back until the server closes. */
  raw(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = this.connect();
      let answer = '';
      socket.setEncoding('utf8').on('data', (part: string) => (answer += part));
      socket.on('close', () => resolve(answer)).on('error', reject);
      socket.write(text);
    });
  }

  async stop({ keepDatabase = false } = {}): Promise<void> {
    await this.app.close();
    if (!keepDatabase) await this.database.drop();
  }
}
