import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const START_LIMIT_MS = 90_000;
const POLL_MS = 50;

/** The environment of a service under test; nothing of the machine's own configuration leaks in. */
export type ServiceEnvironment = Record<string, string>;

/** The whole service in a process of its own, so that it can be killed, frozen and restarted like in production. */
export class ServiceProcess {
  readonly url: string;
  private readonly lines: string[] = [];
  private child: ChildProcess;

  private constructor(
    private readonly port: number,
    private readonly environment: ServiceEnvironment,
  ) {
    this.url = `http://127.0.0.1:${port}`;
    this.child = this.spawn();
  }

  /** Starts the service and waits until `probe` (default `/readyz`) answers 200. */
  static async start(port: number, environment: ServiceEnvironment, probe = '/readyz'): Promise<ServiceProcess> {
    const service = new ServiceProcess(port, environment);
    await service.until(probe, () => true);
    return service;
  }

  /** Everything that the service has logged, parsed; lines that are not JSON are `{ msg: line }`. */
  log(): Record<string, unknown>[] {
    return this.lines.map((line) => {
      try {
        return JSON.parse(line) as Record<string, unknown>;
      } catch {
        return { msg: line };
      }
    });
  }

  get rawLog(): string {
    return this.lines.join('\n');
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async json<T = Record<string, unknown>>(path: string, init?: RequestInit): Promise<T> {
    const answer = await fetch(this.url + path, { signal: AbortSignal.timeout(10_000), ...init });
    return (await answer.json()) as T;
  }

  /** Polls `path` until it answers with a body that `accepted` takes; fails with the log's end when it never does. */
  async until<T = Record<string, unknown>>(path: string, accepted: (body: T) => boolean): Promise<T> {
    const limit = Date.now() + START_LIMIT_MS;
    let last: unknown;
    while (Date.now() < limit) {
      this.assertRunning(path);
      try {
        const answer = await fetch(this.url + path, { signal: AbortSignal.timeout(5_000) });
        const body = (await answer.json().catch(() => ({}))) as T;
        last = body;
        if (answer.ok && accepted(body)) return body;
      } catch (error) {
        last = error;
      }
      await new Promise((wake) => setTimeout(wake, POLL_MS));
    }
    throw new Error(`${path} was never as expected: ${JSON.stringify(last)?.slice(0, 2000)}\n${this.tail()}`);
  }

  /** kill -9, and nothing else. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended();
  }

  /** Resolves when the process has ended by itself. */
  async died(): Promise<void> {
    await this.ended();
  }

  /** SIGTERM; resolves to the exit code. */
  async stop(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGTERM');
    await this.ended();
    return this.child.exitCode;
  }

  /** A new process with the same port and environment. */
  async restart(probe = '/readyz'): Promise<void> {
    this.child = this.spawn();
    await this.until(probe, () => true);
  }

  private spawn(): ChildProcess {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, ['-r', '@swc-node/register', join(ROOT, 'src/main.ts')], {
      cwd: ROOT,
      env: { PATH, HOME, PORT: String(this.port), ...this.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      let rest = '';
      stream.setEncoding('utf8').on('data', (text: string) => {
        const parts = (rest + text).split('\n');
        rest = parts.pop() ?? '';
        this.lines.push(...parts);
      });
    }
    return child;
  }

  private async ended(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
  }

  private assertRunning(path: string): void {
    if (this.child.exitCode === null && this.child.signalCode === null) return;
    throw new Error(`the service ended with ${this.child.exitCode} while waiting for ${path}\n${this.tail()}`);
  }

  private tail(): string {
    return this.lines.slice(-30).join('\n');
  }
}
