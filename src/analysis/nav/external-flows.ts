import { classifyTransfers, type TransferRow } from '../ledger/cash';
import { normalizeDelegations, type DelegationRow } from '../ledger/delegation';

/** Money that crossed one wallet's border in a block: in (+) or out (-), in TAO rao. */
export interface WalletFlow {
  blockNumber: number;
  rao: bigint;
}

/**
 * What came into a wallet and left it, seen from this wallet alone: free TAO without the fees, which are costs, and stake
 * transfers at the event amount. Trades and moves stay inside. A transfer to another own wallet is a flow here; over all
 * wallets the two sides cancel.
 */
export function walletFlows(
  wallet: string,
  rows: { delegations: readonly DelegationRow[]; transfers: readonly TransferRow[] },
): WalletFlow[] {
  const ownColdkeys = new Set([wallet]);
  const own = rows.delegations.filter((row) => row.coldkey === wallet);
  const { events } = normalizeDelegations(own, { ownColdkeys });
  const extrinsicOf = new Map(own.flatMap((row) => (row.extrinsicId === null ? [] : [[row.id, row.extrinsicId]])));
  const stake = events.flatMap(({ kind, blockNumber, taoRao }): WalletFlow[] => {
    if (kind !== 'transfer_in' && kind !== 'transfer_out') return [];
    return [{ blockNumber, rao: kind === 'transfer_in' ? (taoRao ?? 0n) : -(taoRao ?? 0n) }];
  });
  const cash = classifyTransfers(rows.transfers, { ownColdkeys, events, extrinsicOf }).flatMap(
    ({ row, kind }): WalletFlow[] => {
      if (kind !== 'deposit' && kind !== 'withdrawal') return [];
      return [{ blockNumber: row.blockNumber, rao: kind === 'deposit' ? row.amountRao : -row.amountRao }];
    },
  );
  return [...stake, ...cash].sort((a, b) => a.blockNumber - b.blockNumber);
}

/** Sum of the flows of the blocks (fromBlock, toBlock]; the flows are in the order of blocks. */
export function flowBetween(flows: readonly WalletFlow[], fromBlock: number, toBlock: number): bigint {
  let rao = 0n;
  for (let index = firstAfter(flows, fromBlock); index < flows.length; index += 1) {
    const flow = flows[index];
    if (flow === undefined || flow.blockNumber > toBlock) break;
    rao += flow.rao;
  }
  return rao;
}

/** Index of the first flow behind a block, found by halves: a long past has many flows and many windows. */
function firstAfter(flows: readonly WalletFlow[], block: number): number {
  let [low, high] = [0, flows.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((flows[middle]?.blockNumber ?? 0) > block) high = middle;
    else low = middle + 1;
  }
  return low;
}
