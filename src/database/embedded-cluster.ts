import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { newId, registerSecret } from '../common';
import { type Account, accountFor, canTraverse, systemDirectory } from './embedded-account';
import { type Binaries, EmbeddedUnavailableError, findBinaries } from './embedded-binaries';

const execute = promisify(execFile);

export const SUPERUSER = 'treasury';
const PASSWORD_FILE = 'treasury.password';
const COMMAND_LIMIT_MS = 120_000;
const ABANDONED_AFTER_MS = 3_600_000;

/** A directory with an initialised cluster, the programs to serve it and the account that they run as. */
export interface Cluster {
  directory: string;
  password: string;
  binaries: Binaries;
  account: Account | null;
}

/**
 * The cluster under `dataDir`, initialised on the first call (0.5 s). Safe against several processes at once: each
 * initialises aside and the first rename wins. Throws `database/embedded-unavailable`.
 */
export async function openCluster(dataDir: string, durable: boolean): Promise<Cluster> {
  const home = reachableHome(resolve(dataDir));
  const directory = join(home, 'postgres');
  const account = accountFor(directory);
  const binaries = findBinaries(account);
  if (!existsSync(directory)) await initialise({ home, directory, binaries, account, durable });
  assertVersion(directory, binaries);
  const password = readFileSync(join(directory, PASSWORD_FILE), 'utf8').trim();
  registerSecret(password);
  return { directory, password, binaries, account };
}

/** Runs one of the server's programs as the cluster's account. Rejects with its output in the message. */
export async function runProgram(cluster: Pick<Cluster, 'account'>, file: string, args: string[]): Promise<string> {
  const { stdout } = await execute(file, args, {
    ...(cluster.account ?? {}),
    cwd: dirname(file),
    env: { LC_ALL: 'C', TZ: 'UTC' },
    timeout: COMMAND_LIMIT_MS,
    windowsHide: true,
  });
  return stdout;
}

/** `dataDir` itself or, where PostgreSQL's account could not reach it, a directory of its own in the system directory. */
function reachableHome(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true });
  const account = accountFor(join(dataDir, 'postgres'));
  if (account === null || canTraverse(dataDir, account)) return dataDir;
  if (canTraverse(dirname(dataDir), account)) {
    // Passing through is all that is granted; the cluster inside stays private to its owner.
    chmodSync(dataDir, statSync(dataDir).mode | 0o111);
    return dataDir;
  }
  return elsewhere(dataDir);
}

function elsewhere(dataDir: string): string {
  const link = join(dataDir, 'postgres');
  const stats = lstatSync(link, { throwIfNoEntry: false });
  const system = systemDirectory();
  if (system === null || stats?.isDirectory()) {
    throw new EmbeddedUnavailableError(
      `DATA_DIR ${dataDir} is out of reach of the account that PostgreSQL runs as; choose another or start as its owner`,
    );
  }
  const home = join(system, createHash('sha256').update(dataDir).digest('hex').slice(0, 16));
  mkdirSync(home, { recursive: true, mode: 0o755 });
  // Shows where the rows are to whoever looks into DATA_DIR.
  if (stats === undefined) symlinkSync(join(home, 'postgres'), link);
  return home;
}

interface Initialisation extends Omit<Cluster, 'password'> {
  home: string;
  durable: boolean;
}

async function initialise(order: Initialisation): Promise<void> {
  const { home, directory, binaries, account } = order;
  const aside = join(home, `postgres.new-${newId()}`);
  const passwordFile = join(aside, 'password');
  try {
    mkdirSync(aside, { mode: 0o700 });
    removeAbandoned(home, statSync(aside).mtimeMs);
    writeFileSync(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
    if (account !== null) for (const path of [aside, passwordFile]) chownSync(path, account.uid, account.gid);
    const cluster = join(aside, 'cluster');
    await runProgram(order, binaries.initdb, initdbArguments(cluster, passwordFile, order.durable));
    renameSync(passwordFile, join(cluster, PASSWORD_FILE));
    renameSync(cluster, directory);
  } catch (error) {
    if (!existsSync(directory)) throw new EmbeddedUnavailableError(`initdb failed in ${home}`, error);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** Byte order for text on every platform, whatever locales the machine has. */
function initdbArguments(cluster: string, passwordFile: string, durable: boolean): string[] {
  return [
    `--pgdata=${cluster}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(durable ? [] : ['--no-sync']),
  ];
}

/** Leftovers of a process that was killed during initdb. */
function removeAbandoned(home: string, nowMs: number): void {
  for (const name of readdirSync(home)) {
    if (!name.startsWith('postgres.new-')) continue;
    const stats = statSync(join(home, name), { throwIfNoEntry: false });
    if (stats !== undefined && nowMs - stats.mtimeMs > ABANDONED_AFTER_MS) {
      rmSync(join(home, name), { recursive: true, force: true });
    }
  }
}

/** A cluster of another major version would be refused by the server with a line in a log that nobody reads. */
function assertVersion(directory: string, binaries: Binaries): void {
  let major: string;
  try {
    major = readFileSync(join(directory, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    throw new EmbeddedUnavailableError(`${directory} is not readable as a PostgreSQL cluster`, error);
  }
  const native = join(dirname(binaries.postgres), '..');
  const sample = readFileSync(join(native, 'share', 'postgresql', 'postgres.bki'), 'utf8').slice(0, 40);
  const expected = /^# PostgreSQL (\d+)/.exec(sample)?.[1];
  if (expected !== undefined && expected !== major) {
    throw new EmbeddedUnavailableError(
      `${directory} was made by PostgreSQL ${major} and the programs are ${expected}; dump it there and load it here`,
    );
  }
}
