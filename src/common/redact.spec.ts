import { redact, redactText, registerSecret } from './redact';

describe('redact', () => {
  it('masks a registered secret wherever it stands in a text', () => {
    registerSecret('tao-canary-0001:deadbeef');
    expect(redactText('GET /x with tao-canary-0001:deadbeef failed')).toBe('GET /x with [redacted] failed');
  });

  it('masks passwords in connection strings and keys in query strings', () => {
    expect(redactText('postgres://app:hunter2@db:5432/t')).toBe('postgres://app:[redacted]@db:5432/t');
    expect(redactText('/validate?apiKeyId=abc&x=1')).toBe('/validate?apiKeyId=[redacted]&x=1');
  });

  it('masks sensitive keys at any depth, and inside the causes of errors', () => {
    registerSecret('tao-canary-0002');
    const error = new Error('outer', { cause: new Error('saw tao-canary-0002') });
    const shown = JSON.stringify(redact({ headers: { Authorization: 'x' }, list: [{ password: 'y' }], err: error }));
    expect(shown).not.toMatch(/"x"|"y"|canary/);
    expect(shown).toContain('outer');
  });
});
