import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port';
import { TcpRelay } from './tcp-relay';

const START_LIMIT_MS = 10_000;
const POLL_MS = 20;

/** A Redis that a test may kill, freeze and bring back. */
export interface Redis {
  readonly url: string;
  /** Null when the server is REDIS_URL's, which is never touched: a relay in front of it is killed and frozen instead. */
  readonly pid: number | null;
  /** Gone, as by kill -9: connections break, new ones are refused. What it held is lost, if the server is ours. */
  kill(): Promise<void>;
  /** With further parameters of `redis-server`, if the server is ours. What it was told to SAVE is there again. */
  restart(parameters?: readonly string[]): Promise<void>;
  /** Takes connections and bytes and answers nothing, as under SIGSTOP. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

/** REDIS_URL's server, else a `redis-server` from the PATH on a private port, else null and a line that says so. */
export async function startRedis(): Promise<Redis | null> {
  const given = process.env['REDIS_URL'];
  if (given !== undefined && given !== '') return shared(given);
  if (!isInstalled()) {
    process.stderr.write('Redis tests are skipped: no REDIS_URL, and no redis-server on the PATH\n');
    return null;
  }
  const server = new OwnRedis(await freePort());
  await server.restart();
  return server;
}

async function shared(url: string): Promise<Redis> {
  const relay = await TcpRelay.start(url);
  return {
    url: relay.url,
    pid: null,
    kill: () => relay.cut(),
    restart: () => relay.restore(),
    freeze: () => relay.freeze(),
    thaw: () => relay.thaw(),
    stop: () => relay.stop(),
  };
}

function isInstalled(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

class OwnRedis implements Redis {
  readonly url: string;
  private child: ChildProcess | undefined;
  private readonly directory = mkdtempSync(join(tmpdir(), 'treasury-redis-'));

  constructor(private readonly port: number) {
    this.url = `redis://127.0.0.1:${port}`;
  }

  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  async restart(parameters: readonly string[] = []): Promise<void> {
    const child = spawn(
      'redis-server',
      [
        ...['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.directory],
        ...['--save', '', '--appendonly', 'no', ...parameters],
      ],
      { stdio: 'ignore' },
    );
    this.child = child;
    const until = Date.now() + START_LIMIT_MS;
    while (!(await listens(this.port))) {
      if (child.exitCode !== null || Date.now() > until) throw new Error(`redis-server did not start on ${this.port}`);
      await new Promise((wake) => setTimeout(wake, POLL_MS));
    }
  }

  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

async function listens(port: number): Promise<boolean> {
  const socket = connectSocket(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
