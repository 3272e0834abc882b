import { type Key, keyOf } from '../keys';
import { validators } from './validators';

/** A wallet of the script, with what it holds once it is set up: [netuid, hotkey]. */
export interface Actor {
  coldkey: Key;
  /** TAO that it starts with. */
  funds: number;
  reserved: bigint;
  holdings: readonly (readonly [netuid: number, hotkey: Key])[];
}

/** Where TAO comes from and goes to: addresses outside the model. */
export const OUTSIDE = [keyOf('exchange'), keyOf('over the counter')] as const;
/** Validator 3 changes to this hotkey in the course of the history. */
export const SWAPPED = { from: hotkey(3), to: keyOf('validator 3 second hotkey') } as const;
/** The mining wallet's own hotkeys: no validator, so no posted yield, and stake that grows in steps all day. */
export const MINERS = [keyOf('miner 0 hotkey'), keyOf('miner 1 hotkey')] as const;

export const treasury: Actor = {
  coldkey: keyOf('wallet treasury'),
  funds: 1_850,
  reserved: 93_000_000n,
  holdings: [
    ...[0, 1, 2, 4, 5, 8, 9, 11, 13, 14, 19, 23, 34, 51, 56, 75].map((netuid) => [netuid, hotkey(netuid % 3)] as const),
    [64, hotkey(0)],
    [64, hotkey(5)],
  ],
};

export const reserve: Actor = {
  coldkey: keyOf('wallet reserve'),
  funds: 900,
  reserved: 0n,
  holdings: [
    ...[0, 3, 6, 10, 12, 17, 20].map((netuid) => [netuid, hotkey(1)] as const),
    ...[25, 33, 44, 62].map((netuid) => [netuid, hotkey(3)] as const),
    [64, hotkey(0)],
  ],
};

export const mining: Actor = {
  coldkey: keyOf('wallet mining'),
  funds: 420,
  reserved: 0n,
  holdings: [
    [7, MINERS[0]],
    [18, MINERS[1]],
    ...[22, 27, 32, 41, 50, 68, 81, 93].map((netuid) => [netuid, hotkey(7)] as const),
  ],
};

/** Other people's wallets: what a request sees whose filter upstream did not understand. */
export const crowd: readonly Actor[] = Array.from({ length: 30 }, (_, index) => ({
  coldkey: keyOf(`crowd ${index}`),
  funds: 150 + index * 37,
  reserved: 0n,
  holdings: Array.from(
    { length: 6 },
    (_unused, slot) => [(index * 5 + slot * 19) % 30, hotkey((index + slot) % 20)] as const,
  ),
}));

function hotkey(index: number): Key {
  const validator = validators[index];
  if (validator === undefined) throw new RangeError(`no validator ${index}`);
  return validator.hotkey;
}
