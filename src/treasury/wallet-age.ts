import { agesOf, trustOf } from '../analysis';
import { type DataSourceAge, worstTrust } from '../common';
import type { Settings } from '../config';
import type { DatedDatasets, EventProgress, WalletStanding, WalletState } from '../database';

/**
 * Age and trust of what one dataset knows of one wallet: that of the wallet's own last good answer, which other wallets
 * do not make better.
 */
export function walletAgeOf(
  dataset: string,
  state: WalletState | undefined,
  { now, states }: DatedDatasets,
  settings: Settings,
): DataSourceAge {
  const whole = states.get(dataset);
  if (state === undefined || whole === undefined) {
    return { dataset, trust: 'unknown', asOf: null, ageSeconds: null, runId: null };
  }
  const { trust, asOf, ageSeconds } = trustOf(
    {
      intervalSeconds: whole.intervalSeconds,
      lastSuccessAt: state.lastSuccessAt,
      upstreamAt: state.upstreamAt,
      protectedSince: state.state === 'protected' ? state.lastAttemptAt : null,
      hasDrift: whole.hasDrift,
    },
    settings,
    now,
  );
  return { dataset, trust, asOf, ageSeconds, runId: whole.appliedRunId };
}

/** Age of a dataset over the wallets that are asked for: the oldest and the worst of theirs. */
export function ageOverWallets(
  dataset: string,
  wallets: readonly WalletStanding[],
  dated: DatedDatasets,
  settings: Settings,
): DataSourceAge[] {
  const [first, ...others] = wallets.map(({ states }) =>
    walletAgeOf(
      dataset,
      states.find((state) => state.dataset === dataset),
      dated,
      settings,
    ),
  );
  if (first === undefined) return agesOf([dataset], dated, settings);
  const oldest = others.reduce((old, age) => (isOlder(age, old) ? age : old), first);
  return [{ ...oldest, trust: worstTrust([first, ...others].map((age) => age.trust)) }];
}

/** Age of a dataset of events. A wallet whose events were never read may have any: nothing is known then. */
export function ageOfEvents(
  dataset: string,
  { addresses, events }: { addresses: readonly string[]; events: readonly EventProgress[] },
  dated: DatedDatasets,
  settings: Settings,
): DataSourceAge[] {
  const wasRead = (address: string): boolean =>
    events.some(({ cursor }) => cursor.dataset === dataset && cursor.wallet === address);
  if (addresses.every(wasRead)) return agesOf([dataset], dated, settings);
  return [{ dataset, trust: 'unknown', asOf: null, ageSeconds: null, runId: null }];
}

function isOlder(age: DataSourceAge, than: DataSourceAge): boolean {
  if (than.ageSeconds === null) return false;
  return age.ageSeconds === null || age.ageSeconds > than.ageSeconds;
}
