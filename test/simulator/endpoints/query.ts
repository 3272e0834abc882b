import { blockAt } from '../chain';
import { type Key, parseKey } from '../keys';

/** A parameter that upstream answers with 400. */
export class BadRequest extends Error {}

/** Query parameters as upstream reads them: unknown names are ignored without a word. */
export class Query {
  constructor(private readonly parameters: URLSearchParams) {}

  text(name: string): string | undefined {
    return this.parameters.get(name) ?? undefined;
  }

  integer(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined || text === '') return undefined;
    if (!/^-?\d{1,15}$/.test(text)) throw new BadRequest(`${name} must be an integer`);
    return Number(text);
  }

  amount(name: string): bigint | undefined {
    const text = this.text(name);
    if (text === undefined || text === '') return undefined;
    if (!/^\d{1,30}$/.test(text)) throw new BadRequest(`${name} must be an amount in rao`);
    return BigInt(text);
  }

  flag(name: string): boolean | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : text === 'true';
  }

  /** An ss58 or hex address. */
  key(name: string): Key | undefined {
    const text = this.text(name);
    if (text === undefined || text === '') return undefined;
    const key = parseKey(text);
    if (key === null) throw new BadRequest(`${name} is not a valid address`);
    return key;
  }

  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const text = this.text(name);
    if (text === undefined || text === '') return undefined;
    const found = choices.find((choice) => choice === text);
    if (found === undefined) throw new BadRequest(`${name} must be one of ${choices.join(', ')}`);
    return found;
  }

  /** Blocks asked for, both ends included; Unix seconds are turned into blocks. */
  range(bounds: { from: number; to: number }): { from: number; to: number } {
    const exact = this.integer('block_number');
    const since = this.integer('timestamp_start');
    const until = this.integer('timestamp_end');
    return {
      from: Math.max(
        bounds.from,
        exact ?? this.integer('block_start') ?? bounds.from,
        since === undefined ? bounds.from : firstBlockFrom(since),
      ),
      to: Math.min(
        bounds.to,
        exact ?? this.integer('block_end') ?? bounds.to,
        until === undefined ? bounds.to : blockAt(until * 1000),
      ),
    };
  }
}

function firstBlockFrom(seconds: number): number {
  return blockAt(seconds * 1000 - 1) + 1;
}
