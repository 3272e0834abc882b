import type { TrustPack } from '../api/trust-pack';
import { history, pack, runs } from '../state/trust';
import { AlertsPanel } from '../alerts/alerts-panel';
import { BudgetPanel } from './budget-panel';
import { CachePanel } from './cache-panel';
import { DatasetTable } from './dataset-table';
import { EndpointTable } from './endpoint-table';
import { ErrorGroups } from './error-groups';
import { FlagsPanel } from './flags-panel';
import { FreshnessTimeline } from './freshness-timeline';
import { IssueList } from './issue-list';
import { ReconciliationPanel } from './reconciliation-panel';
import { RunHistory } from './run-history';
import { RunSheet } from './run-sheet';
import { StatusBanner } from './status-banner';

/** Is anything wrong, since when, whose fault, was data lost, when does it heal: in this order. */
export function TrustView() {
  const current = pack.value;
  if (current === null) return <p class="empty">Reading the trust pack…</p>;
  return (
    <>
      <StatusBanner pack={current} />
      <div class="stack">
        <DatasetTable pack={current} history={history.value} />
        <IssueList pack={current} />
        <FreshnessTimeline history={history.value} startedAt={startOf(current)} />
        <div class="columns">
          <div class="stack">
            <EndpointTable pack={current} />
            <AlertsPanel />
            <ErrorGroups pack={current} />
            <ReconciliationPanel />
            <RunHistory runs={runs.value} asOf={current.generated_at} />
          </div>
          <div class="stack">
            <BudgetPanel pack={current} />
            <CachePanel pack={current} />
            <FlagsPanel pack={current} />
          </div>
        </div>
      </div>
      <RunSheet history={history.value} />
    </>
  );
}

/** To the second: the same text until the process that answered is another one. */
function startOf({ generated_at, uptime_seconds }: TrustPack): string {
  return new Date(Math.round(Date.parse(generated_at) / 1000 - uptime_seconds) * 1000).toISOString();
}
