import { blockAt, BLOCKS_PER_DAY } from '../chain';
import type { SimClock } from '../sim-clock';
import { PoolModel } from './pool-model';
import { SUBNET_COUNT } from './subnet-profile';
import { TaoPrice } from './tao-price';

/** Numbers as JSON strings (until early 2026) or as JSON numbers where upstream changed its mind since. */
export type Generation = 'string' | 'number';

/** Depth of the past that the model knows at least. */
const HISTORY_DAYS = 400;

/** All that is simulated, at every block up to the head. */
export class World {
  readonly pools: PoolModel;
  readonly taoPrice: TaoPrice;
  readonly genesis: number;
  /** Grows with every change that was made by hand, so that answers are not reused over it. */
  revision = 0;
  private shares: { day: number; byNetuid: Map<number, bigint> } | undefined;

  constructor(
    readonly seed: number,
    readonly clock: SimClock,
    readonly generation: Generation,
  ) {
    this.genesis = genesisBefore(clock.nowMs());
    this.pools = new PoolModel(seed, this.genesis);
    this.taoPrice = new TaoPrice(seed);
  }

  /** Newest block. */
  head(): number {
    return this.clock.head();
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
