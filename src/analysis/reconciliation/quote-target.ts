import type { Direction } from '../amm/trade';
import { atSpot } from '../amm/trade';
import { curveOf } from '../amm/era';
import { ROOT_NETUID, type PoolReserves } from '../amm/pool';

const DIRECTIONS = ['stake', 'unstake'] as const satisfies readonly Direction[];
/** Rao: in smaller pools (100 TAO) other people's trades move the price between two answers. */
const LEAST_RESERVE_RAO = 100_000_000_000n;
/** Rao of TAO that are quoted: 10, or a hundredth of the reserve where that is less. */
const USUAL_SIZE_RAO = 10_000_000_000n;
/** Candidates where nothing is held. */
const DEEPEST = 10;

/** A trade whose quote is to be compared. */
export interface QuoteTarget {
  netuid: number;
  direction: Direction;
  inRao: bigint;
}

/** A comparison that was made, newest first in lists. */
export interface PastQuote {
  netuid: number;
  direction: Direction;
  agreement: 'pass' | 'warn' | 'fail' | 'skipped';
}

/**
 * Which quote to compare next: one that failed last again, so that its recovery is seen; otherwise the one that was not
 * compared for longest, of the subnets that are held or, without any, of the deepest ones. Null without a usable pool.
 */
export function nextQuoteTarget(
  pools: readonly PoolReserves[],
  held: ReadonlySet<number>,
  past: readonly PastQuote[],
): QuoteTarget | null {
  const usable = pools.filter(
    (pool) => pool.netuid !== ROOT_NETUID && !pool.startup && pool.taoReserveRao >= LEAST_RESERVE_RAO,
  );
  const own = usable.filter((pool) => held.has(pool.netuid));
  const candidates = (own.length > 0 ? own : deepest(usable)).flatMap((pool) =>
    DIRECTIONS.map((direction) => ({ pool, direction })),
  );
  const newest = past.find((check) => check.agreement !== 'skipped');
  const failed = usable.find((pool) => newest?.agreement === 'fail' && pool.netuid === newest.netuid);
  if (failed !== undefined && newest !== undefined) return toTarget(failed, newest.direction);
  const ageOf = ({ pool, direction }: (typeof candidates)[number]): number => {
    const index = past.findIndex((check) => check.netuid === pool.netuid && check.direction === direction);
    return index < 0 ? past.length : index;
  };
  const [oldest] = candidates.toSorted((a, b) => ageOf(b) - ageOf(a));
  return oldest === undefined ? null : toTarget(oldest.pool, oldest.direction);
}

function toTarget(pool: PoolReserves, direction: Direction): QuoteTarget | null {
  const bound = pool.taoReserveRao / 100n;
  const taoRao = bound < USUAL_SIZE_RAO ? bound : USUAL_SIZE_RAO;
  if (direction === 'stake') return { netuid: pool.netuid, direction, inRao: taoRao };
  const curve = curveOf(pool);
  const inRao = curve === null ? 0n : atSpot(curve, 'stake', taoRao);
  return inRao > 0n ? { netuid: pool.netuid, direction, inRao } : null;
}

function deepest(pools: readonly PoolReserves[]): PoolReserves[] {
  return pools
    .toSorted((a, b) => (a.taoReserveRao === b.taoReserveRao ? 0 : a.taoReserveRao < b.taoReserveRao ? 1 : -1))
    .slice(0, DEEPEST);
}
