/** Prints each finished step with the seconds since the start. */
export class Progress {
  private readonly startedMs = Date.now();

  step(text: string): void {
    const seconds = ((Date.now() - this.startedMs) / 1000).toFixed(1).padStart(5);
    process.stdout.write(`[${seconds} s] ${text}\n`);
  }
}
