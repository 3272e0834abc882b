import { BLOCKS_PER_DAY, BLOCKS_PER_HOUR, WEIGHTED_POOL_BLOCK } from '../chain';
import { PRICE_SCALE, rao } from '../numbers';
import { between, hash32, lattice, noise, unit } from '../random';
import { type Reserves, spotPrice } from './amm';
import { livesOf, nextLife, REFERENCE_BLOCK, STARTUP_DAYS, SUBNET_COUNT, type SubnetLife } from './subnet-profile';

/** Blocks per wave and its share of the price: hours, days and months move by what real pools were seen to move. */
const WAVES = [
  [40, 0.0006],
  [300, 0.003],
  [1_800, 0.006],
  [7_200, 0.014],
  [36_000, 0.05],
  [216_000, 0.16],
] as const;
/** Emission of the whole network into the pools, rao of TAO per block, after the halving of December 2025. */
export const EMISSION_PER_BLOCK = 500_000_000n;
const HALF = 500_000_000_000_000_000n;

/** A pool at the end of a block. `startup` pools have a price that means nothing. */
export interface PoolState extends Reserves {
  price: bigint;
  alphaStaked: bigint;
  startup: boolean;
  life: SubnetLife;
}

/** What a recording says about one pool; replaces the model's reserves from `since` on. */
export interface RecordedPool {
  tao: bigint;
  alpha: bigint;
  alphaStaked: bigint;
  price: bigint;
}

interface Traits {
  streams: number[];
  buys: number;
  sells: number;
  startupPrice: number;
  temper: number;
}

interface Shift {
  block: number;
  tao: bigint;
  alpha: bigint;
}

/**
 * Every pool at every block. The market around our wallets is a pure function of (seed, block): arbitrage along the
 * curve moves the price, injections deepen the pool at an unchanged price. Our wallets' trades shift the reserves on top.
 */
export class PoolModel {
  private readonly lives: SubnetLife[][];
  private readonly shifts = new Map<number, Shift[]>();
  private readonly recorded = new Map<number, { since: number; pool: RecordedPool }>();
  private readonly traits = new Map<SubnetLife, Traits>();
  private readonly totalWeight: number;

  constructor(
    readonly seed: number,
    genesis: number,
  ) {
    this.lives = Array.from({ length: SUBNET_COUNT + 1 }, (_, netuid) => livesOf(seed, netuid, genesis));
    this.totalWeight = this.lives.slice(1).reduce((sum, lives) => sum + (lives.at(-1)?.weight ?? 0), 0);
  }

  /** The subnet that holds `netuid` at `block`; the oldest one for any earlier block. */
  life(netuid: number, block: number): SubnetLife {
    const lives = this.lives[netuid] ?? [];
    const life = lives.findLast((candidate) => candidate.registeredAt <= block) ?? lives[0];
    if (life === undefined) throw new RangeError(`no netuid ${netuid}`);
    return life;
  }

  /** Share of all emission that flows to this netuid, 0 to 1. */
  share(netuid: number): number {
    return (this.lives[netuid]?.at(-1)?.weight ?? 0) / this.totalWeight;
  }

  state(netuid: number, block: number): PoolState {
    const life = this.life(netuid, block);
    const recorded = this.recorded.get(netuid);
    const useRecorded = recorded !== undefined && block >= recorded.since;
    const market = useRecorded ? { ...recorded.pool, quoteWeight: HALF } : this.market(life, block);
    const shift = this.shift(netuid, block, useRecorded ? recorded.since : life.registeredAt);
    const reserves = { ...market, tao: market.tao + shift.tao, alpha: market.alpha + shift.alpha };
    const moved = !useRecorded || shift.tao !== 0n;
    return {
      ...reserves,
      price: moved ? spotPrice(reserves) : recorded.pool.price,
      alphaStaked: useRecorded ? recorded.pool.alphaStaked : this.alphaStaked(life, block),
      startup: this.isStartup(life, block),
      life,
    };
  }

  price(netuid: number, block: number): bigint {
    if (netuid === 0) return PRICE_SCALE;
    const life = this.life(netuid, block);
    if (this.recorded.has(netuid) || this.shifts.has(netuid)) return this.state(netuid, block).price;
    return spotPrice(this.market(life, block));
  }

