import { isLoopback } from './setting-checks';
import type { Settings } from './settings';

/** Which parts this process runs on; shown in health, the trust pack and on the page. */
export interface Mode {
  database: 'embedded' | 'external';
  cache: 'memory' | 'redis';
  upstream: 'taostats' | 'simulator';
}

export function modeOf(settings: Settings): Mode {
  return {
    database: settings.databaseUrl === undefined ? 'embedded' : 'external',
    cache: settings.redisUrl === undefined ? 'memory' : 'redis',
    upstream: isLoopback(new URL(settings.taostatsBaseUrl).hostname) ? 'simulator' : 'taostats',
  };
}
