import type { Alert } from '../api/alerts';
import { countText } from '../format/figure';
import { clockText, spanText } from '../format/time';
import { Chip } from '../parts/chip';
import { Panel } from '../parts/panel';
import { alerting, type Alerting, alertOutcome, muteAlert, unmuteAlert } from '../state/alerts';
import { ageSeconds, nowMs } from '../state/clock';
import { SEVERITY_TONES, SEVERITY_WORDS } from '../trust/issue-list';
import { Channels } from './channels';

const MUTES = [
  ['1 h', 60],
  ['8 h', 480],
  ['1 day', 1_440],
  ['1 week', 10_080],
] as const;

/** What stands, who was told of it and when again, and whether messages arrive. */
export function AlertsPanel() {
  const known = alerting.value;
  if (known === null) return null;
  const standing = known.data.filter((alert) => alert.resolved_at === null);
  const ended = known.data.filter((alert) => alert.resolved_at !== null);
  return (
    <Panel id="alerts" title="Alerts" asOf={known.meta.as_of}>
      <p class="outcome" role="status" aria-label="Alerts" hidden={alertOutcome.value === null}>
        {alertOutcome.value}
      </p>
      {standing.length === 0 ? (
        <p class="remark">None stands.</p>
      ) : (
        <ul class="issues">
          {standing.map((alert) => (
            <Standing key={alert.key} alert={alert} known={known} />
          ))}
        </ul>
      )}
      {ended.length > 0 && <Ended alerts={ended} />}
      <Channels known={known} />
    </Panel>
  );
}

function Standing({ alert, known }: { alert: Alert; known: Alerting }) {
  const isMuted = alert.muted_until !== null && Date.parse(alert.muted_until) > nowMs.value;
  return (
    <li>
      <Chip tone={SEVERITY_TONES[alert.severity]}>{SEVERITY_WORDS[alert.severity]}</Chip>
      <div class="alert">
        <span>
          {alert.message}
          <small class="story">
            {alert.key}, since {clockText(alert.since, nowMs.value)} ({spanText(ageSeconds(alert.since) ?? 0)});{' '}
            {toldText(alert, known, isMuted)}; see <code>{alert.runbook}</code>
          </small>
        </span>
        {isMuted ? (
          <button type="button" onClick={() => void unmuteAlert(alert.key)} aria-label={`Unmute ${alert.key}`}>
            Unmute
          </button>
        ) : (
          <select
            aria-label={`Mute ${alert.key}`}
            value=""
            onChange={(event) => void muteAlert(alert.key, Number(event.currentTarget.value))}
          >
            <option value="">Mute…</option>
            {MUTES.map(([words, minutes]) => (
              <option key={words} value={minutes}>
                {words}
              </option>
            ))}
          </select>
        )}
      </div>
    </li>
  );
}

function toldText(alert: Alert, { meta }: Alerting, isMuted: boolean): string {
  if (isMuted) return `muted until ${clockText(alert.muted_until ?? '', nowMs.value)}`;
  if (meta.channels === 0) return 'nobody is told, because no channel is configured';
  const next =
    alert.next_notification_at === null
      ? 'none follows'
      : `next at ${clockText(alert.next_notification_at, nowMs.value)}`;
  if (alert.notified_at === null) return `nobody was told yet, ${next}`;
  const times = alert.notifications === 1 ? 'told once' : `told ${countText(alert.notifications)} times`;
  return `${times}, last at ${clockText(alert.notified_at, nowMs.value)}, ${next}`;
}

function Ended({ alerts }: { alerts: Alert[] }) {
  return (
    <details>
      <summary>Ended within a week ({countText(alerts.length)})</summary>
      <ul class="issues">
        {alerts.map((alert) => (
          <li key={alert.key}>
            <Chip tone="none">ended</Chip>
            <span>
              {alert.message}
              <small class="story">
                {alert.key}, from {clockText(alert.since, nowMs.value)} to{' '}
                {clockText(alert.resolved_at ?? '', nowMs.value)}
              </small>
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
