import { BLOCKS_PER_DAY } from '../chain';
import type { Key } from '../keys';
import { rao } from '../numbers';
import { between, hash32, unit } from '../random';
import { type Actor, crowd, mining, OUTSIDE, reserve, SWAPPED, treasury } from './cast';
import type { Ledger, StakeKey } from './ledger';

/** Something that happens at a block; amounts are decided when it happens. */
export interface Step {
  block: number;
  run: (ledger: Ledger, block: number) => void;
}

const OWN: readonly Actor[] = [treasury, reserve, mining];
/** Days until every wallet has bought what it holds. */
const SETUP_DAYS = 16;
const SWAP_DAY = 200;
/** Netuid 31 is taken over by another subnet on this day, at this block of it; see the reused netuids. */
const DISSOLVED = { netuid: 31, day: 150, offset: 1_234 } as const;
/** Held for a while and left altogether. */
const PASSING = { netuid: 15, openDay: 30, closeDay: 120 } as const;

/** What happens on one day of the model, in the order of blocks; pure in (seed, genesis, day). */
export function stepsOfDay(seed: number, genesis: number, day: number): Step[] {
  const start = genesis + day * BLOCKS_PER_DAY;
  const steps = [...setup(start, day), ...milestones(start, day), ...habits({ seed, start, day })];
  return steps.sort((a, b) => a.block - b.block);
}

function setup(start: number, day: number): Step[] {
  if (day === 0) return [{ block: start + 1, run: openCrowd }];
  if (day === 1) {
    return OWN.map((actor, index) => ({
      block: start + 900 + index * 77,
      run: (ledger, block) => {
        ledger.open(actor.coldkey, block, actor.reserved);
        ledger.transfer(block, OUTSIDE[0], actor.coldkey, rao(actor.funds));
      },
    }));
  }
  if (day >= SETUP_DAYS) return [];
  return OWN.flatMap((actor, who) =>
    actor.holdings.flatMap(([netuid, hotkey], index): Step[] => {
      if (index % (SETUP_DAYS - 2) !== day - 2) return [];
      const share = (actor.funds * 0.85) / actor.holdings.length;
      const run: Step['run'] = (ledger, block) =>
        ledger.stake(block, { coldkey: actor.coldkey, hotkey, netuid }, rao(share));
      return [{ block: start + 1_500 + who * 111 + index * 13, run }];
    }),
  );
}

/** Strangers are there from the beginning; how they came to their stake is not told. */
function openCrowd(ledger: Ledger, block: number): void {
  for (const actor of crowd) {
    const account = ledger.open(actor.coldkey, block);
    account.addFree(block, rao(actor.funds));
    actor.holdings.forEach(([netuid, hotkey], index) => {
      account.position(hotkey, netuid).set(block, rao(actor.funds * (netuid === 0 ? 1 : 60) + index));
    });
  }
}

function milestones(start: number, day: number): Step[] {
  const passing = { coldkey: treasury.coldkey, hotkey: firstHotkey(treasury), netuid: PASSING.netuid };
  const lost = { ...passing, netuid: DISSOLVED.netuid };
  const once: readonly (readonly [number, number, Step['run']])[] = [
    [20, 2_000, (ledger, block) => ledger.stake(block, lost, rao(24))],
    [PASSING.openDay, 2_000, (ledger, block) => ledger.stake(block, passing, rao(30))],
    [PASSING.closeDay, 4_000, (ledger, block) => ledger.unstake(block, passing, held(ledger, passing, block))],
    [DISSOLVED.day, DISSOLVED.offset, (ledger, block) => ledger.dissolve(block, DISSOLVED.netuid)],
    [SWAP_DAY, 3_000, (ledger, block) => ledger.swapHotkey(block, SWAPPED.from, SWAPPED.to)],
  ];
  return once.filter(([on]) => on === day).map(([, offset, run]) => ({ block: start + offset, run }));
}

interface Day {
  seed: number;
  start: number;
  day: number;
}

/** Every now and then each wallet does one thing; strangers only stake and unstake. */
function habits({ seed, start, day }: Day): Step[] {
  if (day <= PASSING.openDay) return [];
  const own = OWN.flatMap((actor, who): Step[] => {
    const roll = unit(seed, day, who, 201);
    if (roll > 0.24) return [];
    const block = start + 500 + (hash32(seed, day, who, 202) % 6_000);
    return [{ block, run: (ledger, at) => habit(ledger, at, { actor, roll, dice: [seed, day, who] }) }];
  });
  const stranger = crowd[hash32(seed, day, 203) % crowd.length];
  if (stranger === undefined || unit(seed, day, 204) > 0.4) return own;
  const roll = unit(seed, day, 205) * 0.13;
  const block = start + 6_600 + (hash32(seed, day, 206) % 400);
  return [...own, { block, run: (ledger, at) => habit(ledger, at, { actor: stranger, roll, dice: [seed, day, 9] }) }];
}

