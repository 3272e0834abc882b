/**
 * What happened to stake. `own_transfer` and `move` change who or which hotkey holds it and cancel within a subnet;
 * `hotkey_swap` likewise; `dissolution` is the end of a subnet, paid out in free TAO.
 */
export type LedgerKind =
  'buy' | 'sell' | 'transfer_in' | 'transfer_out' | 'own_transfer' | 'move' | 'hotkey_swap' | 'dissolution';

/** One change of one position, in one meaning whatever runtime wrote it. */
export interface LedgerEvent {
  /** Upstream id: one extrinsic can hold several events, so `block-extrinsic` is no key. */
  id: string;
  blockNumber: number;
  /** Time of the block, where upstream told it. */
  at?: Date;
  netuid: number;
  generation: number | null;
  coldkey: string;
  /** Empty for a dissolution that upstream gave no row. */
  hotkey: string;
  /** The other coldkey of a transfer. */
  counterparty?: string;
  kind: LedgerKind;
  /** Signed change of the position: what it really grew or shrank by, fee included on a sale. */
  alphaRao: bigint;
  /** TAO paid (gross) or received; the event amount of a transfer; the payout of a dissolution, null while unknown. */
  taoRao: bigint | null;
  /** The alpha at the marginal price just before the event, in TAO rao; equals `taoRao` without slippage. */
  spotValueRao: bigint;
  /** Swap fee in TAO terms. */
  feeTaoRao: bigint;
  /**
   * Upstream sent no usable slippage, so the spot value assumes a cost of the fee alone; or a fee that is that of no rate;
   * or the payout is less the fees of extrinsics that nobody lists.
   */
  estimated: boolean;
  /** Why `taoRao` is not known. */
  unknownBecause?: string;
}

/** A row that could not be read as an event: listed with its reason, the rest of the report stands. */
export interface RejectedEvent {
  id: string;
  reason: string;
  blockNumber: number;
  coldkey: string;
  /** Null: it may have been on any subnet. */
  netuid: number | null;
}

/** Blocks of a reporting window, half-open (from, to]: an event at a boundary belongs to one window only. */
export interface BlockWindow {
  fromBlock: number;
  toBlock: number;
}

/** Whether an event falls into the half-open window. */
export function isInWindow(event: { blockNumber: number }, window: BlockWindow): boolean {
  return event.blockNumber > window.fromBlock && event.blockNumber <= window.toBlock;
}
