import { decodeAddress } from '@dedot/utils';
import { InvalidInputError } from '../common';
import { isBittensorAddress } from '../config';

const MAX_LENGTH = 64;
const BASE58 = /^[1-9A-HJ-NP-Za-km-z]+$/;

/** Why a text is no Bittensor address: stable code and sentence. */
export interface AddressFault {
  code: 'invalid-address' | 'bad-checksum' | 'foreign-network';
  message: string;
}

/** Null for an ss58 address with Bittensor's prefix; an address of another network is told apart from a mistyped one. */
export function addressFaultOf(address: string): AddressFault | null {
  if (address.length > MAX_LENGTH || !BASE58.test(address)) {
    return { code: 'invalid-address', message: 'must be an ss58 address, for example 5C4hr…' };
  }
  if (isBittensorAddress(address)) {
    return isKey(address) ? null : { code: 'invalid-address', message: 'must be the address of a key of 32 bytes' };
  }
  if (decodes(address, { ignoreChecksum: false })) {
    return {
      code: 'foreign-network',
      message: 'is an address of another network; Bittensor’s ss58 prefix is 42, its addresses begin with 5',
    };
  }
  if (decodes(address, { ignoreChecksum: true })) {
    return { code: 'bad-checksum', message: 'has a wrong checksum: at least one character is mistyped' };
  }
  return { code: 'invalid-address', message: 'must be an ss58 address; this one has a wrong length' };
}

/** Throws `wallets/<code>` with the field at fault when `address` is not one of Bittensor's. */
export function requireAddress(address: string, field: string): string {
  const fault = addressFaultOf(address);
  if (fault !== null) throw new InvalidInputError(`wallets/${fault.code}`, [{ field, message: fault.message }]);
  return address;
}

const KEY_BYTES = 32;

function isKey(address: string): boolean {
  return decodeAddress(address).length === KEY_BYTES;
}

function decodes(address: string, { ignoreChecksum }: { ignoreChecksum: boolean }): boolean {
  try {
    return decodeAddress(address, ignoreChecksum).length === KEY_BYTES;
  } catch {
    return false;
  }
}
