import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database';
import { AccountReader } from './account-reader.service';
import { AccountsController } from './accounts.controller';
import { CostBasisController } from './cost-basis.controller';
import { CostBasisReader } from './cost-basis-reader.service';
import { EventReader } from './event-reader.service';
import { EventsController } from './events.controller';
import { PortfolioModule } from './portfolio.module';
import { PositionReader } from './position-reader.service';
import { PositionsController } from './positions.controller';
import { PriceHistoryController } from './price-history.controller';
import { ValidatorReader } from './validator-reader.service';
import { ValidatorsController } from './validators.controller';
import { WalletBook } from './wallet-book.service';
import { WalletScopes } from './wallet-scope.service';
import { WalletsController } from './wallets.controller';

/** The treasury's own data: the wallets that are followed and what they hold, to manage and to read. */
@Module({
  imports: [DatabaseModule.register(), PortfolioModule],
  controllers: [
    WalletsController,
    PositionsController,
    AccountsController,
    EventsController,
    CostBasisController,
    ValidatorsController,
    PriceHistoryController,
  ],
  providers: [WalletBook, WalletScopes, PositionReader, AccountReader, EventReader, ValidatorReader, CostBasisReader],
})
export class TreasuryModule {}
