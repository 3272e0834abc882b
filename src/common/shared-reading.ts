/**
 * Gives one reading to all who ask at the same time, so that a crowd costs the source no more than one caller. Nobody gets a
 * reading that began before he asked: whoever comes while one is under way shares the next.
 */
export class SharedReading<T> {
  private running: Promise<T> | null = null;
  private next: Promise<T> | null = null;

  constructor(private readonly read: () => Promise<T>) {}

  get(): Promise<T> {
    if (this.running === null) return this.start();
    const begin = (): Promise<T> => {
      this.next = null;
      return this.start();
    };
    this.next ??= this.running.then(begin, begin);
    return this.next;
  }

  private start(): Promise<T> {
    const reading = this.read().finally(() => {
      if (this.running === reading) this.running = null;
    });
    this.running = reading;
    return reading;
  }
}
