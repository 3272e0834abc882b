import type { TrustPack } from '../api/trust-pack';
import { countText, NONE, rateText } from '../format/figure';
import { clockText } from '../format/time';
import { Chip } from '../parts/chip';
import { Panel } from '../parts/panel';
import { nowMs } from '../state/clock';

/** What the key may ask for in a minute, and what stands in the way. */
export function BudgetPanel({ pack }: { pack: TrustPack }) {
  const { upstream } = pack;
  const limit = upstream.learned_limit ?? upstream.limit_per_minute;
  const used = upstream.used_in_window;
  const { windows } = pack.api_health;
  return (
    <Panel id="budget" title="Rate-limit budget" asOf={pack.generated_at}>
      {!upstream.known || limit === null || used === null ? (
        <p class="empty">TaoStats has not been asked since the start.</p>
      ) : (
        <>
          <p class="large">
            {countText(used)} <small>of {countText(limit)} calls this minute</small>
          </p>
          <meter
            min={0}
            max={limit}
            value={Math.min(used, limit)}
            aria-label={`${used} of ${limit} calls used this minute`}
          />
          {upstream.limit_per_minute !== null && limit < upstream.limit_per_minute && (
            <p class="remark">
              Learned: {countText(limit)} a minute; {countText(upstream.limit_per_minute)} are configured.
            </p>
          )}
        </>
      )}
      <dl class="facts">
        <Fact name="Key">
          {upstream.key_state === 'rejected' ? (
            <Chip tone="act">rejected</Chip>
          ) : upstream.key_state === 'ok' ? (
            'accepted'
          ) : (
            'not tried yet'
          )}
        </Fact>
        <Fact name="Calls, last hour">{countText(windows.last_hour.calls)}</Fact>
        <Fact name="429, last 15 min">
          {countText(windows.last_15_minutes.rate_limits)} ({rateText(windows.last_15_minutes.rate_limit_rate)})
        </Fact>
        <Fact name="Pause">
          {upstream.blocked_until === null
            ? 'none'
            : `until ${clockText(upstream.blocked_until, nowMs.value)}${upstream.pause_reason === null ? '' : `, ${upstream.pause_reason.replaceAll('_', ' ')}`}`}
        </Fact>
        <Fact name="Not in the plan">
          {upstream.plan_gated_endpoints.length === 0 ? NONE : upstream.plan_gated_endpoints.join(', ')}
        </Fact>
      </dl>
    </Panel>
  );
}

export function Fact({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
