import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const WEB = dirname(fileURLToPath(import.meta.url));
const TARGET = resolve(WEB, '../dist/public');
/** Built beside its place and then moved, so that a reader never meets half a page. */
const STAGE = `${TARGET}-${process.pid}`;

const started = performance.now();
rmSync(STAGE, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: { app: join(WEB, 'src/main.tsx'), page: join(WEB, 'src/styles/page.css') },
  outdir: join(STAGE, 'assets'),
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  bundle: true,
  minify: true,
  splitting: true,
  format: 'esm',
  target: ['es2022', 'chrome109', 'firefox115', 'safari16.4'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  metafile: true,
  absWorkingDir: WEB,
  logLevel: 'warning',
});

const outputs = Object.entries(metafile.outputs);
const fileOf = (entryPoint) => {
  const [path] = outputs.find(([, output]) => output.entryPoint === entryPoint) ?? [];
  if (path === undefined) throw new Error(`${entryPoint} was not built`);
  return path.slice(path.lastIndexOf('/') + 1);
};
const icon = readFileSync(join(WEB, 'icon.svg'));
const iconFile = `icon-${createHash('sha256').update(icon).digest('hex').slice(0, 8).toUpperCase()}.svg`;
mkdirSync(join(STAGE, 'assets'), { recursive: true });
writeFileSync(join(STAGE, 'assets', iconFile), icon);
const html = readFileSync(join(WEB, 'index.html'), 'utf8')
  .replace('{{script}}', `/assets/${fileOf('src/main.tsx')}`)
  .replace('{{style}}', `/assets/${fileOf('src/styles/page.css')}`)
  .replace('{{icon}}', `/assets/${iconFile}`);
writeFileSync(join(STAGE, 'index.html'), html);

rmSync(TARGET, { recursive: true, force: true });
renameSync(STAGE, TARGET);
const totalBytes = outputs.reduce((sum, [, output]) => sum + output.bytes, 0);
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const scripts = readdirSync(join(TARGET, 'assets')).filter((name) => name.endsWith('.js'));
const sent = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(join(TARGET, 'assets', name))).length, 0);
console.log(
  `page built: ${kilobytes(totalBytes)}, its scripts ${kilobytes(sent)} compressed, ` +
    `in ${Math.round(performance.now() - started)} ms`,
);
