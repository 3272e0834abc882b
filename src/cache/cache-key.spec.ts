import { cacheKey } from './cache-key';

const parts = { method: 'GET', path: '/api/dtao/pool/latest/v1' };

describe('cacheKey', () => {
  it('is the same whatever the order of the parameters and the case of the method', () => {
    expect(cacheKey({ ...parts, params: { page: 1, limit: 50 } })).toBe(
      cacheKey({ ...parts, method: 'get', params: { limit: 50, page: 1 } }),
    );
  });

  it('tells subnet 0 from all subnets, and text from absence', () => {
    const keys = [{ netuid: 0 }, {}, { netuid: '' }, { netuid: 1 }, { netuid: false }].map((params) =>
      cacheKey({ ...parts, params }),
    );
    expect(new Set(keys).size).toBe(keys.length);
    expect(cacheKey({ ...parts, params: { netuid: undefined, hotkey: null } })).toBe(cacheKey(parts));
  });

  it('tells pages, methods, paths and scopes apart', () => {
    const keys = [
      cacheKey(parts),
      cacheKey({ ...parts, params: { page: 2 } }),
      cacheKey({ ...parts, method: 'POST' }),
      cacheKey({ ...parts, path: '/api/dtao/pool/history/v1' }),
      cacheKey({ ...parts, scope: 'another' }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('lets no value pose as another parameter', () => {
    expect(cacheKey({ ...parts, params: { a: '1&b=2' } })).not.toBe(cacheKey({ ...parts, params: { a: 1, b: 2 } }));
    expect(cacheKey({ ...parts, scope: 'x:GET' })).not.toBe(cacheKey({ ...parts, scope: 'x', method: 'GET:GET' }));
  });

  it('replaces a long query by its digest', () => {
    const key = cacheKey({ ...parts, params: { body: 'x'.repeat(5_000) } });
    expect(key.length).toBeLessThan(200);
    expect(key).not.toBe(cacheKey({ ...parts, params: { body: 'x'.repeat(5_001) } }));
  });
});
