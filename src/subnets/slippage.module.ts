import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { UPSTREAM_QUOTES, type UpstreamQuotes } from '../analysis';
import { DatabaseModule } from '../database';
import { SlippageController } from './slippage.controller';
import { SlippageReader } from './slippage-reader.service';
import { SubnetsModule } from './subnets.module';

/** What trades would yield. The composition root says who is asked for a second opinion, and what that one needs. */
@Module({})
export class SlippageModule {
  static register(quotes: { imports: Type[]; from: Type<UpstreamQuotes> }): DynamicModule {
    return {
      module: SlippageModule,
      imports: [DatabaseModule.register(), SubnetsModule, ...quotes.imports],
      controllers: [SlippageController],
      providers: [SlippageReader, { provide: UPSTREAM_QUOTES, useClass: quotes.from }],
    };
  }
}
