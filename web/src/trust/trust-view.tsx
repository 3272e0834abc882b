import { history, pack, runs } from '../state/trust';
import { BudgetPanel } from './budget-panel';
import { CachePanel } from './cache-panel';
import { DatasetTable } from './dataset-table';
import { EndpointTable } from './endpoint-table';
import { ErrorGroups } from './error-groups';
import { FlagsPanel } from './flags-panel';
import { FreshnessTimeline } from './freshness-timeline';
import { IssueList } from './issue-list';
import { RunHistory } from './run-history';
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
        <FreshnessTimeline history={history.value} />
        <div class="columns">
          <div class="stack">
            <EndpointTable pack={current} />
            <ErrorGroups pack={current} />
            <RunHistory runs={runs.value} asOf={current.generated_at} />
          </div>
          <div class="stack">
            <BudgetPanel pack={current} />
            <CachePanel pack={current} />
            <FlagsPanel pack={current} />
          </div>
        </div>
      </div>
    </>
  );
}
