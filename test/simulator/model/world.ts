import { blockAt, BLOCKS_PER_DAY } from '../chain';
import type { SimClock } from '../sim-clock';
import { Ledger, Refused } from './ledger';
import { PoolModel } from './pool-model';
import { nextHabit, type Step, stepsOfDay } from './script';
import { SUBNET_COUNT } from './subnet-profile';
import { TaoPrice } from './tao-price';

/** Numbers as JSON strings (until early 2026) or as JSON numbers where upstream changed its mind since. */
export type Generation = 'string' | 'number';

/** Depth of the past that the model knows at least. */
const HISTORY_DAYS = 400;

/** Liberties of the upstream that can be changed while it runs. */
export interface Habits {
  /** Blocks by which account answers trail the head. */
  accountLagBlocks: number;
  /** Blocks by which stake answers trail the head; unlike the accounts' lag it makes the two disagree. */
  stakeLagBlocks: number;
  /** Whether an account's `alpha_balances` lists root stake too; upstream's documentation does not say. */
  rootInAlphaBalances: boolean;
}

export interface WorldOptions {
  seed: number;
  clock: SimClock;
  generation: Generation;
  /** Wallets go on staking, moving and transferring after their set-up. */
  activity: boolean;
}

/** All that is simulated, at every block up to the head. */
export class World {
  readonly pools: PoolModel;
  readonly taoPrice: TaoPrice;
  readonly ledger: Ledger;
  readonly genesis: number;
  readonly seed: number;
  readonly clock: SimClock;
  readonly generation: Generation;
  readonly habits: Habits = { accountLagBlocks: 0, stakeLagBlocks: 0, rootInAlphaBalances: true };
  /** Grows with every change that was made by hand, so that answers are not reused over it. */
  revision = 0;
  private settledTo: number;
  private readonly activeUntil: number;
  private shares: { day: number; byNetuid: Map<number, bigint> } | undefined;

  constructor({ seed, clock, generation, activity }: WorldOptions) {
    this.seed = seed;
    this.clock = clock;
    this.generation = generation;
    this.activeUntil = activity ? Number.POSITIVE_INFINITY : clock.head();
    this.genesis = genesisBefore(clock.nowMs());
    this.pools = new PoolModel(seed, this.genesis);
    this.taoPrice = new TaoPrice(seed);
    this.ledger = new Ledger(seed, this.pools);
    this.settledTo = this.genesis - 1;
    this.head();
  }

  /** Newest block; everything that was to happen up to it has happened. */
  head(): number {
    const head = this.clock.head();
    while (this.settledTo < head) this.settleDay(head);
    return head;
  }

  /** Does something to the ledger at a block of its own, after everything before. */
  act(action: (ledger: Ledger, block: number) => void): number {
    this.clock.nextBlock();
    const block = this.head();
    action(this.ledger, block);
    this.revision += 1;
    return block;
  }

  /** Lets the next wallet do one thing in the newest block; what it cannot afford, it leaves. */
  stir(count: number): void {
    this.attempt({ block: this.head(), run: nextHabit(this.seed, count) });
    this.revision += 1;
  }

  private settleDay(head: number): void {
    const day = Math.floor((this.settledTo + 1 - this.genesis) / BLOCKS_PER_DAY);
    const until = Math.min(head, this.genesis + (day + 1) * BLOCKS_PER_DAY - 1);
    for (const step of stepsOfDay(this.seed, this.genesis, day)) {
      if (step.block > this.activeUntil) break;
      if (step.block > this.settledTo && step.block <= until) this.attempt(step);
    }
    this.settledTo = until;
  }

  /** A wallet that cannot afford what its script says lets it be. */
  private attempt(step: Step): void {
    try {
      step.run(this.ledger, step.block);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  }

  /** Share of the emission per netuid, 20 decimals, summing to exactly 1 over the pools that are past their start-up. */
  activeShares(block: number): Map<number, bigint> {
    const day = Math.floor(block / BLOCKS_PER_DAY);
    if (this.shares?.day === day) return this.shares.byNetuid;
    const netuids = Array.from({ length: SUBNET_COUNT }, (_, index) => index + 1);
    const active = netuids.filter((netuid) => !this.pools.state(netuid, day * BLOCKS_PER_DAY).startup);
    const sum = active.reduce((total, netuid) => total + this.pools.share(netuid), 0);
    const byNetuid = new Map(
      active.map((netuid) => [netuid, BigInt(Math.floor((this.pools.share(netuid) / sum) * 1e15)) * 100_000n]),
    );
    const rest = 10n ** 20n - [...byNetuid.values()].reduce((total, share) => total + share, 0n);
    const largest = active[0];
    if (largest !== undefined) byNetuid.set(largest, (byNetuid.get(largest) ?? 0n) + rest);
    this.shares = { day, byNetuid };
    return byNetuid;
  }
}

/** First block of a quarter at least 400 days back: simulators of one seed started in one quarter share one past. */
export function genesisBefore(nowMs: number): number {
  const floor = new Date(blockMsBack(nowMs));
  return blockAt(Date.UTC(floor.getUTCFullYear(), Math.floor(floor.getUTCMonth() / 3) * 3, 1));
}

function blockMsBack(nowMs: number): number {
  return nowMs - HISTORY_DAYS * BLOCKS_PER_DAY * 12_000;
}
