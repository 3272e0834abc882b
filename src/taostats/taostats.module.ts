import { HttpModule } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { CacheModule } from '../cache';
import { Settings } from '../config';
import { DatabaseModule } from '../database';
import { AttemptLimiter } from './pace/attempt-limiter.service';
import { TaostatsClient } from './taostats-client.service';
import { httpOptions } from './transport/http-options';
import { TaostatsTransport } from './transport/taostats-transport.service';
import { UpstreamStatus } from './upstream-status.service';

/** The only code that knows TaoStats. */
@Module({
  imports: [HttpModule.registerAsync({ inject: [Settings], useFactory: httpOptions }), DatabaseModule, CacheModule],
  providers: [TaostatsClient, TaostatsTransport, AttemptLimiter, UpstreamStatus],
  exports: [TaostatsClient],
})
export class TaostatsModule {}
