import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database';
import { PortfolioController } from './portfolio.controller';
import { PortfolioPastReader } from './portfolio-past.service';
import { PortfolioReader } from './portfolio-reader.service';

/** What the treasury is worth, now and over time. */
@Module({
  imports: [DatabaseModule.register()],
  controllers: [PortfolioController],
  providers: [PortfolioReader, PortfolioPastReader],
})
export class PortfolioModule {}
