import type { EventWindow } from './event-windows';

/** The second of a row that was rejected, where it can be read; the whole window otherwise. */
export function stretchAround(raw: string, window: EventWindow): EventWindow {
  const atMs = Date.parse(/"timestamp":"([^"]{1,40})"/.exec(raw)?.[1] ?? '');
  if (!(atMs >= window.from.getTime() && atMs <= window.to.getTime())) return { from: window.from, to: window.to };
  return { from: new Date(atMs), to: new Date(atMs + 1000) };
}

/** The only subnet that a rejected row can have changed, where it says so. */
export function netuidIn(raw: string): number | null {
  const [, netuid] = /"netuid":"?(\d{1,5})[",}]/.exec(raw) ?? [];
  return netuid === undefined ? null : Number(netuid);
}
