import { useState } from 'preact/hooks';
import type { TrustPack } from '../api/trust-pack';
import { countText } from '../format/figure';
import { spanText } from '../format/time';
import { Panel } from '../parts/panel';
import { ageSeconds } from '../state/clock';
import { isMuted, muteForADay, unmute } from '../state/muted';
import { groupErrors } from './group-errors';

const SHOWN = 12;

/** Failed calls of the last day; the same failure is one line, however often it came. */
export function ErrorGroups({ pack }: { pack: TrustPack }) {
  const [showMuted, setShowMuted] = useState(false);
  const all = groupErrors(pack.recent_errors);
  const quiet = all.filter((group) => isMuted(group.fingerprint)).length;
  const groups = showMuted ? all : all.filter((group) => !isMuted(group.fingerprint));
  const tools =
    quiet === 0 ? undefined : (
      <label class="check">
        <input type="checkbox" checked={showMuted} onChange={(event) => setShowMuted(event.currentTarget.checked)} />
        show {quiet} muted
      </label>
    );
  return (
    <Panel id="errors" title="Recent errors" asOf={pack.generated_at} tools={tools}>
      {groups.length === 0 ? (
        <p class="empty">
          {all.length === 0
            ? 'No call to TaoStats has failed in the last 24 hours.'
            : 'All errors of the last 24 hours are muted in this browser.'}
        </p>
      ) : (
        <ol class="errors">
          {groups.slice(0, SHOWN).map((group) => (
            <li key={group.fingerprint}>
              <b class="count" title="times">
                {countText(group.count)}
                <span aria-hidden="true">×</span>
              </b>
              <span>
                {group.message}
                <small class="story">
                  {group.code}
                  {group.status === null ? '' : `, HTTP ${group.status}`}, {group.endpoint}
                </small>
                <small class="story">
                  last {spanText(ageSeconds(group.lastAt) ?? 0)} ago
                  {group.count > 1 && `, first ${spanText(ageSeconds(group.firstAt) ?? 0)} ago`}
                </small>
              </span>
              <MuteButton fingerprint={group.fingerprint} />
            </li>
          ))}
        </ol>
      )}
      {groups.length > SHOWN && <p class="remark">{groups.length - SHOWN} more in the trust pack.</p>}
    </Panel>
  );
}

/** Hides an error from this browser alone: it is counted and judged as before. */
function MuteButton({ fingerprint }: { fingerprint: string }) {
  return isMuted(fingerprint) ? (
    <button type="button" class="small" onClick={() => unmute(fingerprint)}>
      Unmute
    </button>
  ) : (
    <button
      type="button"
      class="small"
      title="Hides it in this browser for a day"
      onClick={() => muteForADay(fingerprint)}
    >
      Mute 1 day
    </button>
  );
}
