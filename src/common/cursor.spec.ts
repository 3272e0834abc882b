import { type CursorPart, decodeCursor, encodeCursor } from './cursor';

const anything = (parts: CursorPart[]): parts is CursorPart[] => parts.length > 0;

describe('a cursor', () => {
  it('comes back as it went out, and needs no escaping in a URL', () => {
    const cursor = encodeCursor(['price', '0.0853797768549170136737598244', 64, null]);
    expect(cursor).toBe(encodeURIComponent(cursor));
    expect(decodeCursor(cursor, anything)).toEqual(['price', '0.0853797768549170136737598244', 64, null]);
  });

  it.each([
    ['nothing of ours', 'abc'],
    ['an object', Buffer.from('{"a":1}').toString('base64url')],
    ['nested values', Buffer.from('[[1]]').toString('base64url')],
    ['too long', encodeCursor(['x'.repeat(600)])],
    ['another shape', encodeCursor([])],
  ])('is refused with its field when it is %s', (_name, text) => {
    expect(() => decodeCursor(text, anything)).toThrow(
      expect.objectContaining({ status: 400, fields: [expect.objectContaining({ field: 'cursor' })] }),
    );
  });
});
