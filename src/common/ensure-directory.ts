import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Creates a directory with its missing parents and makes sure that it can be written to. Throws what the file system
 * says. One level at a time: Node's recursive form never ends below directories that refuse every child, as /proc does.
 */
export function ensureDirectory(path: string): void {
  const wanted = resolve(path);
  const missing: string[] = [];
  for (let level = wanted; !existsSync(level); level = dirname(level)) missing.unshift(level);
  for (const level of missing) mkdirSync(level);
  if (!statSync(wanted).isDirectory()) throw new Error('it is not a directory');
  accessSync(wanted, constants.W_OK);
}
