import type { Endpoint } from './endpoint';
import type { RejectedRow } from './fetch-request';
import type { PageRows } from './page-rows';

/** The pages do not belong together: rows moved, vanished or repeated while they were walked. */
export class PagesDriftedError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'PagesDriftedError';
  }
}

/** Stops a walk whose `total_items` is itself absurd. */
const PAGE_LIMIT = 10_000;

/**
 * Puts pages together and says which one comes next. Throws `PagesDriftedError` as soon as the pages contradict each
 * other, repeat themselves, or end without the rows that were promised.
 */
export class PageWalk<P extends object> {
  readonly rows: P[] = [];
  readonly rejected: RejectedRow[] = [];
  totalItems: number | null = null;
  pages = 0;
  complete = true;
  private perPage: number | null = null;
  private promised: number | null = null;
  private readonly keys = new Set<string>();
  private readonly digests = new Set<string>();
  private received = 0;

  constructor(
    private readonly endpoint: Endpoint<P>,
    private readonly maxPages: number | undefined,
  ) {}

  /** The last page that surely exists, by a total that can be believed; 0 while none is known. */
  get lastForeseen(): number {
    const { totalItems, perPage, endpoint, maxPages = PAGE_LIMIT } = this;
    if (endpoint.totalLies === true || endpoint.pageSize === null || totalItems === null || !perPage) return 0;
    return Math.min(Math.ceil(totalItems / perPage), maxPages, PAGE_LIMIT);
  }

  /** Takes page `asked` (1-based) and returns the next one to ask for, or null at the end. */
  add(asked: number, page: PageRows<P>, sha256: string): number | null {
    this.checkAgainstEarlier(asked, page, sha256);
    const { pagination } = page;
    this.totalItems = pagination.totalItems ?? this.totalItems;
    this.promised = this.endpoint.grows === true ? (this.promised ?? this.totalItems) : this.totalItems;
    this.perPage = pagination.perPage ?? this.perPage;
    this.pages += 1;
    this.received += page.rows.length + page.rejected.length;
    this.rejected.push(...page.rejected);
    page.rows.forEach((row) => this.keep(row));
    const next = this.nextPage(asked, page);
    if (next === null) this.checkTotal();
    else if (this.maxPages !== undefined && this.pages >= this.maxPages) {
      this.complete = false;
      return null;
    }
    return next;
  }

  private checkAgainstEarlier(asked: number, { pagination, rows }: PageRows<P>, sha256: string): void {
    if (rows.length > 0 && this.digests.has(sha256))
      throw new PagesDriftedError(`page ${asked} repeats an earlier page`);
    this.digests.add(sha256);
    if (pagination.currentPage !== null && this.endpoint.pageSize !== null && pagination.currentPage !== asked) {
      throw new PagesDriftedError(`page ${asked} was asked for, page ${pagination.currentPage} came`);
    }
    if (this.pages === 0) return;
    if (pagination.perPage !== this.perPage) throw new PagesDriftedError('the page size changed between pages');
    const hasGrown = this.endpoint.grows === true && (pagination.totalItems ?? 0) >= (this.totalItems ?? 0);
    if (pagination.totalItems !== this.totalItems && !hasGrown) {
      throw new PagesDriftedError('the total changed between pages');
    }
  }

  private keep(row: P): void {
    const key = this.endpoint.naturalKey(row);
    if (!this.keys.has(key)) {
      this.keys.add(key);
      this.rows.push(row);
      return;
    }
    // New rows push old ones onto the next page; the repeated row is the same row.
    if (this.endpoint.grows !== true) throw new PagesDriftedError(`row ${key} came twice`);
    this.received -= 1;
  }

  private nextPage(asked: number, { pagination, rows, rejected }: PageRows<P>): number | null {
    const { nextPage, totalPages, totalItems, perPage } = pagination;
    if (nextPage === null || rows.length + rejected.length === 0) return null;
    if (totalPages !== null && asked >= totalPages) return null;
    if (this.endpoint.pageSize === null) throw new PagesDriftedError('more pages exist, but none can be asked for');
    if (nextPage !== asked + 1) throw new PagesDriftedError(`page ${nextPage} is said to follow page ${asked}`);
    const promised = totalItems === null || !perPage ? PAGE_LIMIT : Math.ceil(totalItems / perPage) + 1;
    if (nextPage > Math.min(promised, PAGE_LIMIT))
      throw new PagesDriftedError('there are more pages than rows promised');
    return nextPage;
  }

  /** A list that grows has to hold at least what was promised when the walk began. */
  private checkTotal(): void {
    if (this.promised === null || this.endpoint.totalLies === true) return;
    const isShort = this.received < this.promised;
    const isLong = this.received > this.promised && this.endpoint.grows !== true;
    if (isShort || isLong) throw new PagesDriftedError(`${this.promised} rows were promised, ${this.received} came`);
  }
}