/** The `count`-th thing that the own wallets do when the simulator is asked to keep them busy. */
export function nextHabit(seed: number, count: number): Step['run'] {
  const actor = OWN[count % OWN.length] ?? treasury;
  const dice = [seed, count, 77];
  return (ledger, block) => habit(ledger, block, { actor, roll: unit(...dice, 207) * 0.24, dice });
}

interface Mood {
  actor: Actor;
  /** Which thing, 0 to 0.24. */
  roll: number;
  dice: readonly number[];
}

function habit(ledger: Ledger, block: number, { actor, roll, dice }: Mood): void {
  const account = ledger.account(actor.coldkey);
  const positions = account.held(block);
  const pick = positions[hash32(...dice, 210) % Math.max(1, positions.length)];
  if (pick === undefined) return;
  const at = { coldkey: actor.coldkey, hotkey: pick.hotkey, netuid: pick.netuid };
  const part = (stream: number): bigint => share(pick.balance(block), between(0.02, 0.12, ...dice, stream));
  if (roll < 0.07) return ledger.stake(block, at, share(account.freeAt(block), between(0.03, 0.12, ...dice, 211)));
  if (roll < 0.13) return ledger.unstake(block, at, part(212));
  if (roll < 0.16) return exchange(ledger, block, { at, dice, part: part(213) });
  if (roll < 0.18) return shuffle(ledger, block, dice);
  if (roll < 0.2) return ledger.transfer(block, actor.coldkey, next(actor).coldkey, share(account.freeAt(block), 0.1));
  if (roll < 0.225) return ledger.transfer(block, OUTSIDE[0], actor.coldkey, rao(between(4, 25, ...dice, 214)));
  return ledger.transfer(
    block,
    actor.coldkey,
    OUTSIDE[1],
    share(account.freeAt(block), between(0.05, 0.2, ...dice, 215)),
  );
}

/** A part of one position into another one of the same wallet, on another subnet. */
function exchange(ledger: Ledger, block: number, move: { at: StakeKey; dice: readonly number[]; part: bigint }): void {
  const others = ledger
    .account(move.at.coldkey)
    .held(block)
    .filter((position) => position.netuid !== move.at.netuid);
  const to = others[hash32(...move.dice, 216) % Math.max(1, others.length)];
  if (to !== undefined) ledger.moveAcross(block, move.at, { hotkey: to.hotkey, netuid: to.netuid }, move.part);
}

/** On the subnet with two hotkeys: some alpha to the other hotkey, or to the other wallet and back another time. */
function shuffle(ledger: Ledger, block: number, dice: readonly number[]): void {
  const [first, second] = treasury.holdings.filter(([netuid]) => netuid === 64).map(([, hotkey]) => hotkey);
  if (first === undefined || second === undefined) return;
  const at = (coldkey: Key, hotkey: Key): StakeKey => ({ coldkey, hotkey, netuid: 64 });
  const variant = hash32(...dice, 217) % 4;
  const some = (from: StakeKey): bigint => share(held(ledger, from, block), 0.2);
  const [mine, other, theirs] = [at(treasury.coldkey, first), at(treasury.coldkey, second), at(reserve.coldkey, first)];
  if (variant === 0) ledger.moveWithin(block, mine, second, some(mine));
  else if (variant === 1) ledger.moveWithin(block, other, first, some(other));
  else if (variant === 2) ledger.transferStake(block, mine, reserve.coldkey, some(mine));
  else ledger.transferStake(block, theirs, treasury.coldkey, some(theirs));
}

function held(ledger: Ledger, at: StakeKey, block: number): bigint {
  return ledger.account(at.coldkey).position(at.hotkey, at.netuid).balance(block);
}

function share(amount: bigint, ratio: number): bigint {
  return (amount * BigInt(Math.round(ratio * 1e6))) / 1_000_000n;
}

function firstHotkey(actor: Actor): Key {
  const [first] = actor.holdings;
  if (first === undefined) throw new RangeError('an actor that holds nothing');
  return first[1];
}

function next(actor: Actor): Actor {
  return OWN[(OWN.indexOf(actor) + 1) % OWN.length] ?? treasury;
}
