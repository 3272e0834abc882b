import type { UpstreamGate } from '../../database';

/** Nothing is known against the scope. */
export const PRISTINE_GATE: UpstreamGate = {
  blockedUntilMs: 0,
  reason: null,
  clamped: false,
  strikes: 0,
  struckAtMs: 0,
  recent: '',
  learnedLimit: null,
  probeUntilMs: 0,
};

/** The gate of a scope. One that was reset by hand (blocked until the epoch) has no strikes and has learned nothing. */
export function gateOf(gates: ReadonlyMap<string, UpstreamGate>, scope: string): UpstreamGate {
  const gate = gates.get(scope);
  if (gate === undefined) return PRISTINE_GATE;
  return gate.blockedUntilMs > 0 ? gate : { ...PRISTINE_GATE, recent: gate.recent };
}
