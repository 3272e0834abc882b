import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { transformFileSync } from '@swc/core';

const ROOT = resolve(__dirname, '../..');
let built: string | undefined;

/**
 * Directory with the service compiled to plain JavaScript, as `npm run build` leaves it in `dist`: started through a
 * compiler it would need twice the memory. Made once, in the repository so that its packages are found, and removed at the end.
 */
export function builtService(): string {
  if (built !== undefined) return built;
  const directory = mkdtempSync(join(ROOT, '.bench-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  for (const source of sources.filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))) {
    const target = join(directory, source.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, transformFileSync(join(ROOT, 'src', source), { cwd: ROOT, sourceMaps: false }).code);
  }
  built = directory;
  return directory;
}

/** The service's entry point, from the root of the repository. */
export function builtMain(): string {
  return relative(ROOT, join(builtService(), 'main.js'));
}
