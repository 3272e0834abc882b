import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** A user that PostgreSQL runs as when we are root, which PostgreSQL itself refuses to be. */
export interface Account {
  uid: number;
  gid: number;
}

const NOBODY: Account = { uid: 65534, gid: 65534 };
const SYSTEM_DIRECTORY = '/var/lib/tao-treasury';

/**
 * Null for an ordinary user: PostgreSQL then runs as we do. Root hands over to the owner of an existing cluster, so that
 * a service once run as an ordinary user keeps its files, and else to `nobody`.
 */
export function accountFor(cluster: string): Account | null {
  if (process.getuid?.() !== 0) return null;
  const stats = statSync(cluster, { throwIfNoEntry: false });
  return stats === undefined || stats.uid === 0 ? NOBODY : { uid: stats.uid, gid: stats.gid };
}

/** True when `account` can read `path` and pass through every directory above it, by their modes alone. */
export function canReach(path: string, account: Account): boolean {
  let entry = resolve(path);
  if (!permits(entry, account, 0o4)) return false;
  while (entry !== dirname(entry)) {
    entry = dirname(entry);
    if (!permits(entry, account, 0o1)) return false;
  }
  return true;
}

/** True when `account` can pass through `directory` and everything above it. */
export function canTraverse(directory: string, account: Account): boolean {
  return (
    permits(directory, account, 0o1) && (directory === dirname(directory) || canTraverse(dirname(directory), account))
  );
}

function permits(path: string, account: Account, bit: number): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return false;
  const shift = stats.uid === account.uid ? 6 : stats.gid === account.gid ? 3 : 0;
  return ((stats.mode >> shift) & bit) === bit;
}

/** Root's directory for what `account` must reach while DATA_DIR or the project is private; null where there is none. */
export function systemDirectory(): string | null {
  try {
    mkdirSync(SYSTEM_DIRECTORY, { recursive: true, mode: 0o755 });
    accessSync(SYSTEM_DIRECTORY, constants.W_OK);
    const { uid, mode } = statSync(SYSTEM_DIRECTORY);
    // Programs are started from there: nobody but root may be able to write.
    return uid === 0 && (mode & 0o022) === 0 ? SYSTEM_DIRECTORY : null;
  } catch {
    return null;
  }
}
