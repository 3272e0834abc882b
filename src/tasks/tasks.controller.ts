import { Body, Controller, Get, HttpCode, Post, Query, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBadRequestResponse,
  ApiBody,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiTooManyRequestsResponse,
} from '@nestjs/swagger';
import { type HttpReply, InvalidInputError, StrictValidationPipe } from '../common';
import { SyncPlan, SyncQueue } from '../sync';
import { AcceptedView, toRefusedView, toRunView } from './run.view';
import { SyncRequest } from './sync-request';
import { TiersView, toTierView } from './tier.view';

@ApiTags('sync')
@Controller('api/v1/tasks')
export class TasksController {
  constructor(
    private readonly queue: SyncQueue,
    private readonly plan: SyncPlan,
  ) {}

  @Get('tiers')
  @ApiOperation({ summary: 'What each mode syncs, and how many calls to TaoStats that takes' })
  @ApiOkResponse({ type: TiersView })
  async tiers(@Res({ passthrough: true }) reply: HttpReply): Promise<TiersView> {
    const tiers = await this.plan.tiers();
    reply.header('cache-control', 'no-store');
    return { tiers: tiers.map(toTierView) };
  }

  @Post(['sync', 'refresh'])
  @HttpCode(202)
  @ApiOperation({ summary: 'Sync datasets now; a dataset that is being synced answers the run that is open' })
  @ApiBody({ type: SyncRequest, required: false })
  @ApiAcceptedResponse({ type: AcceptedView, description: 'Queued; Location leads to the first run.' })
  @ApiTooManyRequestsResponse({
    description:
      'Nothing of it is synced now: `sync/asked-too-soon` or `sync/request-budget-spent`, with Retry-After. A dataset ' +
      'whose run is open is never refused.',
  })
  @ApiBadRequestResponse({ description: 'An unknown dataset, mode or field: a problem that names it.' })
  async sync(
    @Query(new StrictValidationPipe()) query: SyncRequest,
    @Body(new StrictValidationPipe()) body: SyncRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<AcceptedView> {
    const datasets = onlyOne('datasets', query.datasets, body.datasets);
    const mode = onlyOne('mode', query.mode, body.mode) ?? 'full';
    const { runs, refused, plannedCalls } = await this.queue.request({ datasets, mode });
    const [first] = runs;
    if (first !== undefined) reply.header('location', `/api/v1/runs/${first.id}`);
    reply.header('cache-control', 'no-store');
    return {
      run_ids: runs.map((run) => run.id),
      runs: runs.map(toRunView),
      planned_calls: plannedCalls,
      refused: refused.map(toRefusedView),
    };
  }
}

function onlyOne<T>(field: string, inQuery: T | null | undefined, inBody: T | null | undefined): T | undefined {
  if (inQuery != null && inBody != null) {
    throw new InvalidInputError('request/given-twice', [{ field, message: 'is in the query and in the body' }]);
  }
  return inQuery ?? inBody ?? undefined;
}
