import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { limitsOf } from '../analysis';
import { IntegerField, StrictValidationPipe } from '../common';
import { Settings } from '../config';
import { TrustHistoryRepository } from '../database';
import { freshnessBands } from './live-freshness';
import type { Reply } from './reply';

const BEATS_EACH = 48;

export class TrustHistoryQuery {
  @IntegerField({ min: 1, max: 168, default: 24, description: 'Hours to look back.' })
  hours = 24;
}

/** What the trust pack cannot say because it only knows now: the last runs, and how fresh every dataset was. */
@ApiTags('trust')
@Controller('api/v1/trust-pack/history')
export class LiveHistoryController {
  constructor(
    private readonly ledger: TrustHistoryRepository,
    private readonly settings: Settings,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Last 48 runs of each dataset, the bands of its freshness, and what disturbed it' })
  @ApiOkResponse({
    description:
      'By dataset: `beats`, closed runs, newest last; `bands` without gaps from `from` to `generated_at`, each `fresh`, ' +
      '`warning`, `critical` or `unknown`. `marks`: minutes in which answers were refused (`protected`, of a dataset) or ' +
      'TaoStats answered 429 (`rate_limited`).',
  })
  async read(
    @Query(new StrictValidationPipe()) { hours }: TrustHistoryQuery,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    const reading = await this.ledger.read(hours, BEATS_EACH, this.settings.syncStalenessWarningMinutes * 60);
    const from = new Date(reading.now.getTime() - hours * 3_600_000);
    reply.header('cache-control', 'no-store');
    const datasets = [...reading.intervals].map(([dataset, intervalSeconds]) => {
      const own = <T extends { dataset: string }>(rows: readonly T[]): T[] =>
        rows.filter((row) => row.dataset === dataset);
      const window = { from, to: reading.now, ...limitsOf(intervalSeconds, this.settings) };
      return [
        dataset,
        {
          beats: own(reading.beats).map((beat) => ({
            run_id: beat.runId,
            state: beat.state,
            finished_at: beat.finishedAt,
            duration_ms: beat.durationMs === null ? null : Math.round(beat.durationMs),
            rows_seen: beat.rowsSeen,
            reason: beat.reason,
          })),
          bands: freshnessBands(own(reading.spans), window),
        },
      ];
    });
    return { generated_at: reading.now, from, datasets: Object.fromEntries(datasets) as object, marks: reading.marks };
  }
}
