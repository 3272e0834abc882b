import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database';
import { AccountReader } from './account-reader.service';
import { AccountsController } from './accounts.controller';
import { PortfolioModule } from './portfolio.module';
import { PositionReader } from './position-reader.service';
import { PositionsController } from './positions.controller';
import { WalletScopes } from './wallet-scope.service';
import { WalletBook } from './wallet-book.service';
import { WalletsController } from './wallets.controller';

/** The treasury's own data: the wallets that are followed and what they hold, to manage and to read. */
@Module({
  imports: [DatabaseModule.register(), PortfolioModule],
  controllers: [WalletsController, PositionsController, AccountsController],
  providers: [WalletBook, WalletScopes, PositionReader, AccountReader],
})
export class TreasuryModule {}
