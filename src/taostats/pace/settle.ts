import type { GateState, UpstreamGate } from '../../database';
import type { CallOutcome } from '../../metrics';
import type { BackoffShape } from './backoff';
import { PRISTINE_GATE, gateOf } from './gate';
import { type AttemptScopes, WINDOW_MS, effectiveLimit } from './grant';
import { COOL_DOWN_MS, computePause } from './throttle';

/** How an attempt ended, as far as the gates care. */
export interface Settlement {
  scopes: AttemptScopes;
  outcome: CallOutcome;
  /** When its token was taken, by the database's clock. */
  grantedAtMs: number;
  /** What a 429 asked for. */
  askedMs: number | null;
  honourRetryAfter: boolean;
  backoff: BackoffShape;
  limitPerMinute: number;
  random: number;
}

const PLAN_GATE_MS = 6 * 3_600_000;
const BREAKER_MS = 60_000;
const BREAKER_CAP_MS = 15 * 60_000;
const BREAKER_WINDOW = 10;
const BREAKER_MINIMUM = 5;
const LEARNING = 0.7;
/** Two 429s this close tell more about the limit than one. */
const RELATED_MS = 10 * 60_000;

const BREAKER_FAILURES: ReadonlySet<CallOutcome> = new Set(['bad_payload', 'redirect', 'transient', 'network']);
/** Upstream is up and the key is good, whatever else was wrong. */
const ANSWERED: ReadonlySet<CallOutcome> = new Set(['ok', 'contract', 'permanent', 'plan_gated']);

/** No answer came, so the host has proved nothing. */
const UNPROVEN: ReadonlySet<CallOutcome> = new Set(['security', 'network', 'cancelled', 'stale_socket']);

/** The gates that an attempt's end changes. Pure: the caller holds the locks and stores them. */
export function settle(state: GateState, settlement: Settlement): Map<string, UpstreamGate> {
  const { scopes, outcome } = settlement;
  const changed = new Map<string, UpstreamGate>();
  const put = (scope: string, change: (gate: UpstreamGate) => UpstreamGate): void => {
    const before = gateOf(state.gates, scope);
    const after = change(before);
    if (after !== before) changed.set(scope, after);
  };
  put(scopes.key, (key) => settleKey(key, state, settlement));
  put(scopes.breaker, (breaker) => settleBreaker(breaker, outcome, state.nowMs));
  put(scopes.identity, (identity) => settleIdentity(identity, settlement, state.nowMs));
  put(scopes.plan, (plan) => settlePlan(plan, outcome, state.nowMs));
  return changed;
}

function settlePlan(plan: UpstreamGate, outcome: CallOutcome, nowMs: number): UpstreamGate {
  if (outcome === 'plan_gated') return { ...PRISTINE_GATE, blockedUntilMs: nowMs + PLAN_GATE_MS, reason: outcome };
  return outcome === 'ok' && plan.blockedUntilMs > 0 ? PRISTINE_GATE : plan;
}

function settleKey(key: UpstreamGate, state: GateState, settlement: Settlement): UpstreamGate {
  const { outcome } = settlement;
  if (outcome === 'rate_limited') return throttled(key, state, settlement);
  if (outcome === 'quota_exhausted' || outcome === 'auth') {
    const blockedUntilMs = Math.max(key.blockedUntilMs, state.nowMs + COOL_DOWN_MS);
    const strikes = key.strikes + 1;
    return { ...key, blockedUntilMs, reason: outcome, strikes, struckAtMs: state.nowMs, probeUntilMs: 0 };
  }
  if (ANSWERED.has(outcome) && key.strikes > 0 && settlement.grantedAtMs >= key.struckAtMs) {
    return { ...key, strikes: 0, reason: null, clamped: false, probeUntilMs: 0 };
  }
  return releaseProbe(key);
}

