import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { SyncPageRepository } from '../database';
import type { FetchedPage, KeptPage } from '../taostats';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

interface Owner {
  dataset: string;
  runId: string;
}

/** Pages of a run that is under way, kept so that it can be gone on with, and those of the run that it goes on with. */
export class PageShelf {
  /** Ages of the pages that were not asked for again. */
  private readonly agesUsed = new Map<string, number>();

  private constructor(
    private readonly repository: SyncPageRepository,
    private readonly owner: Owner,
    private readonly adopted: ReadonlyMap<string, KeptPage & { ageMs: number }>,
  ) {}

  /** With the pages of the run before, when that was cut short a moment ago. `nowMs` is by the clock that dates answers. */
  static async open(repository: SyncPageRepository, owner: Owner, nowMs: number): Promise<PageShelf> {
    const adopted = new Map<string, KeptPage & { ageMs: number }>();
    for (const { question, page, sha256, bodyGzip, ageMs } of await repository.adopt(owner)) {
      const body = await decompress(bodyGzip).catch(() => null);
      const receivedAt = new Date(nowMs - ageMs);
      if (body !== null) adopted.set(nameOf(question, page), { body, sha256, receivedAt, ageMs });
    }
    return new PageShelf(repository, owner, adopted);
  }

  /** How many pages were not asked for again. */
  get used(): number {
    return this.agesUsed.size;
  }

  /** Of the oldest of them. */
  get oldestUsedMs(): number {
    return Math.max(0, ...this.agesUsed.values());
  }

  find(question: string, page: number): KeptPage | null {
    return this.adopted.get(nameOf(question, page)) ?? null;
  }

  async keep({ question, page, body, sha256, isKept }: FetchedPage): Promise<void> {
    const name = nameOf(question, page);
    const known = this.adopted.get(name);
    if (isKept && known !== undefined) {
      this.agesUsed.set(name, known.ageMs);
      return;
    }
    this.agesUsed.delete(name);
    const bodyGzip = await compress(body);
    // A page that is not kept costs a call when the run is cut short, and nothing else.
    await this.repository.keep(this.owner, { question, page, sha256, bodyGzip }).catch(() => undefined);
  }
}

function nameOf(question: string, page: number): string {
  return `${page} ${question}`;
}
