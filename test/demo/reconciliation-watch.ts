import { getJson } from './get-json';
import type { Progress } from './progress';

const POLL_MS = 2_000;

interface Latest {
  data: {
    verdict: string;
    reason: string | null;
    checks: { check: string; verdict: string; passed: number; failed: number }[];
  };
}

/** Waits for the first reconciliation, and says what it found. */
export async function watchReconciliation(base: string, progress: Progress): Promise<void> {
  for (;;) {
    const latest = await getJson<Latest>(`${base}/api/v1/reconciliation/latest`);
    if (latest !== null) return progress.step(describe(latest.data));
    await new Promise((wake) => setTimeout(wake, POLL_MS));
  }
}

function describe({ verdict, reason, checks }: Latest['data']): string {
  const passed = checks.reduce((sum, check) => sum + check.passed, 0);
  const made = checks.reduce((sum, check) => sum + check.passed + check.failed, 0);
  const why = reason === null ? '' : `, ${reason}`;
  return `reconciled with a second reading: ${verdict}${why} (${passed} of ${made} comparisons in ${checks.length} checks)`;
}
