/** As many as the limiter has sockets for: one that is read, and one on its way. */
const AT_A_TIME = 2;

/** Pages of one walk, handed out in their order and fetched two at a time as far as it is known that they exist. */
export class PagesAhead<Page> {
  private readonly over = new AbortController();
  private readonly signal: AbortSignal;
  private readonly flights = new Map<number, Promise<Page>>();

  constructor(
    private readonly fetch: (page: number, signal: AbortSignal) => Promise<Page>,
    signal: AbortSignal,
  ) {
    this.signal = AbortSignal.any([signal, this.over.signal]);
  }

  /** Page `page`; those behind it, up to `last`, are asked for beside it. Rejects as `fetch` does. */
  take(page: number, last: number): Promise<Page> {
    const wanted = this.flights.get(page) ?? this.fetch(page, this.signal);
    this.flights.delete(page);
    for (let next = page + 1; next < page + AT_A_TIME && next <= last; next += 1) {
      if (this.flights.has(next)) continue;
      const flight = this.fetch(next, this.signal);
      // Whoever takes it learns of its failure; nobody may.
      flight.catch(() => undefined);
      this.flights.set(next, flight);
    }
    return wanted;
  }

  /** What is still on its way is given up; resolves when nothing is. */
  async end(): Promise<void> {
    this.over.abort(new Error('the walk is over'));
    await Promise.allSettled(this.flights.values());
  }
}
