import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A TypeScript program in a process of its own, whose output goes to ours and that ends with us. */
export class ChildProgram {
  private readonly process: ChildProcess;
  private stopping = false;

  constructor(
    private readonly name: string,
    script: string[],
    environment: NodeJS.ProcessEnv,
  ) {
    this.process = spawn(process.execPath, ['-r', '@swc-node/register', ...script], {
      env: environment,
      stdio: ['ignore', 'inherit', 'inherit'],
      // Ctrl-C reaches the demo alone, which then ends its programs in order: a program that is signalled twice stops
      // at once and leaves its PostgreSQL behind.
      detached: true,
    });
  }

  /** Throws when the program has ended. */
  assertRunning(): void {
    if (this.process.exitCode === null && this.process.signalCode === null) return;
    throw new Error(`the ${this.name} ended with ${this.process.exitCode ?? this.process.signalCode}`);
  }

  onUnexpectedEnd(react: () => void): void {
    this.process.once('exit', () => {
      if (!this.stopping) react();
    });
  }

  async stop(): Promise<void> {
    this.stopping = true;
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill('SIGTERM');
    await once(this.process, 'exit');
  }
}
