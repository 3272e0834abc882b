import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDirectory } from './ensure-directory';

describe('ensureDirectory', () => {
  const root = mkdtempSync(join(tmpdir(), 'directories-'));

  it('creates what is missing, and leaves what is there', () => {
    ensureDirectory(join(root, 'a/b/c'));
    ensureDirectory(join(root, 'a/b/c'));
    expect(statSync(join(root, 'a/b/c')).isDirectory()).toBe(true);
  });

  it('refuses a file, and anything below one', () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    expect(() => ensureDirectory(file)).toThrow();
    expect(() => ensureDirectory(join(file, 'x'))).toThrow();
  });

  it('ends below a directory that refuses every child', () => {
    expect(() => ensureDirectory('/proc/nowhere/log')).toThrow();
  });
});
