import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Version of this build, from package.json two folders up (three when compiled into dist). */
export const SERVICE_VERSION = readVersion();

function readVersion(): string {
  for (const up of ['../..', '../../..']) {
    try {
      const text = readFileSync(join(__dirname, up, 'package.json'), 'utf8');
      const { version } = JSON.parse(text) as { version?: unknown };
      if (typeof version === 'string') return version;
    } catch {
      continue;
    }
  }
  return 'unknown';
}
