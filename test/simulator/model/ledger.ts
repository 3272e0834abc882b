import type { Key } from '../keys';
import { valueAt } from '../numbers';
import { Account } from './account';
import { buyAlpha, sellAlpha } from './amm';
import type { PoolModel } from './pool-model';
import { buySlippage, sellSlippage, statedAlpha, type StakeEvent, type TransferEvent } from './stake-event';

/** Extrinsic fees in rao, as measured on the chain. */
const FEES = { stake: 850_536n, unstake: 645_119n, move: 1_069_370n, transfer: 13_756n } as const;

/** Swaps below 0.002 TAO are refused by the chain. */
const MINIMUM_SWAP = 2_000_000n;

/** The chain would not carry the operation out. */
export class Refused extends Error {}

export interface StakeKey {
  coldkey: Key;
  hotkey: Key;
  netuid: number;
}

interface Row {
  at: StakeKey;
  block: number;
  action: StakeEvent['action'];
  amount: bigint;
  alpha: bigint;
  fee?: bigint;
  slippage?: string;
  transferAddress?: Key;
  id?: string;
}

/**
 * Every account of the model to the rao. Each operation changes free TAO, stake and the pool by the same amounts that
 * its rows state, so that balances, events and prices can be checked against each other.
 */
export class Ledger {
  readonly accounts = new Map<string, Account>();
  readonly stakeEvents: StakeEvent[] = [];
  readonly transfers: TransferEvent[] = [];
  private counter = { block: 0, events: 0, extrinsics: 0 };

  constructor(
    private readonly seed: number,
    private readonly pools: PoolModel,
  ) {}

  open(key: Key, block: number, reserved = 0n): Account {
    const account = new Account(key, block, reserved, this.seed);
    this.accounts.set(key.ss58, account);
    return account;
  }

  account(key: Key): Account {
    const account = this.accounts.get(key.ss58);
    if (account === undefined) throw new RangeError(`no account ${key.ss58}`);
    return account;
  }

  /** Free TAO from one address to another; addresses outside the model have no balance here. */
  transfer(block: number, from: Key, to: Key, amount: bigint): void {
    this.refuseUnless(amount > 0n && this.canPay(block, from, amount + FEES.transfer), 'not enough free TAO');
    this.extrinsic(block);
    this.accounts.get(from.ss58)?.addFree(block, -amount - FEES.transfer);
    this.accounts.get(to.ss58)?.addFree(block, amount);
    const { events, extrinsics } = this.counter;
    const id = `finney-${block}-${pad(events)}`;
    this.transfers.push({ id, block, from, to, amount, fee: FEES.transfer, extrinsic: `${block}-${pad(extrinsics)}` });
    this.counter.events += 1;
  }

  stake(block: number, at: StakeKey, taoIn: bigint): void {
    this.refuseUnless(
      taoIn >= MINIMUM_SWAP && this.canPay(block, at.coldkey, taoIn + FEES.stake),
      'amount is too small or too large',
    );
    this.extrinsic(block);
    this.account(at.coldkey).addFree(block, -taoIn - FEES.stake);
    this.buy(block, at, taoIn);
  }

  unstake(block: number, at: StakeKey, alpha: bigint): void {
    this.refuseUnless(this.canSell(block, at, alpha), 'more alpha than there is, or less than may be sold');
    this.extrinsic(block);
    const out = this.sell(block, at, alpha);
    this.account(at.coldkey).addFree(block, out - FEES.unstake);
  }

  /** From one subnet to another: two swaps, the fee taken once, at the origin unless that is root. */
  moveAcross(block: number, from: StakeKey, to: Omit<StakeKey, 'coldkey'>, alpha: bigint): void {
    this.refuseUnless(
      this.canSell(block, from, alpha) && this.canPay(block, from.coldkey, FEES.move),
      'cannot be moved',
    );
    this.extrinsic(block);
    this.account(from.coldkey).addFree(block, -FEES.move);
    const out = this.sell(block, from, alpha);
    this.buy(block, { ...to, coldkey: from.coldkey }, out, from.netuid !== 0);
  }

  /** To another hotkey of the same subnet: no swap, two rows with equal alpha and price. */
  moveWithin(block: number, from: StakeKey, hotkey: Key, alpha: bigint): void {
    this.refuseUnless(this.holds(block, from, alpha) && this.canPay(block, from.coldkey, FEES.move), 'cannot be moved');
    this.extrinsic(block);
    this.account(from.coldkey).addFree(block, -FEES.move);
    this.hand(block, { from, to: { ...from, hotkey }, alpha });
  }

  /** Stake to another coldkey, at the same hotkey. */
  transferStake(block: number, from: StakeKey, to: Key, alpha: bigint): void {
    this.refuseUnless(this.holds(block, from, alpha) && this.canPay(block, from.coldkey, FEES.move), 'cannot be moved');
    this.extrinsic(block);
    this.account(from.coldkey).addFree(block, -FEES.move);
    this.hand(block, { from, to: { ...from, coldkey: to }, alpha }, true);
  }

  /** A validator changes its hotkey: every stake on it moves, stated with sentinels instead of amounts. */
  swapHotkey(block: number, from: Key, to: Key): void {
    this.extrinsic(block);
    for (const account of this.accounts.values()) {
      for (const position of account.held(block)) {
        if (position.hotkey.ss58 !== from.ss58) continue;
        const alpha = position.balance(block);
        const at = { coldkey: account.key, hotkey: from, netuid: position.netuid };
        const id = `hotkey-swap-${block}-${position.netuid}-${from.hex}-${to.hex}-${account.key.hex}`;
        const row = { block, amount: 0n, alpha };
        this.change(block, at, -alpha);
        this.change(block, { ...at, hotkey: to }, alpha);
        this.row({ ...row, at, action: 'UNDELEGATE', slippage: '200', id: `${id}-out` });
        this.row({ ...row, at: { ...at, hotkey: to }, action: 'DELEGATE', slippage: '-200', id: `${id}-in` });
      }
    }
  }

