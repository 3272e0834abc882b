import { useState } from 'preact/hooks';
import type { TrustHistory } from '../api/trust-history';
import type { DatasetView, TrustPack } from '../api/trust-pack';
import { Panel } from '../parts/panel';
import { DatasetRow } from './dataset-row';

/**
 * Datasets that want somebody come first. Only what lasts counts, not that a run is at work: a row that jumps with every
 * sync cannot be pressed.
 */
function rankOf({ state, level, protected_since, last_success_at }: DatasetView): number {
  if (state === 'action_required') return 0;
  if (state === 'error' || level === 'critical') return 1;
  if (state === 'late' || level === 'warning') return 2;
  if (protected_since !== null) return 3;
  return last_success_at === null ? 4 : 5;
}

/** Fewer datasets than this are found by looking. */
const FIND_FROM = 6;

export function DatasetTable({ pack, history }: { pack: TrustPack; history: TrustHistory | null }) {
  const [find, setFind] = useState('');
  const rows = Object.entries(pack.datasets)
    .filter(([name]) => name.includes(find.trim().toLowerCase().replaceAll(' ', '_')))
    .sort(([a, x], [b, y]) => rankOf(x) - rankOf(y) || a.localeCompare(b));
  const finder =
    Object.keys(pack.datasets).length < FIND_FROM ? undefined : (
      <input
        type="search"
        data-find
        aria-label="Find a dataset"
        placeholder="Find a dataset"
        value={find}
        onInput={(event) => setFind(event.currentTarget.value)}
      />
    );
  return (
    <Panel id="datasets" title="Datasets" asOf={pack.generated_at} tools={finder}>
      <table class="cards datasets" role="table">
        <thead role="rowgroup">
          <tr role="row">
            {['Dataset', 'Age and its limits', 'Rows', 'Last change', 'Drift', 'Last 48 runs', 'Next run'].map(
              (title) => (
                <th key={title} role="columnheader" scope="col">
                  {title}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map(([name, dataset]) => (
            <DatasetRow key={name} name={name} dataset={dataset} beats={history?.datasets[name]?.beats ?? []} />
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p class="empty">No dataset {find === '' ? 'is known yet.' : `is called “${find}”.`}</p>}
    </Panel>
  );
}
