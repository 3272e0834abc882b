import { worstTrust } from './trust';

describe('worstTrust', () => {
  it('is the worst of the inputs, and ok without any', () => {
    expect(worstTrust(['ok', 'drift', 'stale'])).toBe('drift');
    expect(worstTrust(['stale', 'unknown', 'protected'])).toBe('unknown');
    expect(worstTrust([])).toBe('ok');
  });
});
