import { classifyTransfers, computeCashStatement } from './cash';
import type { DissolutionPayout } from './dissolution-payout';
import { isInWindow } from './ledger-event';
import { alphaAtEnd, cashOf, type EndRecords, isWithin, statesAround, type SubnetEnd } from './subnet-end';
import type { TreasuryLedger } from './wallet-earnings';
import { type KnownFlows, missingEvents } from '../nav/nav-series';

/** What is known when payouts are looked for: the ledger without them, and how far events were read. */
export interface PayoutSources {
  ledger: Omit<TreasuryLedger, 'whole'>;
  flows: ReadonlyMap<string, KnownFlows>;
  recordsOf: (end: SubnetEnd) => EndRecords;
}

/**
 * What wallets were paid for subnets that ended. The chain pays free TAO and writes no event of it, so the payout is what
 * no row explains of a wallet's free TAO between the states around the end. Where that cannot be told it stays unknown,
 * with the reason. Wallets that held nothing any more are left out.
 */
export function findPayouts(ends: readonly SubnetEnd[], sources: PayoutSources): DissolutionPayout[] {
  const met = ends.flatMap((end) => {
    const alphaRao = alphaAtEnd(end, sources.recordsOf(end), sources.ledger.events);
    return alphaRao === null ? [] : [{ end, alphaRao }];
  });
  return met.map(({ end, alphaRao }): DissolutionPayout => {
    const { coldkey, netuid, generation, blockNumber } = end;
    const others = met.flatMap(({ end: other }) => (other !== end && other.coldkey === coldkey ? other : []));
    return { coldkey, netuid, generation, blockNumber, alphaRao, ...payoutOf(end, others, sources) };
  });
}

type Payment = Pick<DissolutionPayout, 'payoutRao' | 'unknownBecause' | 'estimated'>;

function payoutOf(end: SubnetEnd, others: readonly SubnetEnd[], sources: PayoutSources): Payment {
  const unknown = (unknownBecause: string): Payment => ({ payoutRao: null, unknownBecause });
  const { before, after } = statesAround(sources.recordsOf(end).around);
  if (before === null) return unknown('no balance of the wallet from before is known');
  if (after === null) return unknown('no balance of the wallet from after its payment is known yet');
  const other = others.find((each) => isWithin(each, before, after));
  if (other !== undefined) return unknown(`subnet ${other.netuid} ended at the same time`);

  const { ledger, flows } = sources;
  const unread = whyUnread(end.coldkey, { from: before.at, to: after.at }, flows.get(end.coldkey));
  if (unread !== null) return unknown(unread);
  const window = { fromBlock: before.block, toBlock: after.block };
  const rejected = ledger.rejected.find((event) => event.coldkey === end.coldkey && isInWindow(event, window));
  if (rejected !== undefined) return unknown(`event ${rejected.id} could not be read: ${rejected.reason}`);

  const events = ledger.events.filter((event) => event.coldkey === end.coldkey && isInWindow(event, window));
  const ownColdkeys = new Set([end.coldkey]);
  // Of this wallet alone: TAO from another wallet of the treasury came from somewhere, and is no payout.
  const transfers = classifyTransfers(ledger.transfers, { ...ledger, ownColdkeys });
  const { unexplainedRao } = computeCashStatement({
    window,
    freeStartRao: cashOf(before),
    freeEndRao: cashOf(after),
    events,
    transfers,
    ownColdkeys,
  });
  if (unexplainedRao <= 0n) return unknown('no free TAO arrived that nothing else explains');
  return {
    payoutRao: unexplainedRao,
    estimated: events.some(({ kind }) => kind !== 'dissolution' && kind !== 'transfer_in'),
  };
}

function whyUnread(
  wallet: string,
  { from, to }: { from: Date; to: Date },
  known: KnownFlows | undefined,
): string | null {
  if (known === undefined) return `the events of ${wallet} were never read`;
  if (from < known.from || to > known.to) return 'not all events around it have been read yet';
  const gap = known.gaps.find((entry) => entry.from < to && entry.to > from);
  return gap === undefined ? null : missingEvents(gap);
}
