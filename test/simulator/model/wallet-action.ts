import { type Key, parseKey } from '../keys';
import type { Ledger, StakeKey } from './ledger';
import { SUBNET_COUNT } from './subnet-profile';
import type { World } from './world';

/** Something that a wallet does now. Amounts are in rao; `all` means the whole balance. */
export type WalletAction =
  | { action: 'stake'; wallet: string; hotkey: string; netuid: number; amount: string }
  | { action: 'unstake'; wallet: string; hotkey: string; netuid: number; amount: string }
  | {
      action: 'move';
      wallet: string;
      hotkey: string;
      netuid: number;
      amount: string;
      toHotkey: string;
      toNetuid: number;
    }
  | { action: 'transfer_stake'; wallet: string; hotkey: string; netuid: number; amount: string; to: string }
  | { action: 'transfer'; wallet: string; to: string; amount: string }
  | { action: 'fund'; wallet: string; from: string; amount: string }
  | { action: 'swap_hotkey'; hotkey: string; toHotkey: string }
  /** `quiet`: no row tells of the positions that end. */
  | { action: 'deregister'; netuid: number; quiet?: boolean };

export interface ActionResult {
  block: number;
  /** Ids of the rows that it left in the delegation and transfer lists. */
  events: string[];
}

const REQUIRED: Readonly<Record<WalletAction['action'], readonly string[]>> = {
  stake: ['wallet', 'hotkey', 'netuid', 'amount'],
  unstake: ['wallet', 'hotkey', 'netuid', 'amount'],
  move: ['wallet', 'hotkey', 'netuid', 'amount', 'toHotkey', 'toNetuid'],
  transfer_stake: ['wallet', 'hotkey', 'netuid', 'amount', 'to'],
  transfer: ['wallet', 'to', 'amount'],
  fund: ['wallet', 'from', 'amount'],
  swap_hotkey: ['hotkey', 'toHotkey'],
  deregister: ['netuid'],
};

/** Reads an action that somebody sent. */
export function parseAction(value: unknown): WalletAction {
  const action = (value as { action?: unknown } | null)?.action;
  if (typeof action !== 'string' || !Object.hasOwn(REQUIRED, action)) {
    throw new TypeError(`action: expected one of ${Object.keys(REQUIRED).join(', ')}`);
  }
  const fields = value as Record<string, unknown>;
  const missing = REQUIRED[action as WalletAction['action']].filter((name) => fields[name] === undefined);
  if (missing.length > 0) throw new TypeError(`${action}: ${missing.join(', ')} missing`);
  return value as WalletAction;
}

/** Carries an action out in the next block. */
export function act(world: World, action: WalletAction): ActionResult {
  let acted = { stakes: 0, transfers: 0 };
  const block = world.act((ledger, at) => {
    acted = { stakes: ledger.stakeEvents.length, transfers: ledger.transfers.length };
    carryOut(world, ledger, { action, block: at });
  });
  const rows = [...world.ledger.stakeEvents.slice(acted.stakes), ...world.ledger.transfers.slice(acted.transfers)];
  return { block, events: rows.map((row) => row.id) };
}

function carryOut(world: World, ledger: Ledger, { action, block }: { action: WalletAction; block: number }): void {
  switch (action.action) {
    case 'stake': {
      const at = stakeKey(action);
      return ledger.stake(block, at, amountOf(action.amount, ledger.account(at.coldkey).freeAt(block)));
    }
    case 'unstake': {
      const at = stakeKey(action);
      return ledger.unstake(block, at, amountOf(action.amount, heldBy(ledger, at, block)));
    }
    case 'move': {
      const from = stakeKey(action);
      const alpha = amountOf(action.amount, heldBy(ledger, from, block));
      const to = { hotkey: keyFrom(action.toHotkey), netuid: netuidFrom(action.toNetuid) };
      if (to.netuid === from.netuid) return ledger.moveWithin(block, from, to.hotkey, alpha);
      return ledger.moveAcross(block, from, to, alpha);
    }
    case 'transfer_stake': {
      const from = stakeKey(action);
      const to = keyFrom(action.to);
      if (!ledger.accounts.has(to.ss58)) ledger.open(to, block);
      return ledger.transferStake(block, from, to, amountOf(action.amount, heldBy(ledger, from, block)));
    }
    case 'transfer': {
      const from = keyFrom(action.wallet);
      return ledger.transfer(
        block,
        from,
        keyFrom(action.to),
        amountOf(action.amount, ledger.account(from).freeAt(block)),
      );
    }
    case 'fund': {
      const wallet = keyFrom(action.wallet);
      if (!ledger.accounts.has(wallet.ss58)) ledger.open(wallet, block);
      return ledger.transfer(block, keyFrom(action.from), wallet, BigInt(action.amount));
    }
    case 'swap_hotkey':
      return ledger.swapHotkey(block, keyFrom(action.hotkey), keyFrom(action.toHotkey));
    case 'deregister': {
      ledger.dissolve(block, netuidFrom(action.netuid), action.quiet === true);
      world.pools.reregister(action.netuid, block);
      return;
    }
  }
}

function stakeKey(action: { wallet: string; hotkey: string; netuid: number }): StakeKey {
  return { coldkey: keyFrom(action.wallet), hotkey: keyFrom(action.hotkey), netuid: netuidFrom(action.netuid) };
}

function heldBy(ledger: Ledger, at: StakeKey, block: number): bigint {
  return ledger.account(at.coldkey).position(at.hotkey, at.netuid).balance(block);
}

function amountOf(text: string, all: bigint): bigint {
  if (text === 'all') return all;
  const amount = BigInt(text);
  if (amount <= 0n) throw new RangeError('amount: expected more than 0 rao');
  return amount;
}

function keyFrom(text: string): Key {
  const key = parseKey(text);
  if (key === null) throw new TypeError(`${text} is not an address`);
  return key;
}

function netuidFrom(netuid: number): number {
  if (!Number.isInteger(netuid) || netuid < 0 || netuid > SUBNET_COUNT) throw new RangeError(`no netuid ${netuid}`);
  return netuid;
}
