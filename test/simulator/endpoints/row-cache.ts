import type { JsonObject } from '../json';
import type { World } from '../model/world';

const kept = new WeakMap<World, Map<string, { stamp: string; rows: JsonObject[] }>>();

/** Rows of a whole network at one block, built once however many requests and pages ask for them. */
export function rowsAt(
  world: World,
  list: { name: string; block: number },
  build: (block: number) => JsonObject[],
): JsonObject[] {
  const lists = kept.get(world) ?? new Map<string, { stamp: string; rows: JsonObject[] }>();
  kept.set(world, lists);
  const stamp = `${list.block}/${world.revision}`;
  const known = lists.get(list.name);
  if (known?.stamp === stamp) return known.rows;
  const rows = build(list.block);
  lists.set(list.name, { stamp, rows });
  return rows;
}
