import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database';
import { CostBookkeeper } from './cost-books.service';
import { EarningsBooks } from './earnings-books.service';
import { EarningsController } from './earnings.controller';
import { EarningsReader } from './earnings-reader.service';
import { PortfolioController } from './portfolio.controller';
import { PortfolioPastReader } from './portfolio-past.service';
import { PortfolioReader } from './portfolio-reader.service';
import { TreasuryBooks } from './treasury-books.service';
import { TreasuryLedgers } from './treasury-ledger.service';

/** What the treasury is worth, now and over time, and what it earned. */
@Module({
  imports: [DatabaseModule.register()],
  controllers: [PortfolioController, EarningsController],
  providers: [
    PortfolioReader,
    PortfolioPastReader,
    EarningsReader,
    EarningsBooks,
    CostBookkeeper,
    TreasuryLedgers,
    TreasuryBooks,
  ],
  exports: [PortfolioPastReader, CostBookkeeper, EarningsBooks, TreasuryLedgers],
})
export class PortfolioModule {}
