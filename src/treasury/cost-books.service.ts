import { Injectable } from '@nestjs/common';
import {
  type ClosingState,
  computeCostBasis,
  type CostMethod,
  type DayMark,
  type EmissionView,
  generationAt,
  type Generations,
  type PositionBasis,
  positionKey,
  toWalletBoundary,
} from '../analysis';
import {
  type BoundaryRows,
  EarningsBoundaryRepository,
  PositionMarkRepository,
  type PositionMarkRow,
} from '../database';
import { doubtsOf } from './earnings-doubts';
import { TreasuryLedgers, type WalletsLedger } from './treasury-ledger.service';

export interface CostBooks {
  positions: PositionBasis[];
  /** Events count up to here. */
  closedAt: Date;
  /** What is not known of wallets as a whole. */
  missing: { wallet: string; reason: string }[];
}

interface CostQuestion {
  now: Date;
  method: CostMethod;
  emission: EmissionView;
}

/** Puts all events of the wallets, their days and their newest common state together into lots. */
@Injectable()
export class CostBookkeeper {
  /** Books of a ledger go with it, and it is another one as soon as something was synced that they are made of. */
  private readonly kept = new WeakMap<WalletsLedger, Map<string, Promise<CostBooks>>>();

  constructor(
    private readonly ledgers: TreasuryLedgers,
    private readonly boundaries: EarningsBoundaryRepository,
    private readonly marks: PositionMarkRepository,
  ) {}

  /** All wallets together, because lots go along with stake that is sent between them. */
  async open(addresses: readonly string[], question: CostQuestion): Promise<CostBooks> {
    const read = await this.ledgers.read(addresses);
    const kept = this.kept.get(read) ?? new Map<string, Promise<CostBooks>>();
    this.kept.set(read, kept);
    const key = `${question.method} ${question.emission}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const books = this.compute(addresses, read, question);
    kept.set(key, books);
    books.catch(() => kept.delete(key));
    return books;
  }

  private async compute(
    addresses: readonly string[],
    read: WalletsLedger,
    { now, method, emission }: CostQuestion,
  ): Promise<CostBooks> {
    const closedAt = closeOf(read, now);
    const rows = await this.boundaries.read(addresses, [closedAt]);
    const closings = new Map(rows.map((row) => [row.wallet, closingOf(row, read)]));
    const marks = groupMarks(method === 'fifo' ? await this.marks.days(addresses) : [], read.generations);
    const positions = computeCostBasis({ ledger: read.ledger, closings, marks, method, emission });
    const missing = [...closings].flatMap(([wallet, closing]) => missingOf(wallet, closing));
    return { positions, closedAt, missing };
  }
}

/** The newest moment up to which the events of all wallets are known that have any that are. */
function closeOf({ flows }: WalletsLedger, now: Date): Date {
  return new Date(Math.min(now.getTime(), ...[...flows.values()].map(({ to }) => to.getTime())));
}

function closingOf(row: BoundaryRows, { ledger, flows, generations }: WalletsLedger): ClosingState {
  const { wallet, moment } = row;
  const known = flows.get(wallet);
  if (known === undefined) return { boundary: null, reason: 'its events were never read', doubts: [] };
  const events = ledger.events.filter((event) => event.coldkey === wallet);
  const boundary = toWalletBoundary(row, events, generations);
  const rejected = ledger.rejected.filter((event) => event.coldkey === wallet);
  const doubts = doubtsOf(rejected, known.gaps);
  return { boundary, reason: `no state of it is known at ${moment.toISOString()}`, doubts };
}

function missingOf(wallet: string, { boundary, reason, doubts }: ClosingState): CostBooks['missing'] {
  const everywhere = doubts.filter(({ netuid }) => netuid === null).map((doubt) => ({ wallet, reason: doubt.reason }));
  return boundary === null ? [{ wallet, reason }, ...everywhere] : everywhere;
}

function groupMarks(rows: readonly PositionMarkRow[], generations: Generations): Map<string, DayMark[]> {
  const groups = new Map<string, DayMark[]>();
  for (const { coldkey, netuid, generation, block, at, alpha, value } of rows) {
    const key = positionKey({ coldkey, netuid, generation: generation ?? generationAt(generations, netuid, block) });
    const mark = { blockNumber: block, at, alphaRao: BigInt(alpha), valueRao: BigInt(value) };
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [mark]);
    else group.push(mark);
  }
  return groups;
}
