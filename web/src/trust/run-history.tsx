import { isOpen, type Run } from '../api/run';
import { countText, nameText, shortAddresses } from '../format/figure';
import { clockText, durationText, spanText } from '../format/time';
import { Chip } from '../parts/chip';
import { Panel } from '../parts/panel';
import { ageSeconds, nowMs } from '../state/clock';
import { failedOnly, loadLedger } from '../state/trust';
import { runTone } from './words';

/** The ledger, newest first; each run opens on its phases and its reason. */
export function RunHistory({ runs, asOf }: { runs: Run[] | null; asOf: string }) {
  const filter = (
    <label class="check">
      <input
        type="checkbox"
        checked={failedOnly.value}
        onChange={(event) => {
          failedOnly.value = event.currentTarget.checked;
          void loadLedger();
        }}
      />
      failed only
    </label>
  );
  return (
    <Panel id="runs" title="Runs" asOf={asOf} tools={filter}>
      {runs === null || runs.length === 0 ? (
        <p class="empty">{failedOnly.value ? 'No run has failed.' : 'No run yet.'}</p>
      ) : (
        <div class="runs scroll-y" tabIndex={0} role="region" aria-label="Runs, newest first">
          {runs.map((run) => (
            <RunDetails key={run.id} run={run} />
          ))}
        </div>
      )}
    </Panel>
  );
}

/** One run in one line; opens on why it ended so, what it read and where its time went. */
export function RunDetails({ run, open = false }: { run: Run; open?: boolean }) {
  const took =
    run.started_at === null || run.finished_at === null
      ? null
      : Date.parse(run.finished_at) - Date.parse(run.started_at);
  return (
    <details open={open}>
      <summary>
        <span>{nameText(run.dataset)}</span>
        <Chip tone={runTone(run.state)}>{run.state}</Chip>
        <small class="number">{took === null ? '' : durationText(took)}</small>
        <small class="number">{spanText(ageSeconds(run.started_at ?? run.queued_at) ?? 0)} ago</small>
      </summary>
      {run.reason !== null && (
        <p>
          {shortAddresses(run.reason)} <small>({run.reason_code})</small>
        </p>
      )}
      <p>
        {countText(run.rows_seen)} rows seen, {countText(run.rows_changed)} changed, {countText(run.rows_rejected)}{' '}
        rejected, {countText(run.rows_missing)} missing; {countText(run.calls)} calls, {countText(run.pages)} pages;{' '}
        {run.mode}, asked by {run.trigger}.
      </p>
      <Phases run={run} />
      <p>
        <small>
          queued {clockText(run.queued_at, nowMs.value)}
          {isOpen(run) || run.finished_at === null ? '' : `, ended ${clockText(run.finished_at, nowMs.value)}`},{' '}
          <a href={`/api/v1/runs/${run.id}`}>{run.id}</a>
        </small>
      </p>
    </details>
  );
}

/** Where the time went, in order: each phase begins where the one before ended. */
function Phases({ run }: { run: Run }) {
  const whole = run.phases.reduce((sum, phase) => sum + phase.duration_ms, 0);
  if (run.phases.length === 0) return null;
  let begin = 0;
  return (
    <table class="phases">
      <caption class="spoken">Phases</caption>
      <tbody>
        {run.phases.map((phase, index) => {
          const x = whole === 0 ? 0 : (100 * begin) / whole;
          begin += phase.duration_ms;
          return (
            <tr key={`${index} ${phase.phase}`}>
              <th scope="row">{phase.phase}</th>
              <td>
                <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                  <rect class="track" width="100" height="6" />
                  <rect
                    class="fill"
                    x={x}
                    width={whole === 0 ? 0 : Math.max(0.8, (100 * phase.duration_ms) / whole)}
                    height="6"
                  />
                </svg>
              </td>
              <td class="number">{durationText(phase.duration_ms)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
