import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Json, openRow, RawJson, scalarText } from './json';
import { parsePrice } from './numbers';
import type { World } from './model/world';
import type { Query } from './endpoints/query';

/**
 * Answers recorded from the real upstream, one file per endpoint. Rows are cut out of the file as text and never
 * parsed on their way to the client, so that every digit is the recorded one.
 */
export class Replay {
  private readonly files = new Map<string, RawJson[] | null>();

  constructor(private readonly directory: string) {
    if (!existsSync(directory)) throw new Error(`--replay ${directory}: no such directory`);
  }

  /** Recorded rows of a path, narrowed by netuid as upstream would; undefined when there is no recording of it. */
  rows(path: string, query: Query): RawJson[] | undefined {
    const rows = this.load(path);
    if (rows === null) return undefined;
    const netuid = query.integer('netuid');
    if (netuid === undefined) return rows;
    return rows.filter((row) => scalarText(openRow(row)['netuid']) === String(netuid));
  }

  /** Values the simulated wallets with the recorded pools from now on. */
  priceWallets(world: World): void {
    for (const row of this.load('/api/dtao/pool/latest/v1') ?? []) {
      const pool = openRow(row);
      world.pools.replay(Number(scalarText(pool['netuid'])), world.head(), {
        tao: whole(pool['total_tao']),
        alpha: whole(pool['alpha_in_pool']),
        alphaStaked: whole(pool['alpha_staked']),
        price: parsePrice(scalarText(pool['price'])),
      });
    }
  }

  private load(path: string): RawJson[] | null {
    const known = this.files.get(path);
    if (known !== undefined) return known;
    const file = join(this.directory, `${path.slice(1).replaceAll('/', '-')}.json`);
    const rows = existsSync(file) ? rowsOf(readFileSync(file, 'utf8')) : null;
    this.files.set(path, rows);
    return rows;
  }
}

/** The text of every element of the document's `data` array. */
export function rowsOf(document: string): RawJson[] {
  const start = document.search(/"data"\s*:\s*\[/);
  if (start < 0) throw new Error('a recording without a data array');
  const rows: RawJson[] = [];
  let [depth, quoted, from] = [0, false, -1];
  for (let at = document.indexOf('[', start) + 1; at < document.length; at += 1) {
    const character = document[at];
    if (quoted) {
      if (character === '\\') at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{' || character === '[') {
      if (depth === 0) from = at;
      depth += 1;
    } else if (character === '}' || character === ']') {
      if (depth === 0) break;
      depth -= 1;
      if (depth === 0) rows.push(new RawJson(document.slice(from, at + 1)));
    }
  }
  return rows;
}

function whole(value: Json | undefined): bigint {
  return BigInt(scalarText(value).split('.')[0] ?? '0');
}
