import { Validate } from 'class-validator';
import { AuthTokens, DatabaseUrl, Origins, RedisUrl } from './setting-checks';
import { Choice, Integer, List, OptionalText, SecretList, Text } from './variable';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Where the service listens, whom it lets in, and what it keeps its data and logs in. */
export class ServerSettings {
  @Text('HOST', '127.0.0.1', 'an address of this machine', 'Address that the HTTP server binds to.')
  host!: string;

  @Integer('PORT', 8050, { min: 0, max: 65535 }, 'Port of the HTTP server; 0 takes a free one.')
  port!: number;

  @Integer(
    'METRICS_PORT',
    0,
    { min: 0, max: 65535 },
    'Port of its own for /metrics, on the same HOST; 0 serves it on PORT.',
  )
  metricsPort!: number;

  @SecretList(
    'AUTH_TOKENS',
    'comma-separated scope:sha256 or scope:sha256:label, scope read, sync or admin, sha256 in lower-case hex',
    'Tokens that callers must show, as hashes; without any, only a loopback HOST is permitted.',
  )
  @Validate(AuthTokens)
  authTokens!: string[];

  @List('CORS_ORIGINS', 'comma-separated origins, https://host[:port]', 'Origins whose pages may call the API.')
  @Validate(Origins)
  corsOrigins!: string[];

  @Integer(
    'TRUSTED_PROXY_HOPS',
    0,
    { min: 0, max: 10 },
    'Proxies in front whose X-Forwarded-For is believed; 0 believes none.',
  )
  trustedProxyHops!: number;

  @Integer(
    'CLIENT_REQUESTS_PER_MINUTE',
    600,
    { min: 0, max: 1_000_000 },
    'Reads a minute that one token or address may send, over all replicas; 0 sets no limit.',
  )
  clientRequestsPerMinute!: number;

  @Integer(
    'CLIENT_CHANGES_PER_MINUTE',
    60,
    { min: 0, max: 1_000_000 },
    'Changes (POST, PUT, DELETE) a minute that one token or address may send; 0 sets no limit.',
  )
  clientChangesPerMinute!: number;

  @OptionalText(
    'DATABASE_URL',
    { range: 'postgres://user:password@host:5432/name', secret: true },
    'PostgreSQL to use; without it the service starts its own embedded server.',
  )
  @Validate(DatabaseUrl)
  databaseUrl?: string;

  @Text('DATA_DIR', './data', 'a writable directory', 'Where the embedded PostgreSQL keeps its data.')
  dataDir!: string;

  @OptionalText(
    'REDIS_URL',
    { range: 'redis://[:password@]host:6379[/n]', secret: true },
    'Redis for the cache; without it the cache lives in memory.',
  )
  @Validate(RedisUrl)
  redisUrl?: string;

  @OptionalText('LOG_DIR', { range: 'a writable directory' }, 'Directory that receives the log as *.log beside stdout.')
  logDir?: string;

  @Choice('LOG_LEVEL', 'info', LOG_LEVELS, 'Least severe level that is logged.')
  logLevel!: string;
}
