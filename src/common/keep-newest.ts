/** Keeps a value in a map of at most `limit`, of which the ones kept longest ago go first. */
export function keepNewest<Key, Value>(map: Map<Key, Value>, key: Key, value: Value, limit: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of [...map.keys()].slice(0, Math.max(0, map.size - limit))) map.delete(oldest);
}
