import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ConfigModule as NestConfigModule, ConfigService } from '@nestjs/config';
import { CLOCK, SystemClock } from '../common';
import { type Environment, loadSettings } from './load-settings';
import { Settings } from './settings';

const SETTINGS_KEY = 'settings';

/** Supplies the checked `Settings`, feature flags included, and the process clock to every module. */
@Global()
@Module({})
export class ConfigModule {
  /** Reads `environment` now, so a test can pass its own. Throws `ConfigError`. */
  static register(environment: Environment): DynamicModule {
    const settings = loadSettings(environment);
    return {
      module: ConfigModule,
      imports: [
        NestConfigModule.forRoot({
          ignoreEnvFile: true,
          ignoreEnvVars: true,
          load: [() => ({ [SETTINGS_KEY]: settings })],
        }),
      ],
      providers: [
        {
          provide: Settings,
          inject: [ConfigService],
          useFactory: (config: ConfigService) => config.getOrThrow<Settings>(SETTINGS_KEY),
        },
        { provide: CLOCK, useClass: SystemClock },
      ],
      exports: [Settings, CLOCK],
    };
  }
}
