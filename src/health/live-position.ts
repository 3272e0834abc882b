import type { LivePosition } from '../database';

const LAST_EVENT_ID = /^(\d{1,20})-(\d{1,19})$/;
const LARGEST = 2n ** 63n - 1n;

/** The position in an SSE `id`; null for text that no stream of ours has sent. */
export function parsePosition(text: string | undefined): LivePosition | null {
  const [, tx, id] = LAST_EVENT_ID.exec(text ?? '') ?? [];
  if (tx === undefined || id === undefined) return null;
  const position = { tx: BigInt(tx), id: BigInt(id) };
  return position.tx > LARGEST || position.id > LARGEST ? null : position;
}

export function positionText({ tx, id }: LivePosition): string {
  return `${tx}-${id}`;
}

export function isBehind(position: LivePosition, other: LivePosition): boolean {
  return position.tx === other.tx ? position.id < other.id : position.tx < other.tx;
}
