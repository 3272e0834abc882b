import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import {
  AppError,
  type CursorPart,
  decodeCursor,
  encodeCursor,
  type HttpReply,
  IdPipe,
  isId,
  nextPage,
  StrictValidationPipe,
} from '../common';
import { SyncRunRepository } from '../database';
import { RunsView, RunView, toRunView } from './run.view';
import { RunsQuery } from './runs-query';

/** The ledger of sync runs, as it is at this moment. */
@ApiTags('sync')
@Controller('api/v1/runs')
export class RunsController {
  constructor(private readonly runs: SyncRunRepository) {}

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
    const run = await this.runs.find(id);
    if (run === null) throw new AppError('runs/not-found', `No run ${id}`, { status: 404 });
    reply.header('cache-control', 'no-store');
    return toRunView(run);
  }
}

function isRunId(parts: CursorPart[]): parts is [string] {
  const [id] = parts;
  return parts.length === 1 && typeof id === 'string' && isId(id);
}
