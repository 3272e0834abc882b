import type { GateState, GrantLog, GrantPriority, UpstreamGate } from '../../database';
import { gateOf } from './gate';

/** Gates that one attempt has to pass. */
export interface AttemptScopes {
  key: string;
  breaker: string;
  /** The breaker of the whole host, which opens when the host cannot prove who it is. */
  identity: string;
  plan: string;
}

/**
 * A minute and a second: with a 60 s log, network jitter let up to 597 requests in two hours exceed a sliding limit
 * upstream; with 61 s none, at 98.3 % of the quota.
 */
export const WINDOW_MS = 61_000;
const RECOVERY_MS = 10 * 60_000;
/** One token in so many is kept for people. */
const INTERACTIVE_ONE_IN = 5;
const BACKFILL_SHARE = 0.3;
/** How soon to look again while another replica's probe is on its way. */
const PROBE_POLL_MS = 500;

export type Verdict =
  | { kind: 'granted'; grantedAtMs: number }
  /** No token is free, or another attempt is probing. */
  | { kind: 'wait'; waitMs: number }
  /** The key pauses: rate limited, out of credits, or rejected. */
  | { kind: 'paused'; untilMs: number; waitMs: number; reason: string }
  | { kind: 'breaker-open'; untilMs: number }
  | { kind: 'plan-gated'; untilMs: number };

export interface GrantRequest {
  scopes: AttemptScopes;
  priority: GrantPriority;
  /** TAOSTATS_RATE_LIMIT_PER_MINUTE. */
  limitPerMinute: number;
  /** By when an attempt is surely over. */
  attemptMs: number;
}

export interface Grant {
  verdict: Verdict;
  gates: Map<string, UpstreamGate>;
}

/** Requests a minute allowed now: what was learned from 429s, plus one for every ten clean minutes since the last. */
export function effectiveLimit(key: UpstreamGate, limitPerMinute: number, nowMs: number): number {
  if (key.learnedLimit === null) return limitPerMinute;
  const recovered = Math.floor(Math.max(0, nowMs - key.struckAtMs) / RECOVERY_MS);
  return Math.min(limitPerMinute, key.learnedLimit + recovered);
}

/** Whether one more attempt may go out now. Pure: the caller holds the locks and stores the returned gates. */
export function decideGrant(state: GateState, request: GrantRequest): Grant {
  const { nowMs } = state;
  const { scopes } = request;
  const gate = (scope: string): UpstreamGate => gateOf(state.gates, scope);
  const [key, plan] = [gate(scopes.key), gate(scopes.plan)];
  const refuse = (verdict: Verdict): Grant => ({ verdict, gates: new Map() });

  if (plan.blockedUntilMs > nowMs) return refuse({ kind: 'plan-gated', untilMs: plan.blockedUntilMs });
  if (key.blockedUntilMs > nowMs) {
    const untilMs = key.blockedUntilMs;
    return refuse({ kind: 'paused', untilMs, waitMs: untilMs - nowMs, reason: key.reason ?? 'rate_limited' });
  }
  const halfOpen = [scopes.identity, scopes.breaker].filter((scope) => gate(scope).blockedUntilMs > 0);
  const untilMs = Math.max(...halfOpen.map((scope) => closedUntilMs(gate(scope))), 0);
  if (untilMs > nowMs) return refuse({ kind: 'breaker-open', untilMs });
  const probesKey = key.blockedUntilMs > 0 && key.strikes > 0;
  if (probesKey && key.probeUntilMs > nowMs) {
    return refuse({ kind: 'wait', waitMs: Math.min(PROBE_POLL_MS, key.probeUntilMs - nowMs) });
  }
  const limit = effectiveLimit(key, request.limitPerMinute, nowMs);
  const waitMs = tokenWaitMs(state.grants, request.priority, { limit, nowMs });
  if (waitMs > 0) return refuse({ kind: 'wait', waitMs });

  const probeUntilMs = nowMs + request.attemptMs;
  const gates = new Map<string, UpstreamGate>();
  if (probesKey) gates.set(scopes.key, { ...key, probeUntilMs });
  for (const scope of halfOpen) gates.set(scope, { ...gate(scope), probeUntilMs });
  return { verdict: { kind: 'granted', grantedAtMs: nowMs }, gates };
}

/** Until when a breaker that opened lets nothing through: its pause, and then the probe that is under way. */
function closedUntilMs({ blockedUntilMs, probeUntilMs }: UpstreamGate): number {
  return Math.max(blockedUntilMs, probeUntilMs);
}

/**
 * Until a token is free for `priority`; 0 is now. At least a fifth of the limit is kept for interactive calls, except of a
 * limit of one, and backfill takes at most three tenths, so that history never delays a due dataset.
 */
export function tokenWaitMs(
  grants: GrantLog,
  priority: GrantPriority,
  { limit, nowMs }: { limit: number; nowMs: number },
): number {
  const background = merge(grants.scheduled, grants.backfill);
  const waits = [untilBelow(merge(grants.interactive, background), limit, nowMs)];
  if (priority !== 'interactive') {
    waits.push(untilBelow(background, Math.max(1, limit - Math.ceil(limit / INTERACTIVE_ONE_IN)), nowMs));
  }
  if (priority === 'backfill') {
    waits.push(untilBelow(grants.backfill, Math.max(1, Math.floor(limit * BACKFILL_SHARE)), nowMs));
  }
  return Math.max(...waits);
}

function merge(one: readonly number[], other: readonly number[]): number[] {
  return [...one, ...other].sort((a, b) => a - b);
}

/** Until fewer than `cap` of the stamps lie in the window. */
function untilBelow(stamps: readonly number[], cap: number, nowMs: number): number {
  const inWindow = stamps.filter((atMs) => atMs > nowMs - WINDOW_MS);
  const last = inWindow[inWindow.length - cap];
  return last === undefined ? 0 : last + WINDOW_MS - nowMs;
}
