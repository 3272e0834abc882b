import type { TrustPack } from '../api/trust-pack';
import { countText } from '../format/figure';
import { spanText } from '../format/time';
import { Panel } from '../parts/panel';
import { ageSeconds } from '../state/clock';
import { groupErrors } from './group-errors';

const SHOWN = 12;

/** Failed calls of the last day; the same failure is one line, however often it came. */
export function ErrorGroups({ pack }: { pack: TrustPack }) {
  const groups = groupErrors(pack.recent_errors);
  return (
    <Panel id="errors" title="Recent errors" asOf={pack.generated_at}>
      {groups.length === 0 ? (
        <p class="empty">No call to TaoStats has failed in the last 24 hours.</p>
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
            </li>
          ))}
        </ol>
      )}
      {groups.length > SHOWN && <p class="remark">{groups.length - SHOWN} more in the trust pack.</p>}
    </Panel>
  );
}
