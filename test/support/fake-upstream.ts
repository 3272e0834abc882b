import { createHash } from 'node:crypto';
import {
  ENDPOINTS,
  type Endpoint,
  type Fetched,
  type FetchRequest,
  type PoolPayload,
  type PricePayload,
  type RejectedRow,
  type SubnetIdentityPayload,
  type SubnetPayload,
} from '../../src/taostats';

const GENESIS_MS = Date.UTC(2026, 0, 1);
const BLOCK_MS = 12_000;

export interface Answer {
  rows: object[];
  rejected?: RejectedRow[];
  totalItems?: number | null;
  complete?: boolean;
}

/** An answer that depends on what was asked. */
export type Answering = (request: FetchRequest) => Answer | Error;

export function instantOf(block: number): string {
  return new Date(GENESIS_MS + block * BLOCK_MS).toISOString();
}

export function poolPayload(netuid: number, block: number, figures: Partial<PoolPayload> = {}): Partial<PoolPayload> {
  return {
    netuid,
    block_number: block,
    timestamp: instantOf(block),
    name: `Subnet ${netuid}`,
    price: `0.0${100 + netuid}`,
    total_tao: '5547225157910',
    alpha_in_pool: '1523339217848291',
    alpha_staked: '2314700261629593',
    startup_mode: false,
    ...figures,
  };
}

export function subnetPayload(
  netuid: number,
  block: number,
  figures: Partial<SubnetPayload> = {},
): Partial<SubnetPayload> {
  return {
    netuid,
    block_number: block,
    timestamp: instantOf(block),
    registration_block_number: netuid === 0 ? null : netuid,
    registration_timestamp: instantOf(netuid),
    owner: null,
    owner_hotkey: null,
    emission: '40527989',
    weights_rate_limit: '100',
    tao_flow: '0',
    net_flow_1_day: '12682293240',
    net_flow_7_days: '907768977498',
    net_flow_30_days: '5091882743026',
    ...figures,
  };
}

function pricePayload(block: number): Partial<PricePayload> {
  return {
    symbol: 'TAO',
    price: '322.124618259631',
    last_updated: instantOf(block),
    created_at: null,
    updated_at: null,
  };
}

function identityPayload(netuid: number): Partial<SubnetIdentityPayload> {
  return { netuid, subnet_name: `Subnet ${netuid}`, discord: '', description: null };
}

export function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** What TaoStats would answer, set by the test; `fetchAll` as the client has it. */
export class FakeUpstream {
  readonly asked: string[] = [];
  private readonly answers = new Map<string, Answer | Error | Answering>();
  private held: { path: string; promise: Promise<void> } | null = null;
  private onAsked: (() => void) | null = null;

  constructor(subnets = 40) {
    this.setBlock(1_000, subnets);
  }

  /** A whole network at a block. */
  setBlock(block: number, subnets = 40): void {
    this.answer(ENDPOINTS.pools, { rows: range(subnets).map((netuid) => poolPayload(netuid, block)) });
    this.answer(ENDPOINTS.subnets, { rows: range(subnets).map((netuid) => subnetPayload(netuid, block)) });
    this.answer(ENDPOINTS.subnetIdentities, { rows: range(subnets).map(identityPayload) });
    this.answer(ENDPOINTS.taoPrice, { rows: [pricePayload(block)] });
  }

  answer(endpoint: { path: string }, answer: Answer | Error | Answering): void {
    this.answers.set(endpoint.path, answer);
  }

  /** Answers of this path wait until the returned function is called. */
  hold(endpoint: { path: string }): { arrived: Promise<void>; release: () => void } {
    let release = (): void => undefined;
    this.held = { path: endpoint.path, promise: new Promise((resolve) => (release = resolve)) };
    const arrived = new Promise<void>((resolve) => (this.onAsked = resolve));
    return {
      arrived,
      release: () => {
        this.held = null;
        release();
      },
    };
  }

  async fetchAll<P extends object>(endpoint: Endpoint<P>, request: FetchRequest): Promise<Fetched<P>> {
    this.asked.push(endpoint.path);
    const given = this.answers.get(endpoint.path);
    const answer = typeof given === 'function' ? given(request) : given;
    if (this.held?.path === endpoint.path) await this.waitHeld(request.signal);
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error(`no answer for ${endpoint.path}`);
    const body = Buffer.from(JSON.stringify(answer.rows));
    const sha256 = createHash('sha256').update(body).digest('hex');
    await request.onPage?.({
      question: endpoint.path,
      page: 1,
      isKept: false,
      body,
      sha256,
      receivedAt: new Date(GENESIS_MS),
    });
    const blocks = answer.rows.flatMap((row) => (row as { block_number?: number }).block_number ?? []);
    const instants = answer.rows.flatMap(
      (row) =>
        (row as Partial<PoolPayload & PricePayload>).timestamp ?? (row as Partial<PricePayload>).last_updated ?? [],
    );
    const newest = instants.sort().at(-1);
    return {
      rows: answer.rows as P[],
      rejected: answer.rejected ?? [],
      totalItems: answer.totalItems === undefined ? answer.rows.length : answer.totalItems,
      pages: 1,
      calls: 1,
      complete: answer.complete ?? true,
      fetchedAt: new Date(GENESIS_MS),
      upstreamAt: newest === undefined ? null : new Date(newest),
      upstreamBlock: blocks.length === 0 ? null : Math.max(...blocks),
      sha256,
      origin: 'network',
    };
  }

  private async waitHeld(signal: AbortSignal | undefined): Promise<void> {
    const aborted = new Promise<never>((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    const promise = this.held?.promise;
    this.onAsked?.();
    await Promise.race([promise, aborted]);
  }
}
