import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

/** One built file, with its compressed forms: read and compressed once, at the start. */
export interface PageFile {
  contentType: string;
  etag: string;
  identity: Buffer;
  gzip: Buffer;
  br: Buffer;
}

export interface BuiltPage {
  index: PageFile;
  /** By file name; names carry a hash of their content. */
  assets: ReadonlyMap<string, PageFile>;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Reads what `npm run build:web` wrote; null when it was never run. The whole page is under 200 kB, so memory holds it. */
export function readBuiltPage(directory: string): BuiltPage | null {
  const index = join(directory, 'index.html');
  if (!existsSync(index)) return null;
  const assets = join(directory, 'assets');
  return {
    index: readPageFile(index),
    assets: new Map(readdirSync(assets).map((name) => [name, readPageFile(join(assets, name))])),
  };
}

/** The form of a file that `acceptEncoding` permits, smallest first. */
export function encodingFor(acceptEncoding: string | undefined): 'br' | 'gzip' | 'identity' {
  const accepted = (acceptEncoding ?? '')
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => !/;\s*q=0(\.0*)?$/.test(part))
    .map((part) => part.split(';')[0]);
  if (accepted.includes('br')) return 'br';
  return accepted.includes('gzip') ? 'gzip' : 'identity';
}

function readPageFile(path: string): PageFile {
  const identity = readFileSync(path);
  return {
    contentType: CONTENT_TYPES[extname(path)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(identity).digest('hex').slice(0, 32)}"`,
    identity,
    gzip: gzipSync(identity),
    br: brotliCompressSync(identity),
  };
}
