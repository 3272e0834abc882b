import type { KeyProbe } from '../../taostats';
import { type Attempt, type Check, ok, trouble } from './check';

/** What the running service found out about the plan while it worked. */
export interface UpstreamView {
  limit_per_minute: number | null;
  learned_limit: number | null;
  plan_gated_endpoints: string[];
  quota_exhausted_until: string | null;
}

const NEW_KEY = 'set TAOSTATS_API_KEY to a key of https://dash.taostats.io, the whole text and no Bearer before it';

export function checkKey(key: Attempt<KeyProbe>): Check {
  if ('problem' in key) {
    const fix = 'check network, DNS, proxy and TAOSTATS_BASE_URL; then https://api.taostats.io in a browser';
    return trouble('key', 'failed', `TaoStats does not answer: ${key.problem}`, fix);
  }
  const { status, roundTripMs } = key.value;
  if (status === 200) return ok('key', `accepted; TaoStats answers in ${Math.ceil(roundTripMs)} ms`);
  if (status === 401 || status === 403)
    return trouble('key', 'failed', `TaoStats refuses the key (${status})`, NEW_KEY);
  if (status === 402) return trouble('key', 'failed', 'the credits of the plan are used up', 'wait, or buy credits');
  if (status === 429) {
    const fix = 'wait a minute; does something else use this key? Then lower TAOSTATS_RATE_LIMIT_PER_MINUTE';
    return trouble('key', 'warning', 'not known: the limit of this minute is used up (429)', fix);
  }
  const fix = 'wait: the service retries by itself, and the last good rows stand';
  return trouble('key', 'warning', `not known: TaoStats answers ${status}`, fix);
}

export function checkPlan(upstream: UpstreamView | null, serviceUrl: string): Check {
  if (upstream === null) {
    const fix = `start the service, or say with --url and --token where it is and who asks (${serviceUrl})`;
    return trouble('plan', 'skipped', 'the service, which learns the limit while it works, does not answer', fix);
  }
  const { limit_per_minute: configured, learned_limit: learned, plan_gated_endpoints: gated } = upstream;
  if (configured === null || learned === null) return ok('plan', 'TaoStats has not been asked yet');
  if (upstream.quota_exhausted_until !== null) {
    const message = `the credits are used up; next try at ${upstream.quota_exhausted_until}`;
    return trouble('plan', 'warning', message, 'wait, or buy credits');
  }
  const missing = gated.length === 0 ? '' : `; not in the plan: ${gated.join(', ')}`;
  if (learned < configured) {
    const message = `about ${learned} calls a minute are allowed, ${configured} are configured${missing}`;
    return trouble('plan', 'warning', message, `set TAOSTATS_RATE_LIMIT_PER_MINUTE=${learned}`);
  }
  return ok('plan', `${configured} calls a minute, as configured${missing}`);
}
