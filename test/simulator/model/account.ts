import { ROOT_BASKET_BLOCK } from '../chain';
import type { Key } from '../keys';
import { epochRate, epochsBetween } from './validators';

const RATE_SCALE = 10n ** 18n;

/** A balance right after the events of a block. */
export interface Checkpoint {
  block: number;
  balance: bigint;
}

/** Stake of one coldkey on one hotkey of one subnet. It changes with events, and grows with every epoch between them. */
export class Position {
  readonly checkpoints: Checkpoint[] = [];
  private readonly ratePerEpoch: bigint;

  constructor(
    seed: number,
    readonly hotkey: Key,
    readonly netuid: number,
  ) {
    this.ratePerEpoch = epochRate(seed, hotkey.ss58, netuid);
  }

  /** Balance at the end of `block`; what was not put in by an event is emission. */
  balance(block: number): bigint {
    const last = this.checkpoints.findLast((checkpoint) => checkpoint.block <= block);
    if (last === undefined || last.balance === 0n) return 0n;
    const until = this.netuid === 0 ? Math.min(block, ROOT_BASKET_BLOCK) : block;
    const epochs = epochsBetween(this.netuid, last.block, until);
    return last.balance + (last.balance * this.ratePerEpoch * BigInt(epochs)) / RATE_SCALE;
  }

  /** Root dividends that wait in a basket instead of growing the stake. */
  claimable(block: number): bigint {
    if (this.netuid !== 0 || block <= ROOT_BASKET_BLOCK) return 0n;
    const epochs = epochsBetween(0, ROOT_BASKET_BLOCK, block);
    return (this.balance(block) * this.ratePerEpoch * BigInt(epochs)) / RATE_SCALE;
  }

  set(block: number, balance: bigint): void {
    if (balance < 0n) throw new RangeError(`netuid ${this.netuid}: more alpha leaves than there is`);
    this.checkpoints.push({ block, balance });
  }
}

/** One coldkey: free TAO, and its positions in the order in which they were opened. */
export class Account {
  readonly free: Checkpoint[] = [];
  readonly positions = new Map<string, Position>();

  constructor(
    readonly key: Key,
    readonly createdAt: number,
    readonly reserved: bigint,
    private readonly seed: number,
  ) {}

  freeAt(block: number): bigint {
    return this.free.findLast((checkpoint) => checkpoint.block <= block)?.balance ?? 0n;
  }

  addFree(block: number, change: bigint): void {
    const balance = this.freeAt(block) + change;
    if (balance < 0n) throw new RangeError(`not enough free TAO: ${balance} rao`);
    this.free.push({ block, balance });
  }

  position(hotkey: Key, netuid: number): Position {
    const name = `${hotkey.ss58}/${netuid}`;
    const known = this.positions.get(name);
    if (known !== undefined) return known;
    const opened = new Position(this.seed, hotkey, netuid);
    this.positions.set(name, opened);
    return opened;
  }

  /** Positions that hold something at `block`, by netuid. */
  held(block: number): Position[] {
    return [...this.positions.values()]
      .filter((position) => position.balance(block) > 0n)
      .sort((a, b) => a.netuid - b.netuid || (a.hotkey.ss58 < b.hotkey.ss58 ? -1 : 1));
  }
}