  /**
   * The netuid is taken away: its pot is paid out as free TAO, in proportion to the alpha, without a transfer row. Upstream
   * may write a row without TAO for each position, or none at all (`quiet`).
   */
  dissolve(block: number, netuid: number, quiet = false): void {
    const pool = this.pools.state(netuid, block - 1);
    this.extrinsic(block);
    for (const account of this.accounts.values()) {
      for (const position of account.held(block)) {
        if (position.netuid !== netuid) continue;
        const alpha = position.balance(block);
        const at = { coldkey: account.key, hotkey: position.hotkey, netuid };
        this.change(block, at, -alpha);
        account.addFree(block, (pool.tao * alpha) / (pool.alphaStaked + pool.alpha));
        if (!quiet) this.row({ at, block, action: 'UNDELEGATE', amount: 0n, alpha, slippage: '200' });
      }
    }
  }

  private canPay(block: number, coldkey: Key, amount: bigint): boolean {
    const account = this.accounts.get(coldkey.ss58);
    return account === undefined || account.freeAt(block) >= amount;
  }

  private holds(block: number, at: StakeKey, alpha: bigint): boolean {
    const position = this.accounts.get(at.coldkey.ss58)?.positions.get(`${at.hotkey.ss58}/${at.netuid}`);
    return alpha > 0n && (position?.balance(block) ?? 0n) >= alpha;
  }

  private canSell(block: number, at: StakeKey, alpha: bigint): boolean {
    return this.holds(block, at, alpha) && valueAt(alpha, this.pools.price(at.netuid, block)) >= MINIMUM_SWAP;
  }

  /** Refuses an operation before it has changed anything. */
  private refuseUnless(possible: boolean, reason: string): void {
    if (!possible) throw new Refused(reason);
  }

  private buy(block: number, at: StakeKey, taoIn: bigint, feeless = false): void {
    const pool = this.pools.state(at.netuid, block);
    const swap = at.netuid === 0 ? null : buyAlpha(pool, taoIn, feeless ? 0 : pool.life.feeRateParts);
    const out = swap?.out ?? taoIn;
    if (swap !== null) this.pools.moved(at.netuid, block, { before: pool, after: swap.after });
    this.change(block, at, out);
    const slippage = swap === null ? '0' : buySlippage(pool, taoIn, out);
    this.row({ at, block, action: 'DELEGATE', amount: taoIn, alpha: out, fee: swap?.fee ?? 0n, slippage });
  }

  private sell(block: number, at: StakeKey, gross: bigint): bigint {
    const pool = this.pools.state(at.netuid, block);
    const swap = at.netuid === 0 ? null : sellAlpha(pool, gross, pool.life.feeRateParts);
    const amount = swap?.out ?? gross;
    const fee = swap?.fee ?? 0n;
    if (swap !== null) this.pools.moved(at.netuid, block, { before: pool, after: swap.after });
    this.change(block, at, -gross);
    const slippage = swap === null ? '0' : sellSlippage(pool, gross, amount);
    this.row({ at, block, action: 'UNDELEGATE', amount, alpha: statedAlpha(block, gross, fee), fee, slippage });
    return amount;
  }

  /** Alpha changes its place without a swap; both rows state its value at the price of the moment. */
  private hand(block: number, move: { from: StakeKey; to: StakeKey; alpha: bigint }, isTransfer = false): void {
    const { from, to, alpha } = move;
    const amount = valueAt(alpha, this.pools.price(from.netuid, block));
    const row = { block, amount, alpha, slippage: isTransfer ? `-0.0000${(block % 900) + 100}` : '0' };
    this.change(block, from, -alpha);
    this.change(block, to, alpha);
    this.row({ ...row, at: from, action: 'UNDELEGATE', ...(isTransfer ? { transferAddress: to.coldkey } : {}) });
    this.row({ ...row, at: to, action: 'DELEGATE', ...(isTransfer ? { transferAddress: from.coldkey } : {}) });
  }

  private change(block: number, at: StakeKey, alpha: bigint): void {
    const position = this.account(at.coldkey).position(at.hotkey, at.netuid);
    position.set(block, position.balance(block) + alpha);
  }

  private row(row: Row): void {
    const { at, block } = row;
    const { events, extrinsics } = this.counter;
    this.stakeEvents.push({
      id: row.id ?? `finney-${at.netuid}-${at.hotkey.hex}-${at.coldkey.hex}-${block}-${events}`,
      block,
      action: row.action,
      nominator: at.coldkey,
      delegate: at.hotkey,
      netuid: at.netuid,
      amount: row.amount,
      alpha: row.alpha,
      fee: row.fee ?? 0n,
      slippage: row.slippage ?? '0',
      extrinsic: `${block}-${pad(extrinsics)}`,
      transferAddress: row.transferAddress ?? null,
    });
    this.counter.events += 1;
  }

  /** Numbers extrinsics and events within a block. */
  private extrinsic(block: number): void {
    if (this.counter.block !== block) this.counter = { block, events: 40, extrinsics: 7 };
    else this.counter = { block, events: this.counter.events + 3, extrinsics: this.counter.extrinsics + 1 };
  }
}

function pad(index: number): string {
  return String(index).padStart(4, '0');
}
