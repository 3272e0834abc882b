import { createHash } from 'node:crypto';
import { decodeAddress, encodeAddress } from '@dedot/utils';

/** An account as upstream writes it. */
export interface Key {
  ss58: string;
  hex: string;
}

/** Bittensor's ss58 network prefix. */
const PREFIX = 42;
const known = new Map<string, Key>();

/** The key whose 32 public bytes are the hash of a name; nobody holds its secret. */
export function keyOf(name: string): Key {
  const found = known.get(name);
  if (found !== undefined) return found;
  const key = fromBytes(createHash('sha256').update(`tao-treasury simulator ${name}`).digest());
  known.set(name, key);
  return key;
}

export const ZERO_KEY: Key = fromBytes(new Uint8Array(32));

/** Reads an address parameter, ss58 or hex; null when it is neither. */
export function parseKey(text: string): Key | null {
  try {
    if (/^0x[0-9a-fA-F]{64}$/.test(text)) return fromBytes(Buffer.from(text.slice(2), 'hex'));
    return fromBytes(decodeAddress(text));
  } catch {
    return null;
  }
}

function fromBytes(bytes: Uint8Array): Key {
  return { ss58: encodeAddress(bytes, PREFIX), hex: `0x${Buffer.from(bytes).toString('hex')}` };
}
