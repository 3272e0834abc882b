import { splitRao } from '../exact';
import type { LedgerEvent } from './ledger-event';

/** The end of a subnet for one coldkey, over all its hotkeys: the alpha that vanished and the free TAO paid for it. */
export interface DissolutionPayout {
  coldkey: string;
  netuid: number;
  generation: number | null;
  blockNumber: number;
  alphaRao: bigint;
  /** Null while it is not known; a statement over it is then unknown too. */
  payoutRao: bigint | null;
  /** Why it is not. */
  unknownBecause?: string;
  /** Fees of extrinsics that nobody lists are taken off it. */
  estimated?: boolean;
}

/** Books payouts: shared by alpha over the coldkey's rows of that end, or as an event of its own where there are none. */
export function withPayouts(events: readonly LedgerEvent[], payouts: readonly DissolutionPayout[]): LedgerEvent[] {
  const paid = new Map<string, LedgerEvent>();
  const added: LedgerEvent[] = [];
  for (const payout of payouts) {
    const rows = events.filter((event) => event.kind === 'dissolution' && isOf(event, payout));
    if (rows.length === 0) added.push(dissolutionEvent(payout));
    const { payoutRao } = payout;
    const shares =
      payoutRao === null
        ? null
        : splitRao(
            payoutRao,
            rows.map((event) => -event.alphaRao),
          );
    rows.forEach((event, index) => paid.set(event.id, { ...event, ...paymentOf(payout, shares?.[index] ?? null) }));
  }
  return [...events.map((event) => paid.get(event.id) ?? event), ...added];
}

function isOf(event: LedgerEvent, payout: DissolutionPayout): boolean {
  const sameSubnet = event.netuid === payout.netuid && event.generation === payout.generation;
  return sameSubnet && event.coldkey === payout.coldkey;
}

function dissolutionEvent(payout: DissolutionPayout): LedgerEvent {
  const { coldkey, netuid, generation, blockNumber, alphaRao, payoutRao } = payout;
  return {
    id: `dissolution-${netuid}-${generation ?? 'first'}-${coldkey}`,
    blockNumber,
    netuid,
    generation,
    coldkey,
    hotkey: '',
    kind: 'dissolution',
    alphaRao: -alphaRao,
    feeTaoRao: 0n,
    ...paymentOf(payout, payoutRao),
  };
}

function paymentOf(
  { unknownBecause, estimated = false }: DissolutionPayout,
  taoRao: bigint | null,
): Pick<LedgerEvent, 'taoRao' | 'spotValueRao' | 'estimated' | 'unknownBecause'> {
  return {
    taoRao,
    spotValueRao: taoRao ?? 0n,
    estimated,
    ...(taoRao !== null || unknownBecause === undefined ? {} : { unknownBecause }),
  };
}
