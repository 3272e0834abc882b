import { builtMain } from './build';
import { type BenchChild, startChild } from './child';

interface TrustPack {
  datasets: Record<string, { is_core: boolean; last_success_at: string | null }>;
}

export interface ServiceUpstream {
  databaseUrl: string;
  upstreamUrl: string;
}

/** What the service needs to know; all else is as it comes. */
export function serviceEnvironment({ databaseUrl, upstreamUrl }: ServiceUpstream): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    TAOSTATS_API_KEY: 'tao-bench-key:00000000',
    TAOSTATS_BASE_URL: upstreamUrl,
    ALLOW_INSECURE_UPSTREAM: 'true',
    TAOSTATS_RATE_LIMIT_PER_MINUTE: '600',
  };
}

/** The whole service in a process of its own, after its core datasets have been applied. */
export async function startService(upstream: ServiceUpstream, more: Record<string, string> = {}): Promise<BenchChild> {
  const child = await startChild(builtMain(), { ...serviceEnvironment(upstream), ...more }, '/readyz');
  try {
    await child.until<TrustPack>('/api/v1/trust-pack', ({ datasets }) => {
      const core = Object.values(datasets).filter(({ is_core }) => is_core);
      return core.length > 0 && core.every(({ last_success_at }) => last_success_at !== null);
    });
  } catch (error) {
    await child.stop();
    throw error;
  }
  return child;
}
