/** 32-bit mix of any number of integers: the one source of chance, so that equal seeds tell equal stories. */
export function hash32(...parts: readonly number[]): number {
  let state = 0x9e3779b9;
  for (const part of parts) {
    state = Math.imul(state ^ (part | 0), 0x85ebca6b);
    state = Math.imul(state ^ (state >>> 15) ^ Math.floor(part / 0x1_0000_0000), 0xc2b2ae35);
    state ^= state >>> 13;
  }
  state = Math.imul(state ^ (state >>> 16), 0x27d4eb2f);
  return (state ^ (state >>> 15)) >>> 0;
}

/** Uniform in [0, 1). */
export function unit(...parts: readonly number[]): number {
  return hash32(...parts) / 0x1_0000_0000;
}

/** Uniform in [low, high). */
export function between(low: number, high: number, ...parts: readonly number[]): number {
  return low + (high - low) * unit(...parts);
}

/** Smooth noise in [-1, 1] over `x`, with one independent value at each multiple of `period`. */
export function noise(x: number, period: number, stream: number): number {
  const cell = Math.floor(x / period);
  const inside = x / period - cell;
  const blend = inside * inside * (3 - 2 * inside);
  const left = lattice(stream, cell);
  return left + (lattice(stream, cell + 1) - left) * blend;
}

/** Uniform in [-1, 1), without `hash32`'s argument list: one answer asks for hundreds of thousands of these. */
export function lattice(stream: number, cell: number): number {
  let state = Math.imul(stream ^ Math.imul(cell, 0x85ebca6b), 0xc2b2ae35);
  state = Math.imul(state ^ (state >>> 15), 0x27d4eb2f);
  state = Math.imul(state ^ (state >>> 13), 0x9e3779b1);
  return ((state ^ (state >>> 16)) >>> 0) / 0x8000_0000 - 1;
}

/** A text as a number for `hash32`. */
export function textHash(text: string): number {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  return state >>> 0;
}
