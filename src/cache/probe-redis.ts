import { createClient } from 'redis';

const LIMIT_MS = 2_000;

/** Milliseconds that the Redis at `url` takes to answer a PING. Rejects when it does not answer within two seconds. */
export async function probeRedis(url: string): Promise<number> {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: LIMIT_MS, reconnectStrategy: false },
  });
  // Unheard, an error event would end the process; `connect` rejects with the same.
  client.on('error', () => undefined);
  const limit = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`no answer within ${LIMIT_MS / 1000} s`)), LIMIT_MS).unref();
  });
  try {
    await Promise.race([client.connect(), limit]);
    const askedAtMs = performance.now();
    await Promise.race([client.ping(), limit]);
    return performance.now() - askedAtMs;
  } finally {
    if (client.isOpen) await client.disconnect().catch(() => undefined);
  }
}
