import { Module } from '@nestjs/common';
import { PreparedAnswers } from '../common';
import { DatabaseModule } from '../database';
import { PricesController } from './prices.controller';
import { SubnetCatalogue } from './subnet-catalogue.service';
import { SubnetHistoryReader } from './subnet-history-reader.service';
import { SubnetReader } from './subnet-reader.service';
import { SubnetsController } from './subnets.controller';

/** What is known of subnets, their pools and the price of TAO, to read. */
@Module({
  imports: [DatabaseModule.register()],
  controllers: [SubnetsController, PricesController],
  providers: [
    SubnetCatalogue,
    SubnetHistoryReader,
    SubnetReader,
    { provide: PreparedAnswers, useFactory: () => new PreparedAnswers() },
  ],
  exports: [PreparedAnswers, SubnetCatalogue],
})
export class SubnetsModule {}
