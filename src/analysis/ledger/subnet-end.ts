import { ExactDecimal } from '../../common';
import type { RecordedBalance, StateAround } from '../../database';
import { floorRao } from '../exact';
import type { Generations } from './event-rows';
import { isInWindow, type LedgerEvent } from './ledger-event';

/** Blocks within which a dissolution has been paid: two hours, where the chain takes some blocks. */
export const PAYMENT_BLOCKS = 600;
/** Less alpha than this is what roundings left of a position that was sold. */
const ROUNDING_RAO = 10n;

/** A wallet's stake on a subnet that came to its end. */
export interface SubnetEnd {
  coldkey: string;
  netuid: number;
  generation: number | null;
  /** The block of the dissolution. */
  blockNumber: number;
  /** Alpha that upstream's own rows say was taken; null where it wrote none. */
  statedAlphaRao: bigint | null;
}

/**
 * The ends of subnets that may have met one of the wallets: those that upstream tells by rows without TAO, and those
 * where another subnet took the netuid. `everHeld` are `coldkey/netuid` that the wallets are known to have held.
 */
export function findSubnetEnds(
  events: readonly LedgerEvent[],
  generations: Generations,
  everHeld: ReadonlySet<string>,
): SubnetEnd[] {
  const ends = new Map<string, SubnetEnd>();
  for (const event of events.filter(({ kind }) => kind === 'dissolution')) {
    const { coldkey, netuid, generation, blockNumber } = event;
    const before = ends.get(endKey(event))?.statedAlphaRao ?? 0n;
    ends.set(endKey(event), { coldkey, netuid, generation, blockNumber, statedAlphaRao: before - event.alphaRao });
  }
  const touched = events.map(({ coldkey, netuid, generation }) => ({ coldkey, netuid, generation }));
  const held = [...everHeld].flatMap((name) => {
    const [coldkey = '', netuid = ''] = name.split('/');
    return (generations.get(Number(netuid)) ?? []).map((generation) => ({
      coldkey,
      netuid: Number(netuid),
      generation,
    }));
  });
  for (const subnet of [...touched, ...held]) {
    const blockNumber = successorOf(subnet, generations);
    if (blockNumber === null || ends.has(endKey(subnet))) continue;
    ends.set(endKey(subnet), { ...subnet, blockNumber, statedAlphaRao: null });
  }
  return [...ends.values()];
}

/** What was recorded of a wallet around the end of a subnet. */
export interface EndRecords {
  around: readonly StateAround[];
  /** Of the subnet that ended. */
  balances: readonly RecordedBalance[];
}

/** Alpha that the wallet still had at the end: as upstream says, or as last recorded with what happened since; null: none. */
export function alphaAtEnd(end: SubnetEnd, records: EndRecords, events: readonly LedgerEvent[]): bigint | null {
  if (end.statedAlphaRao !== null) return end.statedAlphaRao;
  const own = events.filter((event) => endKey(event) === endKey(end) && event.blockNumber < end.blockNumber);
  const begun = end.generation ?? 0;
  const balances = records.balances.filter(({ block }) => block >= begun && block < end.blockNumber);
  const newestDay = Math.max(0, ...balances.map(({ block }) => block));
  const snapshot = records.around.find(({ side, block, holdings }) => {
    return side === 'before' && holdings !== null && block >= begun && block >= newestDay;
  });
  const lastBlockOf = new Map(balances.map(({ hotkey, block }) => [hotkey, block]));
  const recordedRao =
    snapshot === undefined
      ? sum(balances.map(({ alpha }) => raoOf(alpha)))
      : sum((snapshot.holdings ?? []).map(({ netuid, alpha }) => (netuid === end.netuid ? raoOf(alpha) : 0n)));
  const since = own.filter(
    ({ hotkey, blockNumber }) => blockNumber > (snapshot?.block ?? lastBlockOf.get(hotkey) ?? -1),
  );
  const alphaRao = recordedRao + sum(since.map((event) => event.alphaRao));
  return alphaRao > ROUNDING_RAO ? alphaRao : null;
}

/** The states between which the free TAO of a payout arrived, the nearest ones. */
export function statesAround(around: readonly StateAround[]): {
  before: StateAround | null;
  after: StateAround | null;
} {
  const of = (side: StateAround['side']): StateAround[] =>
    around.filter((state) => state.side === side).sort((a, b) => a.block - b.block);
  return { before: of('before').at(-1) ?? null, after: of('after')[0] ?? null };
}

/** Whether two ends of one wallet fall between the same states, so that their payouts cannot be told apart. */
export function isWithin(end: SubnetEnd, before: StateAround, after: StateAround): boolean {
  return isInWindow(end, { fromBlock: before.block, toBlock: after.block });
}

export function cashOf({ cash }: StateAround): bigint {
  return raoOf(cash);
}

function successorOf(subnet: { netuid: number; generation: number | null }, generations: Generations): number | null {
  const later = (generations.get(subnet.netuid) ?? []).filter((block) => block > (subnet.generation ?? 0));
  return later.length === 0 ? null : Math.min(...later);
}

function endKey({ coldkey, netuid, generation }: Pick<SubnetEnd, 'coldkey' | 'netuid' | 'generation'>): string {
  return `${coldkey}/${netuid}/${generation ?? ''}`;
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, rao) => total + rao, 0n);
}

function raoOf(text: string): bigint {
  return floorRao(new ExactDecimal(text));
}
