import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { BUDGET_SCHEMA } from './budget.schema';
import type { Reply } from './reply';
import { TrustSnapshot } from './trust-snapshot.service';

@ApiTags('trust')
@Controller('api/v1/budget')
export class BudgetController {
  constructor(private readonly snapshot: TrustSnapshot) {}

  @Get()
  @ApiOperation({ summary: 'How the credits of the month are planned and spent, and when each dataset would be stale' })
  @ApiOkResponse({
    description: 'One attempt is one credit. Units are in the names; null means unknown.',
    schema: BUDGET_SCHEMA,
  })
  read(@Res() reply: Reply): void {
    const { budget, database, generated_at, simulated } = this.snapshot.current().pack;
    const source = simulated ? 'simulator' : 'taostats';
    reply
      .header('cache-control', 'no-cache')
      .header('content-type', 'application/json; charset=utf-8')
      .send(JSON.stringify({ budget, meta: { generated_at, as_of: database.read_at, source, simulated } }));
  }
}
