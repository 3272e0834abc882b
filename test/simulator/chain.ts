export const BLOCK_MS = 12_000;
export const BLOCKS_PER_HOUR = 300;
export const BLOCKS_PER_DAY = 7_200;
export const RAO = 1_000_000_000n;

/** A block and its moment as recorded from the real chain; all others follow at exactly 12 s. */
const ANCHOR_BLOCK = 7_295_491;
const ANCHOR_MS = Date.UTC(2026, 0, 11, 4, 11, 12);

/** First block of the weighted pool (runtime 423, 2026-06-25); earlier rows still carry the concentrated-liquidity fields. */
export const WEIGHTED_POOL_BLOCK = 8_486_593;
/** Root dividends stop growing root stake and accrue in baskets (runtime 441, 2026-08-03). */
export const ROOT_BASKET_BLOCK = 8_765_683;
/** Unstake events state alpha net of the fee from here on (runtime 401, 2026-04-23). */
export const NET_UNSTAKE_BLOCK = blockAt(Date.UTC(2026, 3, 23));

export function blockAt(ms: number): number {
  return ANCHOR_BLOCK + Math.floor((ms - ANCHOR_MS) / BLOCK_MS);
}

export function blockMs(block: number): number {
  return ANCHOR_MS + (block - ANCHOR_BLOCK) * BLOCK_MS;
}

/** Upstream's text of a block's time. Some blocks carry a chain millisecond; one block always has one text. */
export function timestampOf(block: number): string {
  return isoText(blockMs(block), block % 5 === 1);
}

export function isoText(ms: number, withMillisecond = false): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, withMillisecond ? '.001Z' : 'Z');
}

export function dateOf(block: number): string {
  return new Date(blockMs(block)).toISOString().slice(0, 10);
}

/** Last block of the UTC day that `block` lies in: 23:59:48Z. */
export function lastBlockOfDay(block: number): number {
  const dayMs = 86_400_000;
  return blockAt((Math.floor(blockMs(block) / dayMs) + 1) * dayMs) - 1;
}
