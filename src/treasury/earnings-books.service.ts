import { Injectable } from '@nestjs/common';
import {
  computeWalletEarnings,
  type Doubt,
  isInWindow,
  type KnownFlows,
  type MissingInput,
  missingEvents,
  type RejectedEvent,
  toWalletBoundary,
  type UnreadTime,
  type WalletBoundary,
  type WalletEarnings,
  withoutLostAlpha,
} from '../analysis';
import { EarningsBoundaryRepository } from '../database';
import { doubtsOf } from './earnings-doubts';
import { TreasuryLedgers, type WalletsLedger } from './treasury-ledger.service';

/** The treasury over one window: a statement for each wallet whose both ends and events are known, a reason for others. */
export interface TreasuryWindow {
  from: Date;
  to: Date;
  startAt: Date | null;
  endAt: Date | null;
  wallets: WalletEarnings[];
  /** The same before alpha that is lost made subnets unknown: what a check of the books must see. */
  asRecorded: WalletEarnings[];
  missing: MissingInput[];
  /** Per wallet that has a statement, to weigh its flows by time. */
  flows: { rao: bigint; remaining: string }[];
  /** Events of the window that could not be read. */
  rejected: RejectedEvent[];
}

/** Puts recorded states and events together into statements. */
@Injectable()
export class EarningsBooks {
  constructor(
    private readonly boundaries: EarningsBoundaryRepository,
    private readonly ledgers: TreasuryLedgers,
  ) {}

  /** Moments ascending, two at the least; those after the last one that events are known of become that one. */
  async open(addresses: readonly string[], moments: readonly Date[]): Promise<TreasuryWindow[]> {
    if (addresses.length === 0) return [];
    const read = await this.ledgers.read(addresses);
    const { ledger, flows, generations } = read;
    const capped = capMoments(moments, flows);
    const rows = await this.boundaries.read(addresses, capped);
    const ofWallet = new Map(
      addresses.map((wallet) => [wallet, ledger.events.filter((event) => event.coldkey === wallet)]),
    );
    const stateOf = (wallet: string, moment: Date): WalletBoundary | null => {
      const found = rows.find((row) => row.wallet === wallet && row.moment === moment);
      return found === undefined ? null : toWalletBoundary(found, ofWallet.get(wallet) ?? [], generations);
    };
    const states = new Map(
      capped.map((moment) => [moment, new Map(addresses.map((wallet) => [wallet, stateOf(wallet, moment)]))]),
    );
    return capped.slice(1).flatMap((to, index): TreasuryWindow[] => {
      const from = capped[index];
      if (from === undefined) return [];
      const ends = addresses.map((wallet) => ({
        wallet,
        start: states.get(from)?.get(wallet) ?? null,
        end: states.get(to)?.get(wallet) ?? null,
      }));
      return [toWindow({ from, to }, ends, read)];
    });
  }
}

/** Windows that nobody can know yet are left out; the one that events end in ends with them. */
function capMoments(moments: readonly Date[], flows: ReadonlyMap<string, KnownFlows>): Date[] {
  const knownTo = Math.min(...[...flows.values()].map(({ to }) => to.getTime()));
  const [first = new Date(), ...others] = moments;
  if (!Number.isFinite(knownTo) || knownTo <= first.getTime()) return [first, ...others.slice(-1)];
  const known = others.filter((moment) => moment.getTime() <= knownTo);
  return known.length === others.length ? [...moments] : [first, ...known, new Date(knownTo)];
}

interface WalletEnds {
  wallet: string;
  start: WalletBoundary | null;
  end: WalletBoundary | null;
}

function toWindow(
  { from, to }: { from: Date; to: Date },
  ends: readonly WalletEnds[],
  { ledger, flows }: WalletsLedger,
): TreasuryWindow {
  const window: TreasuryWindow = { ...emptyWindow({ from, to }), missing: [] };
  for (const { wallet, start, end } of ends) {
    const known = flows.get(wallet);
    const reason = whyUnknown({ start, end, known, from, to });
    if (reason !== null || start === null || end === null) {
      window.missing.push({ input: `wallet ${wallet}`, reason: reason ?? 'no state is known' });
      continue;
    }
    window.startAt = earlier(window.startAt, start.at);
    window.endAt = later(window.endAt, end.at);
    const rejected = ledger.rejected.filter(
      (event) =>
        event.coldkey === wallet && isInWindow(event, { fromBlock: start.blockNumber, toBlock: end.blockNumber }),
    );
    const unread = (known?.gaps ?? []).filter((gap) => gap.from < end.at && gap.to > start.at);
    const doubts = doubtsOf(rejected, unread);
    window.rejected.push(...rejected);
    window.missing.push(...missingBeside(wallet, doubts, unread));
    window.asRecorded.push(computeWalletEarnings(wallet, { start, end }, ledger, doubts));
    for (const flow of known?.flows ?? []) {
      if (flow.blockNumber <= start.blockNumber || flow.blockNumber > end.blockNumber) continue;
      const remaining = (end.blockNumber - flow.blockNumber) / (end.blockNumber - start.blockNumber);
      window.flows.push({ rao: flow.rao, remaining: remaining.toFixed(12) });
    }
  }
  return { ...window, wallets: withoutLostAlpha(window.asRecorded, ledger.events) };
}

/** A window of nobody. */
export function emptyWindow({ from, to }: { from: Date; to: Date }): TreasuryWindow {
  return {
    from,
    to,
    startAt: null,
    endAt: null,
    wallets: [],
    asRecorded: [],
    missing: [{ input: 'wallets', reason: 'no wallet is followed' }],
    flows: [],
    rejected: [],
  };
}

/** What is not the matter of one subnet alone. */
function missingBeside(wallet: string, doubts: readonly Doubt[], unread: readonly UnreadTime[]): MissingInput[] {
  const input = `wallet ${wallet}`;
  return [
    ...doubts.filter(({ netuid }) => netuid === null).map(({ reason }) => ({ input, reason })),
    ...unread.filter(({ dataset }) => dataset === 'transfers').map((gap) => ({ input, reason: missingEvents(gap) })),
  ];
}

function whyUnknown(
  ends: Omit<WalletEnds, 'wallet'> & { known: KnownFlows | undefined; from: Date; to: Date },
): string | null {
  const { start, end, known, from, to } = ends;
  if (known === undefined) return 'its events were never read';
  if (start === null) return `no state of it is known at ${from.toISOString()}`;
  if (end === null) return `no state of it is known at ${to.toISOString()}`;
  if (start.at < known.from) return `its events are known from ${known.from.toISOString()} on`;
  if (end.at > known.to) return `its events are known up to ${known.to.toISOString()}`;
  // One state at both ends: what was earned meanwhile is in the window of the next state, and is not nothing.
  if (end.blockNumber <= start.blockNumber) {
    return `no state of it was recorded between ${from.toISOString()} and ${to.toISOString()}`;
  }
  return null;
}

function earlier(a: Date | null, b: Date): Date {
  return a === null || b < a ? b : a;
}

function later(a: Date | null, b: Date): Date {
  return a === null || b > a ? b : a;
}
