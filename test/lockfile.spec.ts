import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './support/source-files';

interface LockedPackage {
  version?: string;
  resolved?: string;
  integrity?: string;
  link?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, LockedPackage>;
};
const entries = Object.entries(packages);

const REGISTRY = 'https://registry.npmjs.org/';

/** Where Node would find `name` from inside the package at `path`; null when the lockfile holds it nowhere. */
function locate(name: string, path: string): string | null {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const candidate = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (packages[candidate] !== undefined) return candidate;
    if (folder === '') return null;
  }
}

describe('package-lock.json', () => {
  it('holds every package that another one names, the binaries of other platforms included', () => {
    const missing = entries.flatMap(([path, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies })
        .filter((name) => locate(name, path) === null)
        .map((name) => `${path || 'the project'} needs ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it('pins every package to the hash of its contents, and none to a place outside the registry', () => {
    const loose = entries
      .filter(([path, { link }]) => path !== '' && link !== true)
      .filter(
        ([, entry]) =>
          !entry.integrity?.startsWith('sha512-') || (entry.resolved ?? REGISTRY).startsWith(REGISTRY) === false,
      )
      .map(([path]) => path);
    expect(loose).toEqual([]);
  });

  it('says what package.json says', () => {
    const declared = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<string, unknown>;
    const root = packages[''] as Record<string, unknown>;
    for (const field of ['dependencies', 'devDependencies', 'optionalDependencies']) {
      expect([field, root[field]]).toEqual([field, declared[field]]);
    }
  });
});
