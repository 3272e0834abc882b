import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { DatasetMeta, type HttpReply, StrictValidationPipe } from '../common';
import { CostBasisQuery, LotsQuery } from './cost-basis-query';
import { CostBasisReader } from './cost-basis-reader.service';
import { CostBasisAnswer, LotsAnswer } from './cost-basis.view';
import { type ListRequest, sendList } from './list-answer';
import { ListRefusals } from './list-refusals';

@ApiTags('earnings')
@ApiExtraModels(DatasetMeta)
@ApiProduces('application/json', 'text/csv')
@ListRefusals()
@Controller('api/v1')
export class CostBasisController {
  constructor(private readonly reader: CostBasisReader) {}

  @Get(['cost-basis', 'cost-basis.csv'])
  @ApiOperation({ summary: 'What each position cost, and what was gained: realised, unrealised and by emission' })
  @ApiOkResponse({ type: CostBasisAnswer })
  async list(
    @Query(new StrictValidationPipe()) query: CostBasisQuery,
    @Req() request: ListRequest,
    @Res() reply: HttpReply,
  ): Promise<void> {
    await sendList(request, reply, query, await this.reader.list(query));
  }

  @Get(['cost-basis/lots', 'cost-basis/lots.csv'])
  @ApiOperation({ summary: 'The lots that are still held, first in, first out' })
  @ApiOkResponse({ type: LotsAnswer })
  async lots(
    @Query(new StrictValidationPipe()) query: LotsQuery,
    @Req() request: ListRequest,
    @Res() reply: HttpReply,
  ): Promise<void> {
    await sendList(request, reply, query, await this.reader.lots(query));
  }
}
