import { existsSync, readFileSync, readlinkSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Cluster, runProgram } from './embedded-cluster';

const LOG_LIMIT_BYTES = 5 * 1024 * 1024;

/** A server process as its `postmaster.pid` describes it. */
export interface Postmaster {
  pid: number;
  port: number;
}

/** The server that serves `directory` now, be it ours, another process's or an orphan; null when there is none. */
export function findPostmaster(directory: string): Postmaster | null {
  const file = join(directory, 'postmaster.pid');
  if (!existsSync(file)) return null;
  // Line 1 is the pid, line 4 the port: storage/pidfile.h.
  const lines = readFileSync(file, 'utf8').split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 1) return null;
  return serves(pid, directory) ? { pid, port } : null;
}

/**
 * A pid in the file may by now belong to anything (a container's pids start over): a server's working directory is its
 * cluster. Where that cannot be read, a living pid is believed.
 */
function serves(pid: number, directory: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(directory);
  } catch {
    return false;
  }
}

/**
 * Starts a server on `port` and waits until it takes connections. Its own process group and no pipe to us: Ctrl-C
 * reaches this process only, and a kill -9 of this process leaves a healthy server to adopt. Rejects when it cannot start,
 * among others because another process was faster.
 */
export async function launch(cluster: Cluster, port: number, durable: boolean): Promise<void> {
  const { directory, binaries } = cluster;
  const log = join(directory, 'server.log');
  if (findPostmaster(directory) === null) {
    // The file of a dead server whose pid another of our processes has got by now would stop the start.
    rmSync(join(directory, 'postmaster.pid'), { force: true });
    if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES) renameSync(log, `${log}.1`);
  }
  const options = Object.entries({ port, ...COMMON, ...(durable ? {} : THROW_AWAY) }).map(([k, v]) => `-c ${k}=${v}`);
  await runProgram(cluster, binaries.pgCtl, [
    'start',
    `--pgdata=${directory}`,
    `--log=${log}`,
    '--timeout=60',
    '--silent',
    `--options=${options.join(' ')}`,
  ]);
}

/** Ends the server: open transactions are rolled back, everything committed is on disk when this resolves. */
export async function shutDown(cluster: Cluster): Promise<void> {
  const stop = ['stop', `--pgdata=${cluster.directory}`, '--silent', '--timeout=15'];
  try {
    await runProgram(cluster, cluster.binaries.pgCtl, [...stop, '--mode=fast']);
  } catch {
    if (findPostmaster(cluster.directory) === null) return;
    await runProgram(cluster, cluster.binaries.pgCtl, [...stop, '--mode=immediate']);
  }
}

/** The last lines of the server's log: why it did not start. */
export function lastLogLines(directory: string): string {
  const log = join(directory, 'server.log');
  return existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n').slice(-3).join(' ') : '';
}

/** A loopback port that nobody listens on at the moment. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Values hold no space and no quote: pg_ctl passes them through a shell. JIT costs more than it saves on our reads. */
const COMMON: Readonly<Record<string, string | number>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 100,
  shared_buffers: '128MB',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
};

/** For tests: a crash of the machine may lose everything. A kill of the server still loses nothing committed. */
const THROW_AWAY: Readonly<Record<string, string | number>> = {
  fsync: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: 0,
};
