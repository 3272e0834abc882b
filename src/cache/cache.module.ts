import { Module } from '@nestjs/common';
import { CLOCK, type Clock } from '../common';
import { Settings } from '../config';
import { CacheMetrics } from '../metrics';
import { MemoryEntries } from './memory-entries';
import { ReadThroughCache } from './read-through-cache.service';
import { RedisEntries } from './redis-entries';

/** The cache: Redis with a spare in memory when REDIS_URL is set, else memory alone. */
@Module({
  providers: [
    {
      provide: ReadThroughCache,
      inject: [Settings, CacheMetrics, CLOCK],
      useFactory: ({ redisUrl }: Settings, metrics: CacheMetrics, clock: Clock) =>
        redisUrl === undefined
          ? new ReadThroughCache(new MemoryEntries(), null, metrics, clock)
          : new ReadThroughCache(new RedisEntries(redisUrl, clock), new MemoryEntries(), metrics, clock),
    },
  ],
  exports: [ReadThroughCache],
})
export class CacheModule {}
