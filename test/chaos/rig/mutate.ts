import fc from 'fast-check';

/** Raw JSON in the place of a value: what no serialiser would write. */
const RAW_VALUES = [
  'null',
  'true',
  '[]',
  '{}',
  '""',
  '-1',
  '0',
  '-0',
  '1e400',
  '-1e400',
  'NaN',
  'Infinity',
  '"NaN"',
  '"Infinity"',
  '"-1"',
  '"0x10"',
  '"1_000"',
  '" 1 "',
  '18446744073709551615',
  '"18446744073709551616"',
  '99999999999999999999999999999999',
  '"0.123456789012345678901234567"',
  '9007199254740993',
  '"\\u202egnp"',
  '"\\ud800"',
  '"\\u0000"',
  '{"ss58":"x","hex":"0x"}',
  '{"__proto__":{"polluted":true}}',
  '"1970-01-01T00:00:00Z"',
  '"9999-12-31T23:59:59Z"',
  '"yesterday"',
] as const;

export type Mutation =
  | { kind: 'value'; at: number; raw: string }
  | { kind: 'remove'; at: number }
  | { kind: 'rename'; at: number }
  | { kind: 'add'; at: number; name: string }
  | { kind: 'duplicate'; at: number }
  | { kind: 'nest'; at: number; depth: number }
  | { kind: 'cut'; share: number }
  | { kind: 'noise'; at: number; byte: number }
  | { kind: 'huge'; at: number };

const at = fc.nat(1_000_000);
const NEW_NAMES = ['moon', '__proto__', 'constructor', 'toString', 'netuid', 'hasOwnProperty'];

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('value' as const), at, raw: fc.constantFrom(...RAW_VALUES) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rename' as const), at }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('add' as const), at, name: fc.constantFrom(...NEW_NAMES) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('duplicate' as const), at }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('nest' as const), at, depth: fc.integer({ min: 1, max: 200 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('cut' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('noise' as const), at, byte: fc.integer({ min: 0, max: 255 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('huge' as const), at }) },
);

export const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 });

/** `body` with every mutation applied in turn. Each place is chosen among the members `"name":value` of the text. */
export function mutate(body: string, changes: readonly Mutation[]): Buffer {
  return changes.reduce<Buffer>((bytes, change) => applied(bytes, change), Buffer.from(body));
}

function applied(bytes: Buffer, change: Mutation): Buffer {
  if (change.kind === 'cut') return bytes.subarray(0, Math.floor(bytes.length * change.share));
  if (change.kind === 'noise') {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[change.at % copy.length] = change.byte;
    return copy;
  }
  const text = bytes.toString('latin1');
  const members = [...text.matchAll(MEMBER)];
  const member = members[change.at % Math.max(1, members.length)];
  if (member === undefined) return bytes;
  const [whole, name = '', value = ''] = member;
  const replaced = replacementOf(change, { whole, name, value });
  return Buffer.from(text.slice(0, member.index) + replaced + text.slice(member.index + whole.length), 'latin1');
}

/** A member with a value that holds no other: text, number, word. */
const MEMBER = /"(\w+)":("(?:[^"\\]|\\.)*"|-?[\d.eE+-]+|true|false|null)/g;

function replacementOf(
  change: Mutation,
  { whole, name, value }: { whole: string; name: string; value: string },
): string {
  switch (change.kind) {
    case 'value':
      return `"${name}":${Buffer.from(change.raw).toString('latin1')}`;
    case 'remove':
      return '"gone":0';
    case 'rename':
      return `"${name}2":${value}`;
    case 'add':
      return `${whole},"${change.name}":{"polluted":true}`;
    case 'duplicate':
      return `${whole},"${name}":null`;
    case 'nest':
      return `"${name}":${'['.repeat(change.depth)}${value}${']'.repeat(change.depth)}`;
    case 'huge':
      return `"${name}":"${'9'.repeat(20_000)}"`;
    default:
      return whole;
  }
}
