import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBadRequestResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
  ApiTooManyRequestsResponse,
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
  NotFoundError,
  RequiresScope,
  StrictValidationPipe,
} from '../common';
import { ReconciliationRunRepository } from '../database';
import { ReconciliationIntake } from './reconciliation-intake.service';
import { ReconciliationAcceptedView, ReconciliationAnswer, ReconciliationsAnswer } from './reconciliation.view';
import { ReconciliationsQuery } from './reconciliations-query';
import { toReconciliationSummaryView, toReconciliationView } from './to-reconciliation-view';

const PATH = 'api/v1/reconciliation';

/** What a second reading says of the stored figures. */
@ApiTags('reconciliation')
@Controller(PATH)
export class ReconciliationController {
  constructor(
    private readonly runs: ReconciliationRunRepository,
    private readonly intake: ReconciliationIntake,
  ) {}

  @Post('run')
  @HttpCode(202)
  @RequiresScope('sync')
  @ApiOperation({
    summary: 'Compare with a second reading now, whatever the flag says; an open run is answered as it is',
  })
  @ApiAcceptedResponse({ type: ReconciliationAcceptedView, description: 'Queued; Location leads to the run.' })
  @ApiTooManyRequestsResponse({
    description: 'The share of the limit that requests may use is spent; see Retry-After.',
  })
  async run(@Res({ passthrough: true }) reply: HttpReply): Promise<ReconciliationAcceptedView> {
    const run = await this.intake.request();
    reply.header('location', `/${PATH}/runs/${run.id}`).header('cache-control', 'no-store');
    return { run_id: run.id, run: toReconciliationSummaryView(run) };
  }

  @Get('latest')
  @ApiOperation({ summary: 'The newest reconciliation that ended, with what it found' })
  @ApiOkResponse({ type: ReconciliationAnswer })
  @ApiNotFoundResponse({ description: 'There has been none yet.' })
  async latest(@Res({ passthrough: true }) reply: HttpReply): Promise<ReconciliationAnswer> {
    const run = await this.runs.latest();
    if (run === null) {
      throw new AppError('reconciliation/none-yet', `Nothing was reconciled yet: POST /${PATH}/run does`, {
        status: 404,
      });
    }
    reply.header('cache-control', 'no-store');
    return { data: toReconciliationView(run) };
  }

  @Get('runs')
  @ApiOperation({ summary: 'Reconciliations, newest first' })
  @ApiOkResponse({ type: ReconciliationsAnswer })
  @ApiBadRequestResponse({ description: 'A problem that names the parameter.' })
  async list(
    @Query(new StrictValidationPipe()) { verdict, limit, cursor }: ReconciliationsQuery,
    @Req() request: { url: string },
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<ReconciliationsAnswer> {
    const before = cursor === undefined ? undefined : decodeCursor(cursor, isRunId)[0];
    const found = await this.runs.list({ verdict, limit: limit + 1, before });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const nextCursor = found.length > limit && last !== undefined ? encodeCursor([last.id]) : null;
    const next = nextPage(request.url, nextCursor);
    if (next !== undefined) reply.header('link', `<${next}>; rel="next"`);
    reply.header('cache-control', 'no-store');
    return { data: page.map(toReconciliationSummaryView), next_cursor: nextCursor };
  }

  @Get('runs/:id')
  @ApiOperation({ summary: 'One reconciliation with what it found' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: ReconciliationAnswer })
  @ApiNotFoundResponse({ description: 'No such run.' })
  async read(
    @Param('id', new IdPipe()) id: string,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<ReconciliationAnswer> {
    const run = await this.runs.find(id);
    if (run === null) throw new NotFoundError('reconciliation/not-found', 'id', `No reconciliation ${id}`);
    reply.header('cache-control', 'no-store');
    return { data: toReconciliationView(run) };
  }
}

function isRunId(parts: CursorPart[]): parts is [string] {
  const [id] = parts;
  return parts.length === 1 && typeof id === 'string' && isId(id);
}
