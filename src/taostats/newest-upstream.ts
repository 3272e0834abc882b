interface Dated {
  timestamp?: unknown;
  last_updated?: unknown;
  block_number?: unknown;
}

export interface NewestUpstream {
  /** Newest time that upstream put on a row; null where rows carry none. */
  upstreamAt: Date | null;
  upstreamBlock: number | null;
}

/** How new the rows are by upstream's own word: the only age that a frozen upstream cannot hide. */
export function newestUpstream(rows: readonly object[]): NewestUpstream {
  let newestMs = -Infinity;
  let block = -1;
  for (const row of rows as readonly Dated[]) {
    const stamp = row.last_updated ?? row.timestamp;
    const atMs = typeof stamp === 'string' ? Date.parse(stamp) : NaN;
    if (atMs > newestMs) newestMs = atMs;
    if (typeof row.block_number === 'number' && row.block_number > block) block = row.block_number;
  }
  return {
    upstreamAt: newestMs === -Infinity ? null : new Date(newestMs),
    upstreamBlock: block < 0 ? null : block,
  };
}
