import type { Alert } from '../api/alerts';
import { countText } from '../format/figure';
import { clockText, spanText } from '../format/time';
import { Chip } from '../parts/chip';
import { Panel } from '../parts/panel';
import { alerting, type Alerting, alertOutcome, muteAlerts, unmuteAlerts } from '../state/alerts';
import { ageSeconds, nowMs } from '../state/clock';
import { SEVERITY_TONES, SEVERITY_WORDS } from '../trust/issue-list';
import { Channels } from './channels';
import { type AlertGroup, groupAlerts } from './group-alerts';

const MUTES = [
  ['1 h', 60],
  ['8 h', 480],
  ['1 day', 1_440],
  ['1 week', 10_080],
] as const;

const SETTLED_SECONDS = 60;
const SUBJECTS_SHOWN = 4;

/** What stands, who was told of it and when again, and whether messages arrive. */
export function AlertsPanel() {
  const known = alerting.value;
  if (known === null) return null;
  const open = known.data.filter((alert) => alert.resolved_at === null);
  const standing = open.filter(isSettled);
  const young = open.filter((alert) => !isSettled(alert));
  const ended = known.data.filter((alert) => alert.resolved_at !== null);
  return (
    <Panel id="alerts" title="Alerts" asOf={known.meta.as_of}>
      <p class="outcome" role="status" aria-label="Alerts" hidden={alertOutcome.value === null}>
        {alertOutcome.value}
      </p>
      {standing.length === 0 ? <p class="remark">None stands.</p> : <Groups alerts={standing} known={known} />}
      {young.length > 0 && (
        <details>
          <summary>Just begun ({countText(young.length)})</summary>
          <Groups alerts={young} known={known} />
        </details>
      )}
      {ended.length > 0 && <Ended alerts={ended} />}
      <Channels known={known} />
    </Panel>
  );
}

/** Somebody was told of it, or it has stood for a minute: what begins and ends with a start is no reason to worry. */
function isSettled(alert: Alert): boolean {
  return alert.notified_at !== null || (ageSeconds(alert.since) ?? 0) >= SETTLED_SECONDS;
}

function Groups({ alerts, known }: { alerts: Alert[]; known: Alerting }) {
  return (
    <ul class="issues">
      {groupAlerts(alerts, nowMs.value).map((group) => (
        <Standing key={group.alerts[0]?.key} group={group} known={known} />
      ))}
    </ul>
  );
}

function Standing({ group, known }: { group: AlertGroup; known: Alerting }) {
  const { code, alerts, mutedUntil } = group;
  return (
    <li>
      <Chip tone={SEVERITY_TONES[group.severity]}>{SEVERITY_WORDS[group.severity]}</Chip>
      <div class="alert">
        <span>
          {group.message}
          <small class="story">
            {subjectsText(group)}, since {clockText(group.since, nowMs.value)} ({spanText(ageSeconds(group.since) ?? 0)}
            ); {toldText(group, known)}; see <code>{alerts[0]?.runbook}</code>
          </small>
        </span>
        {mutedUntil !== null ? (
          <button type="button" onClick={() => void unmuteAlerts(alerts)} aria-label={`Unmute ${code}`}>
            Unmute
          </button>
        ) : (
          <select
            aria-label={`Mute ${code}`}
            value=""
            onChange={(event) => void muteAlerts(alerts, Number(event.currentTarget.value))}
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

function subjectsText({ code, alerts }: AlertGroup): string {
  const subjects = alerts.flatMap((alert) => alert.subject ?? []);
  const more = subjects.length > SUBJECTS_SHOWN ? ` and ${subjects.length - SUBJECTS_SHOWN} more` : '';
  return subjects.length === 0 ? code : `${code}: ${subjects.slice(0, SUBJECTS_SHOWN).join(', ')}${more}`;
}

/** Who was told, and when they are told again; of several alerts the last telling and the next. */
function toldText({ alerts, mutedUntil }: AlertGroup, { meta }: Alerting): string {
  if (mutedUntil !== null) return `muted until ${clockText(mutedUntil, nowMs.value)}`;
  if (meta.channels === 0) return 'nobody is told, because no channel is configured';
  const moments = (pick: (alert: Alert) => string | null): string[] =>
    alerts.flatMap((alert) => pick(alert) ?? []).sort();
  const next = moments((alert) => alert.next_notification_at)[0];
  const last = moments((alert) => alert.notified_at).at(-1);
  const then = next === undefined ? 'no message follows' : `next at ${clockText(next, nowMs.value)}`;
  return last === undefined ? `nobody was told yet, ${then}` : `last told at ${clockText(last, nowMs.value)}, ${then}`;
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
