export { cacheKey, type CacheKeyParts } from './cache-key';
export { probeRedis } from './probe-redis';
export { CacheModule } from './cache.module';
export {
  ReadThroughCache,
  type Cached,
  type CacheRead,
  type CacheState,
  type StaleUse,
} from './read-through-cache.service';
export type { Stamped } from './stamped';
