import type { ComponentChildren } from 'preact';
import type { Beat } from '../api/trust-history';
import type { DatasetView } from '../api/trust-pack';
import { countText, NONE, nameText, shortAddresses, signedText } from '../format/figure';
import { clockText, countdownText, spanText } from '../format/time';
import { Chip } from '../parts/chip';
import { ageSeconds, nowMs } from '../state/clock';
import { requestSync } from '../state/sync';
import { AgeBar } from './age-bar';
import { Beats } from './beats';
import { STATE_WORDS, TRUST_WORDS } from './words';

interface DatasetRowProps {
  name: string;
  dataset: DatasetView;
  beats: readonly Beat[];
}

export function DatasetRow({ name, dataset, beats }: DatasetRowProps) {
  const { word, tone } = STATE_WORDS[dataset.state];
  const trust = TRUST_WORDS[dataset.trust];
  return (
    <tr role="row">
      <th role="rowheader" scope="row" class="name">
        <span>{nameText(name)}</span>
        <Chip tone={tone}>{word}</Chip>
        {dataset.trust !== 'ok' && dataset.trust !== 'unknown' && trust.word !== word && (
          <Chip tone={trust.tone}>{trust.word}</Chip>
        )}
        <Story dataset={dataset} />
      </th>
      <Cell label="Age and its limits">
        <AgeBar
          ageSeconds={ageSeconds(dataset.as_of)}
          warningSeconds={dataset.warning_seconds}
          criticalSeconds={dataset.critical_seconds}
        />
      </Cell>
      <Cell label="Rows" number>
        {countText(dataset.record_count)}
        {dataset.rows_kept_back > 0 && <small>{dataset.rows_kept_back} kept back</small>}
      </Cell>
      <Cell label="Last change" number>
        <Change dataset={dataset} />
      </Cell>
      <Cell label="Drift">
        {dataset.has_drift ? (
          <Chip tone="warn">{`since ${clockText(dataset.drift_since ?? '', nowMs.value)}`}</Chip>
        ) : (
          <span class="quiet-text">{dataset.last_success_at === null ? NONE : 'none'}</span>
        )}
      </Cell>
      <Cell label="Last 48 runs">
        <Beats dataset={name} beats={beats} />
      </Cell>
      <Cell label="Next run" number>
        <div class="next">
          <Next dataset={dataset} />
          <button
            type="button"
            class="small"
            onClick={() => void requestSync(name)}
            aria-label={`Sync ${nameText(name)}`}
          >
            Sync
          </button>
        </div>
      </Cell>
    </tr>
  );
}

interface CellProps {
  label: string;
  number?: boolean;
  children: ComponentChildren;
}

function Cell({ label, number = false, children }: CellProps) {
  return (
    <td role="cell" data-label={label} class={number ? 'number' : ''}>
      {children}
    </td>
  );
}

/** Why the dataset is not simply on time. */
function Story({ dataset }: { dataset: DatasetView }) {
  const lines: string[] = [];
  const { protected_since, protected_reason, last_error, upstream_at } = dataset;
  if (protected_since !== null) {
    lines.push(
      `Refused since ${clockText(protected_since, nowMs.value)}${protected_reason === null ? '' : `: ${protected_reason}`}`,
    );
    if (dataset.last_success_at !== null)
      lines.push(`Rows shown are of ${clockText(dataset.last_success_at, nowMs.value)}`);
  } else if (dataset.consecutive_failures > 0 && last_error !== null) {
    lines.push(
      `${dataset.consecutive_failures} failed in a row: ${last_error.message ?? last_error.code ?? 'no reason given'}`,
    );
  }
  const upstreamAge = ageSeconds(upstream_at);
  const block = dataset.upstream_block === null ? '' : `block ${countText(Number(dataset.upstream_block))}, `;
  if (upstreamAge !== null) lines.push(`TaoStats data: ${block}${spanText(upstreamAge)} old`);
  return (
    <>
      {lines.map((line) => (
        <small key={line} class="story">
          {shortAddresses(line)}
        </small>
      ))}
    </>
  );
}

function Change({ dataset: { last_run } }: { dataset: DatasetView }) {
  if (last_run === null) return <>{NONE}</>;
  if (last_run.state === 'confirmed') return <span class="quiet-text">same</span>;
  if (last_run.state !== 'applied') return <span class="quiet-text">kept</span>;
  return (
    <>
      {countText(last_run.rows_changed)}
      {last_run.rows_missing > 0 && <small>{signedText(-last_run.rows_missing)} missing</small>}
    </>
  );
}

function Next({ dataset }: { dataset: DatasetView }) {
  if (dataset.open_run !== null) return <span>{dataset.open_run.state === 'running' ? 'running' : 'queued'}</span>;
  const leftSeconds = (Date.parse(dataset.next_due_at) - nowMs.value) / 1000;
  return <span title={dataset.next_due_at}>{leftSeconds <= 0 ? 'due' : countdownText(leftSeconds)}</span>;
}