function throttled(key: UpstreamGate, state: GateState, settlement: Settlement): UpstreamGate {
  const { nowMs } = state;
  // This attempt was under way when the pause began: it tells nothing new, unless it was asked to wait longer.
  const isKnown = settlement.grantedAtMs < key.struckAtMs;
  if (isKnown && settlement.askedMs === null) return releaseProbe(key);
  const strikes = isKnown ? Math.max(0, key.strikes - 1) : key.strikes;
  const { pauseMs, clamped } = computePause({ ...settlement, strikes });
  return {
    ...key,
    blockedUntilMs: Math.max(key.blockedUntilMs, nowMs + pauseMs),
    reason: 'rate_limited',
    clamped,
    strikes: strikes + 1,
    struckAtMs: isKnown ? key.struckAtMs : nowMs,
    // A refused probe says that the pause goes on. One request after a silence cannot have been too many.
    learnedLimit: isKnown || key.strikes > 0 ? key.learnedLimit : learn(key, state, settlement.limitPerMinute),
    probeUntilMs: 0,
  };
}

/** x0.7; when 429s repeat, no more than what the window held without the refused attempt. */
function learn(key: UpstreamGate, { nowMs, grants }: GateState, limitPerMinute: number): number {
  const shrunk = effectiveLimit(key, limitPerMinute, nowMs) * LEARNING;
  const repeated = key.blockedUntilMs > 0 && nowMs - key.struckAtMs < RELATED_MS;
  const taken = Object.values(grants)
    .flat()
    .filter((atMs) => atMs > nowMs - WINDOW_MS).length;
  return Math.max(1, Math.floor(repeated ? Math.min(shrunk, taken - 1) : shrunk));
}

/** A certificate is the host's: one that is refused stops every endpoint, and any answer behind a good one frees all. */
function settleIdentity(identity: UpstreamGate, { outcome, grantedAtMs }: Settlement, nowMs: number): UpstreamGate {
  if (outcome === 'security') return opened(identity, outcome, nowMs);
  const isProven = !UNPROVEN.has(outcome) && grantedAtMs >= identity.struckAtMs;
  return isProven && identity.blockedUntilMs > 0 ? PRISTINE_GATE : releaseProbe(identity);
}

function settleBreaker(breaker: UpstreamGate, outcome: CallOutcome, nowMs: number): UpstreamGate {
  const isHalfOpen = breaker.blockedUntilMs > 0;
  if (ANSWERED.has(outcome)) {
    if (isHalfOpen) return PRISTINE_GATE;
    const recent = remember(breaker.recent, 's');
    return recent === breaker.recent ? breaker : { ...breaker, recent };
  }
  if (!BREAKER_FAILURES.has(outcome)) return releaseProbe(breaker);
  if (isHalfOpen) return opened(breaker, outcome, nowMs);
  const recent = remember(breaker.recent, 'f');
  return shouldOpen(recent) ? opened({ ...breaker, recent }, outcome, nowMs) : { ...breaker, recent };
}

function remember(recent: string, outcome: 's' | 'f'): string {
  return (recent + outcome).slice(-BREAKER_WINDOW);
}

function shouldOpen(recent: string): boolean {
  const failures = recent.split('f').length - 1;
  return recent.length >= BREAKER_MINIMUM && (recent.endsWith('fffff') || failures * 2 >= recent.length);
}

function opened(breaker: UpstreamGate, reason: string, nowMs: number): UpstreamGate {
  // An attempt that was under way when the breaker opened does not lengthen it.
  if (breaker.blockedUntilMs > nowMs) return breaker;
  const openMs = Math.min(BREAKER_MS * 2 ** breaker.strikes, BREAKER_CAP_MS);
  return {
    ...breaker,
    blockedUntilMs: nowMs + openMs,
    reason,
    recent: '',
    strikes: Math.min(breaker.strikes + 1, 10),
    struckAtMs: nowMs,
    probeUntilMs: 0,
  };
}

function releaseProbe(gate: UpstreamGate): UpstreamGate {
  return gate.probeUntilMs === 0 ? gate : { ...gate, probeUntilMs: 0 };
}
