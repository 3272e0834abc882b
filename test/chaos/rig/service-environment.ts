import type { Redis } from '../../support/redis-server';
import type { TcpRelay } from '../../support/tcp-relay';
import type { MovedTime } from './moved-time';
import type { TlsFront } from './tls-front';

/** Requests a minute that the upstream allows and the service is configured for: L of the invariants. */
export const LIMIT_PER_MINUTE = 60;
/** The service's regular looks come this many times as often, so that two of them need a second. */
const INTERVAL_DIVISOR = 4;
interface EnvironmentParts {
  secret: string;
  time: MovedTime;
  database: { url: string };
  front: TlsFront | null;
  upstream: TcpRelay;
  redis: Redis | null;
}

/** Short limits, so that what has to run out does so quickly; everything else as in production. */
export function environmentOf(parts: EnvironmentParts): Record<string, string> {
  const { secret, time, database, front, upstream, redis } = parts;
  const scheme = front === null ? 'http' : 'https';
  return {
    NODE_OPTIONS: `-r @swc-node/register -r ${require.resolve('./process-clock.ts')}`,
    ...(front === null ? {} : { NODE_EXTRA_CA_CERTS: front.issuerFile }),
    CHAOS_CONTROL: time.controlFile,
    CHAOS_INTERVAL_DIVISOR: String(INTERVAL_DIVISOR),
    TAOSTATS_API_KEY: secret,
    TAOSTATS_BASE_URL: `${scheme}://localhost:${upstream.port}`,
    ALLOW_INSECURE_UPSTREAM: 'true',
    TAOSTATS_RATE_LIMIT_PER_MINUTE: String(LIMIT_PER_MINUTE),
    SYNC_REQUEST_INTERVAL_SECONDS: '0',
    API_CONNECT_TIMEOUT_SECONDS: '2',
    // More than a machine that is busy needs for an answer.
    API_READ_TIMEOUT_SECONDS: '10',
    API_MAX_RETRIES: '1',
    API_INITIAL_BACKOFF_SECONDS: '0.05',
    API_MAX_BACKOFF_SECONDS: '0.1',
    // A pause is never slept through inside a run, so that the rig can let it pass.
    RETRY_AFTER_MAX_WAIT_SECONDS: '0',
    DATABASE_URL: withShortPatience(database.url),
    ...(redis === null ? {} : { REDIS_URL: redis.url }),
    LOG_LEVEL: 'debug',
  };
}

/** The server ends a transaction that stands idle after seconds instead of half a minute. */
function withShortPatience(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.searchParams.set('idle_in_transaction_session_timeout', '5000');
  return url.href;
}
