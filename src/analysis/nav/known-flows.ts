import type { WalletEvents } from '../../database';
import { toDelegationRows, toTransferRow, type Generations } from '../ledger/event-rows';
import { walletFlows } from './external-flows';
import type { KnownFlows } from './nav-series';

/** Both have to be read before anything is known of what came in and went out. */
const EVENT_DATASETS = ['delegation_events', 'transfers'] as const;

/** Flows of each wallet whose events have been read, with the time that the reading covers. */
export function knownFlowsOf(
  addresses: readonly string[],
  events: WalletEvents,
  generations: Generations,
): Map<string, KnownFlows> {
  const rows = {
    delegations: toDelegationRows(events.delegations, generations).rows,
    transfers: events.transfers.map(toTransferRow),
  };
  const known = new Map<string, KnownFlows>();
  for (const address of addresses) {
    const cursors = EVENT_DATASETS.flatMap(
      (dataset) => events.cursors.find((cursor) => cursor.wallet === address && cursor.dataset === dataset) ?? [],
    );
    if (cursors.length < EVENT_DATASETS.length) continue;
    known.set(address, {
      flows: walletFlows(address, rows),
      from: new Date(Math.max(...cursors.map((cursor) => cursor.completeFrom.getTime()))),
      to: new Date(Math.min(...cursors.map((cursor) => cursor.completeTo.getTime()))),
      gaps: events.openGaps
        .filter((gap) => gap.wallet === address)
        .map(({ dataset, netuid, gapFrom, gapTo, reason }) => ({ dataset, netuid, from: gapFrom, to: gapTo, reason })),
    });
  }
  return known;
}
