import { encodeAddress } from '@dedot/utils';
import { InvalidInputError } from '../common';
import { addressFaultOf, requireAddress } from './wallet-address';

const KEY = Uint8Array.from({ length: 32 }, (_, index) => index + 1);
const BITTENSOR = encodeAddress(KEY, 42);
const MISTYPED = BITTENSOR.slice(0, -1) + (BITTENSOR.endsWith('a') ? 'b' : 'a');

describe('an address', () => {
  it('of Bittensor has no fault', () => {
    expect(addressFaultOf(BITTENSOR)).toBeNull();
    expect(requireAddress(BITTENSOR, 'address')).toBe(BITTENSOR);
  });

  it.each([0, 2, 5, 13, 137])('of the network with prefix %i is foreign, not mistyped', (prefix) => {
    expect(addressFaultOf(encodeAddress(KEY, prefix))?.code).toBe('foreign-network');
  });

  it('with one wrong character has a bad checksum', () => {
    expect(addressFaultOf(MISTYPED)?.code).toBe('bad-checksum');
  });

  it.each([
    ['nothing', ''],
    ['hex', `0x${'01'.repeat(32)}`],
    ['the bytes of an EVM address', '0x52908400098527886E0F7030069857D2E4169EE7'],
    ['letters that base58 does not have', BITTENSOR.replace(/.$/, '0')],
    ['a part of an address', BITTENSOR.slice(0, 20)],
    ['an address with blanks around it', ` ${BITTENSOR} `],
    ['a key that is too short', encodeAddress(KEY.slice(0, 8), 42)],
    ['something long', '5'.repeat(5000)],
  ])('is refused when it is %s', (_, text) => {
    expect(addressFaultOf(text)?.code).toBe('invalid-address');
  });

  it('is refused with the field and the reason', () => {
    const refuse = (): string => requireAddress(encodeAddress(KEY, 0), 'wallet');
    expect(refuse).toThrow(InvalidInputError);
    expect(refuse).toThrow(
      expect.objectContaining({
        code: 'wallets/foreign-network',
        status: 400,
        fields: [expect.objectContaining({ field: 'wallet' })],
      }),
    );
  });
});
