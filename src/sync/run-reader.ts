import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { RawAnswer } from '../database';
import type { Endpoint, Fetched, FetchedPage, FetchRequest, Priority, TaostatsClient } from '../taostats';
import type { AskOptions } from './dataset';
import type { PageShelf } from './page-shelf';

const compress = promisify(gzip);

export interface ReaderOptions {
  runId: string;
  signal: AbortSignal;
  priority: Priority;
  deadlineMs: number;
}

/** All that one run asks of TaoStats: counts its calls and keeps its pages. */
export class RunReader {
  calls = 0;
  pages = 0;
  /** Newest upstream time and block of the first answer, which dates the whole; null where its rows carry none. */
  upstreamAt: Date | null = null;
  upstreamBlock: string | null = null;
  /** Where pages are kept until they are stored; null when a run that is cut short begins anew. */
  shelf: PageShelf | null = null;
  private readonly digests: string[] = [];
  private readonly received: { endpoint: string; page: FetchedPage }[] = [];

  constructor(
    private readonly client: Pick<TaostatsClient, 'fetchAll'>,
    private readonly options: ReaderOptions,
  ) {}

  /** A complete answer; from the network unless `cache` says otherwise, since a sync is there to learn what is new. */
  async ask<P extends object>(endpoint: Endpoint<P>, options: AskOptions = {}): Promise<Fetched<P>> {
    const pages: FetchedPage[] = [];
    let attempts = 0;
    const request: FetchRequest = {
      cache: 'refresh',
      ...this.options,
      ...options,
      onAttempt: () => {
        attempts += 1;
        this.calls += 1;
      },
      kept: (question, page) => this.shelf?.find(question, page) ?? null,
      onPage: async (page) => {
        // Pages that contradict each other are walked anew from the first.
        if (page.page === 1) pages.length = 0;
        pages.push(page);
        await this.shelf?.keep(page);
      },
    };
    const fetched = await this.client.fetchAll(endpoint, request);
    this.calls += fetched.calls - attempts;
    this.pages += fetched.pages;
    if (this.digests.length === 0) {
      this.upstreamAt = fetched.upstreamAt;
      this.upstreamBlock = fetched.upstreamBlock === null ? null : String(fetched.upstreamBlock);
    }
    this.digests.push(fetched.sha256);
    // Pages are asked for two at a time, so they may come out of their order.
    pages.sort((one, other) => one.page - other.page);
    this.received.push(...pages.map((page) => ({ endpoint: endpoint.path, page })));
    return fetched;
  }

  /** One digest over all answers in the order they were asked. */
  sha256(): string {
    return createHash('sha256').update(this.digests.join('\n')).digest('hex');
  }

  /** The pages as they came over the network, compressed and numbered in their order. Cached answers have none. */
  async rawAnswers(): Promise<RawAnswer[]> {
    return Promise.all(
      this.received.map(async ({ endpoint, page }, index) => ({
        endpoint,
        page: index + 1,
        sha256: page.sha256,
        bodyGzip: await compress(page.body),
        receivedAt: page.receivedAt,
      })),
    );
  }
}
