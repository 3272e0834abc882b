import { Injectable } from '@nestjs/common';
import {
  computeWalletEarnings,
  knownFlowsOf,
  type KnownFlows,
  type MissingInput,
  normalizeDelegations,
  type RejectedEvent,
  toDelegationRow,
  toTransferRow,
  toWalletBoundary,
  type TreasuryLedger,
  type WalletBoundary,
  type WalletEarnings,
} from '../analysis';
import { EarningsBoundaryRepository, EarningsEventRepository, type WalletEvents } from '../database';

/** Alpha, and so everything that can be earned, began on this day. */
const FIRST_EVENT_AT = new Date('2025-02-13T00:00:00Z');

/** The treasury over one window: a statement for each wallet whose both ends and events are known, a reason for others. */
export interface TreasuryWindow {
  from: Date;
  to: Date;
  startAt: Date | null;
  endAt: Date | null;
  wallets: WalletEarnings[];
  missing: MissingInput[];
  /** Per wallet that has a statement, to weigh its flows by time. */
  flows: { rao: bigint; remaining: string }[];
}

export interface TreasuryBooks {
  windows: TreasuryWindow[];
  rejected: readonly RejectedEvent[];
}

/** Puts recorded states and events together into statements. */
@Injectable()
export class EarningsBooks {
  constructor(
    private readonly boundaries: EarningsBoundaryRepository,
    private readonly events: EarningsEventRepository,
  ) {}

  /** Moments ascending, two at the least; those after the last one that events are known of become that one. */
  async open(addresses: readonly string[], moments: readonly Date[]): Promise<TreasuryBooks> {
    if (addresses.length === 0) return { windows: [], rejected: [] };
    const events = await this.events.read(addresses);
    const flows = knownFlowsOf(addresses, events, events.generations);
    const { ledger, rejected } = ledgerOf(addresses, events);
    const capped = capMoments(moments, flows);
    const rows = await this.boundaries.read(addresses, capped);
    const ofWallet = new Map(
      addresses.map((wallet) => [wallet, ledger.events.filter((event) => event.coldkey === wallet)]),
    );
    const stateOf = (wallet: string, moment: Date): WalletBoundary | null => {
      const found = rows.find((row) => row.wallet === wallet && row.moment === moment);
      return found === undefined ? null : toWalletBoundary(found, ofWallet.get(wallet) ?? [], events.generations);
    };
    const states = new Map(
      capped.map((moment) => [moment, new Map(addresses.map((wallet) => [wallet, stateOf(wallet, moment)]))]),
    );
    const windows = capped.slice(1).flatMap((to, index): TreasuryWindow[] => {
      const from = capped[index];
      if (from === undefined) return [];
      const ends = addresses.map((wallet) => ({
        wallet,
        start: states.get(from)?.get(wallet) ?? null,
        end: states.get(to)?.get(wallet) ?? null,
      }));
      return [toWindow({ from, to }, ends, { ledger, flows })];
    });
    return { windows, rejected };
  }
}

function ledgerOf(
  addresses: readonly string[],
  events: WalletEvents,
): { ledger: TreasuryLedger; rejected: readonly RejectedEvent[] } {
  const ownColdkeys = new Set(addresses);
  const rows = events.delegations.flatMap((event) => toDelegationRow(event, events.generations) ?? []);
  const { events: read, rejected } = normalizeDelegations(rows, { ownColdkeys });
  const begins = events.cursors.filter((cursor) => cursor.dataset === 'delegation_events');
  return {
    rejected,
    ledger: {
      ownColdkeys,
      events: read,
      extrinsicOf: new Map(rows.flatMap((row) => (row.extrinsicId === null ? [] : [[row.id, row.extrinsicId]]))),
      transfers: events.transfers.map(toTransferRow),
      isWhole: begins.length === addresses.length && begins.every((cursor) => cursor.completeFrom <= FIRST_EVENT_AT),
    },
  };
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
  { ledger, flows }: { ledger: TreasuryLedger; flows: ReadonlyMap<string, KnownFlows> },
): TreasuryWindow {
  const window: TreasuryWindow = { from, to, startAt: null, endAt: null, wallets: [], missing: [], flows: [] };
  for (const { wallet, start, end } of ends) {
    const known = flows.get(wallet);
    const reason = whyUnknown({ start, end, known, from, to });
    if (reason !== null || start === null || end === null) {
      window.missing.push({ input: `wallet ${wallet}`, reason: reason ?? 'no state is known' });
      continue;
    }
    window.startAt = earlier(window.startAt, start.at);
    window.endAt = later(window.endAt, end.at);
    window.wallets.push(computeWalletEarnings(wallet, { start, end }, ledger));
    for (const flow of known?.flows ?? []) {
      if (flow.blockNumber <= start.blockNumber || flow.blockNumber > end.blockNumber) continue;
      const remaining = (end.blockNumber - flow.blockNumber) / (end.blockNumber - start.blockNumber);
      window.flows.push({ rao: flow.rao, remaining: remaining.toFixed(12) });
    }
  }
  return window;
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
  const gap = known.gaps.find((entry) => entry.from < end.at && entry.to > start.at);
  return gap === undefined ? null : `its events from ${gap.from.toISOString()} to ${gap.to.toISOString()} are missing`;
}

function earlier(a: Date | null, b: Date): Date {
  return a === null || b < a ? b : a;
}

function later(a: Date | null, b: Date): Date {
  return a === null || b > a ? b : a;
}