  /** A trade of one of our wallets moved the reserves of `netuid` at `block` from `before` to `after`. */
  moved(netuid: number, block: number, change: { before: Reserves; after: Reserves }): void {
    const shifts = this.shifts.get(netuid) ?? [];
    const tao = change.after.tao - change.before.tao;
    shifts.push({ block, tao, alpha: change.after.alpha - change.before.alpha });
    this.shifts.set(netuid, shifts);
  }

  /** Another subnet takes the netuid over at `block`. */
  reregister(netuid: number, block: number): SubnetLife {
    const next = nextLife(this.seed, this.life(netuid, block), block);
    this.lives[netuid]?.push(next);
    return next;
  }

  replay(netuid: number, since: number, pool: RecordedPool): void {
    this.recorded.set(netuid, { since, pool });
  }

  /** TAO bought and sold by everybody else in the hour number `hour` of the chain, in TAO. */
  hourlyTrade(netuid: number, hour: number): { buy: number; sell: number } {
    const life = this.life(netuid, hour * BLOCKS_PER_HOUR);
    if (life.startup || netuid === 0) return { buy: 0, sell: 0 };
    const { buys, sells } = this.traitsOf(life);
    const scale = life.depthTao * 0.0016;
    return { buy: scale * (0.6 + 0.4 * lattice(buys, hour)), sell: scale * (0.59 + 0.39 * lattice(sells, hour)) };
  }

  private market(life: SubnetLife, block: number): Reserves {
    if (life.netuid === 0) return { tao: 5_533_594_151_790_319n, alpha: 1_073_670_389_058_879n, quoteWeight: HALF };
    const spot = this.marketPrice(life, block);
    const liquidity = this.isStartup(life, block) ? 1 : this.liquidity(life, block);
    const root = Math.sqrt(spot);
    return {
      tao: rao(liquidity * root),
      alpha: rao(liquidity / root),
      quoteWeight: block < WEIGHTED_POOL_BLOCK ? HALF : life.quoteWeight,
    };
  }

  /** sqrt(TAO reserve x alpha reserve); an injection of `e` TAO at price `p` adds e / sqrt(p). */
  private liquidity(life: SubnetLife, block: number): number {
    const root = Math.sqrt(life.meanPrice);
    const reference = life.depthTao / root;
    const perBlock = (0.5 * life.weight) / this.totalWeight / root;
    return Math.max(reference * 0.15, reference + (block - REFERENCE_BLOCK) * perBlock);
  }

  private marketPrice(life: SubnetLife, block: number): number {
    const traits = this.traitsOf(life);
    if (this.isStartup(life, block)) return traits.startupPrice;
    const wander = WAVES.reduce(
      (sum, [period, height], wave) => sum + height * noise(block, period, traits.streams[wave] ?? 0),
      0,
    );
    return life.meanPrice * Math.exp(wander * traits.temper);
  }

  private traitsOf(life: SubnetLife): Traits {
    const known = this.traits.get(life);
    if (known !== undefined) return known;
    const stream = [this.seed, life.netuid, life.generation] as const;
    const traits = {
      streams: WAVES.map((_wave, index) => hash32(...stream, 21 + index)),
      buys: hash32(...stream, 11),
      sells: hash32(...stream, 12),
      startupPrice: between(2.35, 2.84, ...stream, 20),
      temper: between(0.6, 1.6, ...stream, 30),
    };
    this.traits.set(life, traits);
    return traits;
  }

  private alphaStaked(life: SubnetLife, block: number): bigint {
    if (life.netuid === 0) return 4_976_942_968_768_682n;
    const age = block - life.registeredAt;
    if (this.isStartup(life, block)) return 0n;
    return rao(Math.min(age, 2_500_000) * between(0.5, 0.95, this.seed, life.netuid, life.generation, 31));
  }

  private isStartup(life: SubnetLife, block: number): boolean {
    return life.startup || (life.generation > 0 && block - life.registeredAt < STARTUP_DAYS * BLOCKS_PER_DAY);
  }

  private shift(netuid: number, block: number, since: number): { tao: bigint; alpha: bigint } {
    const sum = { tao: 0n, alpha: 0n };
    for (const shift of this.shifts.get(netuid) ?? []) {
      if (shift.block > block) break;
      if (shift.block < since) continue;
      sum.tao += shift.tao;
      sum.alpha += shift.alpha;
    }
    return sum;
  }

  /** A stable number in [0, 1) about one subnet, for fields that nothing else depends on. */
  trait(netuid: number, stream: number): number {
    return unit(this.seed, netuid, 1_000 + stream);
  }
}
