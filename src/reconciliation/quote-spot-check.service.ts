import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { checkQuote, nextQuoteTarget, type QuoteTarget, toPoolReserves } from '../analysis';
import { messageOf, redactText } from '../common';
import { NavInputRepository, type QuoteCheck, QuoteCheckRepository, UnitOfWork } from '../database';
import { ShutdownError, stepFailure } from '../sync';
import {
  type Endpoint,
  ENDPOINTS,
  type PoolPayload,
  type SlippagePayload,
  TaostatsClient,
  TaostatsError,
} from '../taostats';

/** Comparisons that are looked at to tell which is next. */
const REMEMBERED = 200;
const CALL_DEADLINE_MS = 60_000;
const UPSTREAM_DIRECTIONS = { stake: 'tao_to_alpha', unstake: 'alpha_to_tao' } as const;

/**
 * R9: one quote of the slippage endpoint against our own, with the reserves of the same block where TaoStats answers fast
 * enough. Whether ENABLE_CLIENT_SIDE_SLIPPAGE is on or off: the curve values the treasury either way.
 */
@Injectable()
export class QuoteSpotCheck implements BeforeApplicationShutdown {
  private readonly logger = new Logger('QuoteCheck');
  private readonly ending = new AbortController();
  private checking: Promise<unknown> | null = null;

  constructor(
    private readonly client: TaostatsClient,
    private readonly unitOfWork: UnitOfWork,
    private readonly inputs: NavInputRepository,
    private readonly quotes: QuoteCheckRepository,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    this.ending.abort(new ShutdownError());
    await this.checking;
  }

  /** Begins unless a check is under way. Waits for nothing and never rejects. */
  wake(): void {
    this.checking ??= this.check()
      .catch((error: unknown) => {
        if (this.ending.signal.aborted) return;
        this.logger.warn({ err: error }, `a quote could not be compared: ${redactText(messageOf(error))}`);
      })
      .finally(() => {
        this.checking = null;
      });
  }

  /** Compares the quote whose turn it is and keeps the result. Null when there is nothing to compare. */
  async check(): Promise<QuoteCheck['agreement'] | null> {
    const { pools, positions } = await this.inputs.read(null);
    const held = new Set(positions.map(({ netuid }) => netuid));
    const target = nextQuoteTarget(pools.map(toPoolReserves), held, await this.quotes.list(REMEMBERED));
    if (target === null) return null;
    const found = await this.compare(target);
    await this.unitOfWork.run((manager) => this.quotes.record(manager, found));
    const { agreement, netuid, direction, difference } = found;
    const line = { netuid, direction, agreement, difference };
    if (agreement === 'fail') this.logger.warn(line, 'our quote differs from that of TaoStats');
    return agreement;
  }

  private async compare(target: QuoteTarget): Promise<Omit<QuoteCheck, 'id' | 'at'>> {
    const { netuid, direction, inRao } = target;
    const base = { netuid, direction, input: inRao.toString() };
    try {
      const { quote, pool } = await this.ask(target);
      const { severity, expected, actual, difference, tolerance, reason } = checkQuote(
        toPoolReserves(toReserves(pool)),
        {
          netuid,
          direction,
          inRao,
          blockNumber: quote.block_number,
          outRao: BigInt(quote.output_tokens),
          expectedOutRao: BigInt(quote.expected_output_tokens),
        },
      );
      const blocks = { quoteBlock: quote.block_number, poolBlock: pool.block_number };
      const figures = { expected, actual, difference, tolerance };
      return { ...base, agreement: severity, ...blocks, ...figures, reasonCode: null, reason };
    } catch (error) {
      const failure = stepFailure(error);
      if (failure === null) throw error;
      const nothing = { expected: null, actual: null, difference: null, tolerance: null };
      const blocks = { quoteBlock: null, poolBlock: null };
      return { ...base, agreement: 'skipped', ...blocks, ...nothing, reasonCode: failure.code, reason: failure.reason };
    }
  }

  /** At most three calls: a quote of an earlier block than the pool is asked for once more. */
  private async ask(target: QuoteTarget): Promise<{ quote: SlippagePayload; pool: PoolPayload }> {
    const quote = await this.askQuote(target);
    const pool = await this.one(ENDPOINTS.pools, { netuid: target.netuid });
    if (pool.block_number === quote.block_number) return { quote, pool };
    return { quote: await this.askQuote(target), pool };
  }

  private askQuote({ netuid, direction, inRao }: QuoteTarget): Promise<SlippagePayload> {
    const query = { netuid, input_tokens: inRao.toString(), direction: UPSTREAM_DIRECTIONS[direction] };
    return this.one(ENDPOINTS.slippage, query);
  }

  private async one<P extends object>(endpoint: Endpoint<P>, query: Record<string, string | number>): Promise<P> {
    const { rows } = await this.client.fetchAll(endpoint, {
      query,
      priority: 'backfill',
      deadlineMs: CALL_DEADLINE_MS,
      cache: 'bypass',
      signal: this.ending.signal,
    });
    const [row] = rows;
    if (row === undefined) throw new TaostatsError('bad-payload', `${endpoint.path}: there is no row in the answer`);
    return row;
  }
}

function toReserves(pool: PoolPayload): Parameters<typeof toPoolReserves>[0] {
  return {
    netuid: pool.netuid,
    blockNumber: pool.block_number,
    totalTao: pool.total_tao,
    alphaInPool: pool.alpha_in_pool,
    price: pool.price,
    feeRate: pool.fee_rate,
    startupMode: pool.startup_mode,
    liquidityRaw: pool.liquidity_raw,
    alphaSqrtPrice: pool.alpha_sqrt_price,
  };
}
