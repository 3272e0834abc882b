import type { ChaosWorld } from './chaos-world';
import type { Pack } from './readings';
import type { Invariant } from './invariants';

/** What a case sees of its own fault. */
export interface Under {
  /** The pack before the fault. */
  before: Pack;
  /** Requests of the service that reached the upstream since the fault began. */
  requests(pathPrefix?: string): readonly { path: string; status: number; atMs: number; query: string }[];
}

/** A named fault of the catalogue. */
export interface ChaosCase {
  id: string;
  title: string;
  /** Why it cannot be injected on this machine; null when it can. */
  notInjectable?(world: ChaosWorld): string | null;
  /** Whose runs show that the service recovered; `pools` unless told otherwise. */
  dataset?: string;
  inject(world: ChaosWorld): Promise<void> | void;
  /** What has to be so while the fault lasts: provokes it, and fails with jest's `expect`. */
  expect(world: ChaosWorld, under: Under): Promise<void>;
  /** Ends the fault and nothing else; the upstream and its network are healed in any case. */
  remove?(world: ChaosWorld): Promise<void> | void;
  /** Issues and notices, `code` or `code:subject`, that the trust pack has to show; or why it shows none. */
  shows: readonly string[] | { nothing: string };
  /** Why an invariant does not apply. */
  exempt?: Partial<Record<Invariant, string>>;
  /** The longest pause that the service is made to keep: how much time passes at once while it recovers. */
  recoveryStepSeconds?: number;
}
