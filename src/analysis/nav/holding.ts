/** Stake of one coldkey with one hotkey on one generation of a subnet (netuids are reused; registration block tells). */
export interface HeldPosition {
  coldkey: string;
  hotkey: string;
  netuid: number;
  /** Block at which the subnet was registered; null on root. */
  generation: number | null;
  alphaRao: bigint;
  /** Alpha that cannot be unstaked now (conviction lock, collateral). */
  lockedAlphaRao?: bigint;
}

/** All stake on one generation of a subnet, over hotkeys and own coldkeys: what meets the pool as one sale. */
export interface Holding {
  netuid: number;
  generation: number | null;
  alphaRao: bigint;
  lockedAlphaRao: bigint;
  positions: readonly HeldPosition[];
}

/**
 * Adds positions up per subnet generation, in order of netuid. Pricing them one by one would let each sell at the top of
 * the same curve: two halves of 5,000 alpha would show 4.3 TAO more than the 10,000 can fetch in the worked example.
 */
export function groupHoldings(positions: readonly HeldPosition[]): Holding[] {
  const groups = new Map<string, HeldPosition[]>();
  for (const position of positions) {
    const key = holdingKey(position);
    groups.set(key, [...(groups.get(key) ?? []), position]);
  }
  return [...groups.values()].flatMap(toHolding).sort(byNetuid);
}

/** Key of a subnet generation, for maps. */
export function holdingKey(subnet: { netuid: number; generation: number | null }): string {
  return `${subnet.netuid}/${subnet.generation ?? 'root'}`;
}

function toHolding(positions: HeldPosition[]): Holding[] {
  const [first] = positions;
  if (!first) return [];
  const alphaRao = positions.reduce((sum, position) => sum + position.alphaRao, 0n);
  const lockedAlphaRao = positions.reduce((sum, position) => sum + (position.lockedAlphaRao ?? 0n), 0n);
  return [{ netuid: first.netuid, generation: first.generation, alphaRao, lockedAlphaRao, positions }];
}

function byNetuid(a: Holding, b: Holding): number {
  return a.netuid - b.netuid || (a.generation ?? 0) - (b.generation ?? 0);
}
