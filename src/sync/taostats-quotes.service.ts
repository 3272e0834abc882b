import { Injectable } from '@nestjs/common';
import type { Direction, UpstreamQuote, UpstreamQuotes } from '../analysis';
import { ENDPOINTS, TaostatsClient, TaostatsError } from '../taostats';

/** A person waits for the answer, and the local figure is at hand. */
const DEADLINE_MS = 3_000;
const DIRECTIONS = { stake: 'tao_to_alpha', unstake: 'alpha_to_tao' } as const satisfies Record<Direction, string>;

/** Quotes of TaoStats' slippage endpoint. Throws `TaostatsError`. */
@Injectable()
export class TaostatsQuotes implements UpstreamQuotes {
  constructor(private readonly client: TaostatsClient) {}

  async quote(request: { netuid: number; direction: Direction; inRao: bigint }): Promise<UpstreamQuote> {
    const { netuid, direction, inRao } = request;
    const { rows, fetchedAt, origin } = await this.client.fetchAll(ENDPOINTS.slippage, {
      query: { netuid, input_tokens: inRao.toString(), direction: DIRECTIONS[direction] },
      priority: 'interactive',
      mayBeStale: true,
      deadlineMs: DEADLINE_MS,
    });
    const [row] = rows;
    if (row === undefined) throw new TaostatsError('bad-payload', `${ENDPOINTS.slippage.path}: no quote in the answer`);
    return {
      netuid,
      direction,
      inRao,
      blockNumber: row.block_number,
      at: new Date(row.timestamp),
      fetchedAt,
      stale: origin === 'stale',
      price: row.alpha_price,
      outRao: BigInt(row.output_tokens),
      expectedOutRao: BigInt(row.expected_output_tokens),
      slippagePercent: row.slippage,
    };
  }
}
