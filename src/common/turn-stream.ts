import type { DestinationStream } from 'pino';

/**
 * Writes the lines of one turn of the event loop at once, to every target: a busy server answers many requests in a turn, and a system call
 * for the line of each would cost a tenth of it. A turn is all that a killed process can lose.
 */
export class TurnStream implements DestinationStream {
  private lines = '';

  constructor(private readonly targets: readonly DestinationStream[]) {
    // The turn in which a process ends has no next one.
    process.on('exit', () => this.flushSync());
  }

  write(line: string): void {
    if (this.lines === '') setImmediate(() => this.flushSync());
    this.lines += line;
  }

  /** Called by pino after a fatal line. */
  flushSync(): void {
    if (this.lines === '') return;
    const { lines } = this;
    this.lines = '';
    for (const target of this.targets) target.write(lines);
  }
}
