import { Injectable } from '@nestjs/common';
import {
  DEFAULT_FEE_NUMERATOR,
  type DelegationRow,
  type DissolutionPayout,
  findPayouts,
  findSubnetEnds,
  type Generations,
  knownFlowsOf,
  type KnownFlows,
  normalizeDelegations,
  PAYMENT_BLOCKS,
  rateFee,
  type RejectedEvent,
  type SubnetEnd,
  toDelegationRows,
  toTransferRow,
  type TreasuryLedger,
} from '../analysis';
import { keepNewest } from '../common';
import { EarningsEventRepository, SubnetEndRepository, type WalletEvents } from '../database';

/** Alpha, and so everything that can be earned, began on this day. */
const FIRST_EVENT_AT = new Date('2025-02-13T00:00:00Z');

/** Datasets beside the events that payouts, generations and fees are read from. */
const SOURCES = ['positions', 'position_history', 'account_history', 'subnets', 'pools'] as const;
/** Sets of wallets whose ledger is kept; the ones asked for longest ago go first. */
const KEPT = 16;

/** All that happened to some wallets. */
export interface WalletsLedger {
  ledger: TreasuryLedger;
  /** How far the events of each wallet are known. */
  flows: ReadonlyMap<string, KnownFlows>;
  generations: Generations;
}

/** Reads what happened to wallets as one ledger, the payouts of subnets that ended among it. */
@Injectable()
export class TreasuryLedgers {
  private readonly known = new Map<string, { version: string; read: Promise<WalletsLedger> }>();

  constructor(
    private readonly events: EarningsEventRepository,
    private readonly ends: SubnetEndRepository,
  ) {}

  /**
   * Transfers between these wallets are their own; those with any other are not. The same wallets are read again only when
   * something was synced that the ledger is made of, and once for all who ask meanwhile: the version is read before, so a
   * reading has all that a later caller finds the same version of.
   */
  async read(addresses: readonly string[]): Promise<WalletsLedger> {
    const key = addresses.join(' ');
    const version = await this.events.version(addresses, SOURCES);
    const known = this.known.get(key);
    if (known !== undefined && known.version === version) return known.read;
    const read = this.readAll(addresses);
    if (version === null) return read;
    keepNewest(this.known, key, { version, read }, KEPT);
    // What failed is told to those who shared it, and read again by whoever comes next.
    read.catch(() => {
      if (this.known.get(key)?.read === read) this.known.delete(key);
    });
    return read;
  }

  private async readAll(addresses: readonly string[]): Promise<WalletsLedger> {
    const events = await this.events.read(addresses);
    const { generations } = events;
    const flows = knownFlowsOf(addresses, events, generations);
    const { rows, rejected } = toDelegationRows(events.delegations, generations);
    const draft = ledgerOf(addresses, { events, rows, rejected, flows });
    const payouts = await this.payouts(addresses, draft, { flows, generations });
    const ledger = payouts.length === 0 ? draft : ledgerOf(addresses, { events, rows, rejected, flows, payouts });
    return { ledger, flows, generations };
  }

  private async payouts(
    addresses: readonly string[],
    ledger: TreasuryLedger,
    { flows, generations }: Omit<WalletsLedger, 'ledger'>,
  ): Promise<DissolutionPayout[]> {
    const reused = [...generations].flatMap(([netuid, blocks]) => (blocks.length > 1 ? [netuid] : []));
    const everHeld = await this.ends.everHeld(addresses, reused);
    const found = findSubnetEnds(ledger.events, generations, everHeld);
    const asked = found.map(({ coldkey: wallet, netuid, blockNumber: block }) => ({ wallet, netuid, block }));
    const around = await this.ends.around(asked, PAYMENT_BLOCKS);
    const balances = await this.ends.balances(asked);
    return findPayouts(found, {
      ledger,
      flows,
      recordsOf: (end: SubnetEnd) => ({
        around: around.filter((state) => isAround(state, end)),
        balances: balances.filter((balance) => isAround(balance, end) && balance.netuid === end.netuid),
      }),
    });
  }
}

/** Whether something was recorded around the end of this wallet's subnet. */
function isAround({ wallet, endBlock }: { wallet: string; endBlock: number }, end: SubnetEnd): boolean {
  return wallet === end.coldkey && endBlock === end.blockNumber;
}

interface LedgerSources {
  events: WalletEvents;
  rows: readonly DelegationRow[];
  rejected: readonly RejectedEvent[];
  flows: ReadonlyMap<string, KnownFlows>;
  payouts?: readonly DissolutionPayout[];
}

function ledgerOf(
  addresses: readonly string[],
  { events, rows, rejected, flows, payouts = [] }: LedgerSources,
): TreasuryLedger {
  const ownColdkeys = new Set(addresses);
  const read = normalizeDelegations(rows, { ownColdkeys, payouts, feeNumerators: feeNumeratorsOf(events) });
  const unread = [...rejected, ...read.rejected];
  const isWhole = (wallet: string): boolean => {
    const cursor = events.cursors.find((each) => each.dataset === 'delegation_events' && each.wallet === wallet);
    const gaps = flows.get(wallet)?.gaps.some(({ dataset }) => dataset === 'delegation_events') ?? true;
    const isDoubtful = gaps || unread.some(({ coldkey }) => coldkey === wallet);
    return cursor !== undefined && cursor.completeFrom <= FIRST_EVENT_AT && !isDoubtful;
  };
  return {
    ownColdkeys,
    events: read.events,
    extrinsicOf: new Map(rows.flatMap((row) => (row.extrinsicId === null ? [] : [[row.id, row.extrinsicId]]))),
    transfers: events.transfers.map(toTransferRow),
    rejected: unread,
    whole: new Set(addresses.filter(isWhole)),
  };
}

function feeNumeratorsOf({ feeRates }: WalletEvents): Map<number, bigint> {
  return new Map(
    [...feeRates].map(([netuid, feeRate]) => {
      const fee = rateFee(feeRate);
      return [netuid, fee.kind === 'rate' ? fee.numerator : DEFAULT_FEE_NUMERATOR];
    }),
  );
}
