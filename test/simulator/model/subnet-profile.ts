import { BLOCKS_PER_DAY } from '../chain';
import { between, hash32, unit } from '../random';

export const SUBNET_COUNT = 128;
/** Netuids whose subnet was registered a few days ago: price means nothing, nothing trades. */
const STARTING = new Set([38, 67, 109]);
/** Netuids that another subnet held before, with the day since the model's genesis on which they changed hands. */
const REUSED = new Map([
  [31, 150],
  [87, 300],
]);
const STARTING_SINCE_DAY = 395;
/** Days a fresh subnet stays in start-up. */
export const STARTUP_DAYS = 7;
/** Prices and pool depths are stated for this block (2026-11-01); all else follows from it in both directions. */
export const REFERENCE_BLOCK = 9_411_635;

/** One subnet in one life of a netuid. */
export interface SubnetLife {
  netuid: number;
  /** Counts the subnets that held this netuid; part of the seed of everything about the subnet. */
  generation: number;
  registeredAt: number;
  startup: boolean;
  name: string;
  symbol: string;
  /** TAO per alpha around which the price wanders. */
  meanPrice: number;
  /** TAO reserve at the reference block. */
  depthTao: number;
  /** 2 to the 20 means 100 % of all emission. */
  weight: number;
  feeRateParts: number;
  /** TAO weight of the pool, 18 decimals. */
  quoteWeight: bigint;
}

const FIRST = ['Amber', 'Basalt', 'Cobalt', 'Dune', 'Ember', 'Fjord', 'Granite', 'Harbor', 'Indigo', 'Juniper', 'Kelp'];
const SECOND = [
  'Relay',
  'Forge',
  'Lattice',
  'Signal',
  'Orchard',
  'Compass',
  'Quarry',
  'Beacon',
  'Loom',
  'Tide',
  'Vault',
];
const HALF = 500_000_000_000_000_000n;

/** The subnets that held `netuid`, oldest first. Pure in (seed, netuid, genesis). */
export function livesOf(seed: number, netuid: number, genesis: number): SubnetLife[] {
  const first = between(5_000_000, genesis - 30 * BLOCKS_PER_DAY, seed, netuid, 1);
  const lives = [lifeOf(seed, netuid, 0, Math.floor(first))];
  const reusedOnDay = REUSED.get(netuid);
  if (reusedOnDay !== undefined) {
    lives.push(lifeOf(seed, netuid, 1, genesis + reusedOnDay * BLOCKS_PER_DAY + 1_234));
  }
  if (STARTING.has(netuid)) {
    const at = genesis + STARTING_SINCE_DAY * BLOCKS_PER_DAY + netuid * 11;
    lives.push({ ...lifeOf(seed, netuid, 1, at), startup: true, name: netuid === 38 ? 'Reserved' : 'Unknown' });
  }
  return lives;
}

/** A subnet that takes over `netuid` at `block`. */
export function nextLife(seed: number, previous: SubnetLife, block: number): SubnetLife {
  return lifeOf(seed, previous.netuid, previous.generation + 1, block);
}

function lifeOf(seed: number, netuid: number, generation: number, registeredAt: number): SubnetLife {
  const dice = (stream: number): number => unit(seed, netuid, generation, stream);
  const size = Math.exp(dice(2) * 3.2);
  return {
    netuid,
    generation,
    registeredAt,
    startup: false,
    name: nameOf(netuid, generation),
    symbol: symbolOf(netuid),
    meanPrice: 0.0025 * Math.exp(dice(3) * 3.4),
    depthTao: 2_500 * size,
    weight: size,
    // One subnet sets its own, much higher, fee; the network's default is 33/65535.
    feeRateParts: netuid === 104 ? 10_000 : 33,
    quoteWeight: netuid % 25 === 7 ? HALF - BigInt(hash32(seed, netuid, 5) % 240_000_000_000) : HALF,
  };
}

function nameOf(netuid: number, generation: number): string {
  const index = netuid + generation * 57;
  return `${FIRST[index % FIRST.length] ?? ''} ${SECOND[Math.floor(index / FIRST.length) % SECOND.length] ?? ''}`;
}

/** Greek first, then letters of other scripts, one per netuid, as on the real chain. */
function symbolOf(netuid: number): string {
  if (netuid === 19) return 't';
  if (netuid <= 24) return String.fromCodePoint(0x3b0 + netuid);
  if (netuid <= 50) return String.fromCodePoint(0x5d0 + netuid - 25);
  if (netuid <= 76) return String.fromCodePoint(0x628 + netuid - 51);
  return String.fromCodePoint(0x430 + ((netuid - 77) % 64));
}
