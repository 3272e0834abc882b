import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { DatasetMeta, type HttpReply, StrictValidationPipe } from '../common';
import { type ListRequest, sendList } from './list-answer';
import { ListRefusals } from './list-refusals';
import { ValidatorReader } from './validator-reader.service';
import { ValidatorsAnswer } from './validator.view';
import { ValidatorsQuery } from './validators-query';

@ApiTags('validators')
@ApiExtraModels(DatasetMeta)
@ApiProduces('application/json', 'text/csv')
@ListRefusals()
@Controller('api/v1')
export class ValidatorsController {
  constructor(private readonly reader: ValidatorReader) {}

  @Get(['validators', 'validators.csv'])
  @ApiOperation({ summary: 'Validators over all subnets, or those of one with their yields there' })
  @ApiOkResponse({ type: ValidatorsAnswer })
  async list(
    @Query(new StrictValidationPipe()) query: ValidatorsQuery,
    @Req() request: ListRequest,
    @Res() reply: HttpReply,
  ): Promise<void> {
    await sendList(request, reply, query, await this.reader.list(query));
  }
}
