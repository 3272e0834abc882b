import { getJson } from './get-json';
import type { Progress } from './progress';

const POLL_MS = 2_000;
const HISTORIES = ['position_history', 'account_history'];

interface Wallets {
  data: { history: Record<string, { state: string; calls: number } | undefined> }[];
}

interface TrustPack {
  api_health: { total_calls: number };
  datasets: Record<string, { record_count: number } | undefined>;
}

/** Waits until the wallets' past is filled in, and says what it took. */
export async function watchHistory(base: string, progress: Progress): Promise<void> {
  for (;;) {
    const wallets = await getJson<Wallets>(`${base}/api/v1/wallets`);
    if (wallets !== null && wallets.data.length > 0 && wallets.data.every(isFilledIn)) {
      const pack = await getJson<TrustPack>(`${base}/api/v1/trust-pack`);
      if (pack !== null) return progress.step(describe(wallets, pack));
    }
    await new Promise((wake) => setTimeout(wake, POLL_MS));
  }
}

function isFilledIn({ history }: Wallets['data'][number]): boolean {
  return HISTORIES.every((name) => history[name]?.state === 'complete');
}

function describe({ data }: Wallets, { api_health, datasets }: TrustPack): string {
  const past = data.flatMap(({ history }) => HISTORIES.map((name) => history[name]?.calls ?? 0));
  const positions = datasets['positions']?.record_count ?? 0;
  return (
    `a year of daily history is filled in for ${data.length} wallets with ${positions} positions: ` +
    `${past.reduce((sum, calls) => sum + calls, 0)} upstream calls, ${api_health.total_calls} with all others since the start`
  );
}
