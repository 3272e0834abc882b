import { Controller, Get, HttpCode, Logger, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBadRequestResponse,
  ApiConflictResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import {
  type Caller,
  type CursorPart,
  decodeCursor,
  encodeCursor,
  type HttpReply,
  IdPipe,
  isId,
  nextPage,
  NotFoundError,
  StrictValidationPipe,
} from '../common';
import { type SyncRun, SyncRunRepository } from '../database';
import { RefusalApproval } from '../sync';
import { RunsView, RunView, toRunView } from './run.view';
import { RunsQuery } from './runs-query';

/** The ledger of sync runs, as it is at this moment. */
@ApiTags('sync')
@Controller('api/v1/runs')
export class RunsController {
  private readonly logger = new Logger('Approval');

  constructor(
    private readonly runs: SyncRunRepository,
    private readonly approval: RefusalApproval,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Sync runs, newest first' })
  @ApiOkResponse({ type: RunsView })
  @ApiBadRequestResponse({ description: 'A problem that names the parameter.' })
  async list(
    @Query(new StrictValidationPipe()) query: RunsQuery,
    @Req() request: { url: string },
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<RunsView> {
    const { dataset, state, limit, cursor } = query;
    const before = cursor === undefined ? undefined : decodeCursor(cursor, isRunId)[0];
    const found = await this.runs.list({ dataset, state, limit: limit + 1, before });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const nextCursor = found.length > limit && last !== undefined ? encodeCursor([last.id]) : null;
    const next = nextPage(request.url, nextCursor);
    if (next !== undefined) reply.header('link', `<${next}>; rel="next"`);
    reply.header('cache-control', 'no-store');
    return { data: page.map(toRunView), next_cursor: nextCursor };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One sync run' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: RunView })
  @ApiNotFoundResponse({ description: 'No such run.' })
  async read(@Param('id', new IdPipe()) id: string, @Res({ passthrough: true }) reply: HttpReply): Promise<RunView> {
    reply.header('cache-control', 'no-store');
    return toRunView(existing(id, await this.runs.find(id)));
  }

  @Post(':id/approve')
  @HttpCode(202)
  @ApiOperation({
    summary:
      'Say that what a run was refused for is true: TaoStats is asked again at once, and the same is then stored',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiAcceptedResponse({ type: RunView, description: 'The refused run.' })
  @ApiNotFoundResponse({ description: 'No such run.' })
  @ApiConflictResponse({ description: '`runs/not-refused`, `runs/never-believed` or `runs/superseded`.' })
  async approve(
    @Param('id', new IdPipe()) id: string,
    @Req() { caller }: { caller?: Caller },
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<RunView> {
    const run = existing(id, await this.approval.approve(id));
    const line = { dataset: run.dataset, run_id: run.id, caller: caller?.label, reason: run.reason };
    this.logger.warn(line, `An operator approved the refused answer of ${run.dataset}`);
    reply.header('cache-control', 'no-store');
    return toRunView(run);
  }
}

/** Throws `runs/not-found` (404). */
function existing(id: string, run: SyncRun | null): SyncRun {
  if (run === null) throw new NotFoundError('runs/not-found', 'id', `No run ${id}`);
  return run;
}

function isRunId(parts: CursorPart[]): parts is [string] {
  const [id] = parts;
  return parts.length === 1 && typeof id === 'string' && isId(id);
}
