import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { encodingFor, readBuiltPage } from './built-page';

describe('the built page', () => {
  const directory = mkdtempSync(join(tmpdir(), 'built-page-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('is null where nothing was built', () => {
    expect(readBuiltPage(join(directory, 'nowhere'))).toBeNull();
  });

  it('holds every file with its type and in three encodings of the same bytes', () => {
    mkdirSync(join(directory, 'assets'));
    writeFileSync(join(directory, 'index.html'), '<!doctype html>');
    writeFileSync(join(directory, 'assets', 'app-1.js'), 'export {}');
    const page = readBuiltPage(directory);
    const script = page?.assets.get('app-1.js');
    expect(page?.index.contentType).toBe('text/html; charset=utf-8');
    expect(script?.contentType).toBe('text/javascript; charset=utf-8');
    expect(gunzipSync(script?.gzip ?? '').toString()).toBe('export {}');
    expect(brotliDecompressSync(script?.br ?? '').toString()).toBe('export {}');
  });

  it.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip, deflate, br', 'br'],
    ['gzip;q=1.0, br;q=0', 'gzip'],
    ['deflate', 'identity'],
  ])('answers a reader who accepts %s with %s', (accepted, encoding) => {
    expect(encodingFor(accepted)).toBe(encoding);
  });
});
