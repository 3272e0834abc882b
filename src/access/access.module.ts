import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { getOptionsToken, getStorageToken } from '@nestjs/throttler';
import { DatabaseModule } from '../database';
import { AccessGate } from './access-gate.service';
import { CallerLimits } from './caller-limits.service';
import { CallerThrottlerGuard, throttlerOptions } from './caller-throttler.guard';
import { ClientCounts } from './client-counts.service';

/** Who may do what, and how often: tokens with scopes, refusal of foreign pages, limits per caller over all replicas. */
@Module({
  imports: [DatabaseModule.register()],
  providers: [
    ClientCounts,
    CallerLimits,
    AccessGate,
    { provide: getOptionsToken(), inject: [CallerLimits, ClientCounts], useFactory: throttlerOptions },
    { provide: getStorageToken(), useExisting: ClientCounts },
    { provide: APP_GUARD, useClass: CallerThrottlerGuard },
  ],
  exports: [AccessGate],
})
export class AccessModule {}
