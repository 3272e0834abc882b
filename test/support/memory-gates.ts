import type { Clock } from '../../src/common';
import type { GateChange, GateScopes, GateState, GrantPriority, UpstreamGate } from '../../src/database';

/** The gates in memory, on an injected clock, so that pauses of an hour can be tested in a millisecond. */
export class MemoryGates {
  readonly gates = new Map<string, UpstreamGate>();
  /** Tokens taken, newest last. */
  readonly log: { atMs: number; priority: GrantPriority }[] = [];
  /** While true, nothing can be read or stored. */
  isAway = false;

  constructor(private readonly clock: Clock) {}

  transact<T>(scopes: GateScopes, decide: (state: GateState) => GateChange<T>): Promise<T> {
    if (this.isAway) return Promise.reject(new Error('connection refused'));
    const change = decide(this.state(scopes.windowMs));
    if (change.grant !== undefined) this.log.push({ atMs: this.clock.nowMs(), priority: change.grant });
    for (const [scope, gate] of change.gates ?? []) this.gates.set(scope, gate);
    return Promise.resolve(change.result);
  }

  read(_key: string, windowMs: number): Promise<GateState> {
    return this.isAway ? Promise.reject(new Error('connection refused')) : Promise.resolve(this.state(windowMs));
  }

  private state(windowMs: number): GateState {
    const nowMs = this.clock.nowMs();
    const taken = (wanted: GrantPriority): number[] =>
      this.log.filter((entry) => entry.priority === wanted && entry.atMs > nowMs - windowMs).map((entry) => entry.atMs);
    return {
      nowMs,
      gates: new Map(this.gates),
      grants: { interactive: taken('interactive'), scheduled: taken('scheduled'), backfill: taken('backfill') },
    };
  }
}
