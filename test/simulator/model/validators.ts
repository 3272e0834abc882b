import { BLOCKS_PER_DAY } from '../chain';
import { type Key, keyOf } from '../keys';
import { between, textHash } from '../random';

export interface Validator {
  index: number;
  hotkey: Key;
  coldkey: Key;
  /** Some never set a name. */
  name: string | null;
}

const NAMES = ['North Star', 'Tidewater', 'Openτide', 'Larkspur', 'Ironwood', 'Quiet Harbor', 'Sable', 'Mistral'];
const VALIDATORS = 24;
/** Epochs in a day at the default tempo. */
export const EPOCHS_PER_DAY = 20;
export const TEMPO = BLOCKS_PER_DAY / EPOCHS_PER_DAY;
const RATE_SCALE = 1e18;

export const validators: readonly Validator[] = Array.from({ length: VALIDATORS }, (_, index) => ({
  index,
  hotkey: keyOf(`validator ${index} hotkey`),
  coldkey: keyOf(`validator ${index} coldkey`),
  name: index % 5 === 4 ? null : `${NAMES[index % NAMES.length] ?? ''}${index < NAMES.length ? '' : ` ${index}`}`,
}));

const byHotkey = new Map(validators.map((validator) => [validator.hotkey.ss58, validator]));

export function validatorOf(hotkey: string): Validator | undefined {
  return byHotkey.get(hotkey);
}

/** What stake on this hotkey earns in a year, as a ratio of the stake; root earns less. */
export function yearlyYield(seed: number, hotkey: string, netuid: number): number {
  const stream = [seed, textHash(hotkey), netuid] as const;
  return netuid === 0 ? between(0.05, 0.09, ...stream) : between(0.18, 0.62, ...stream);
}

/** The same per epoch, 18 decimals: what the ledger really credits. */
export function epochRate(seed: number, hotkey: string, netuid: number): bigint {
  const perEpoch = yearlyYield(seed, hotkey, netuid) / 365 / EPOCHS_PER_DAY;
  return BigInt(Math.round(perEpoch * RATE_SCALE));
}

/** Epochs of a netuid that end in (from, to]. */
export function epochsBetween(netuid: number, from: number, to: number): number {
  return Math.max(0, Math.floor((to + netuid) / TEMPO) - Math.floor((from + netuid) / TEMPO));
}
