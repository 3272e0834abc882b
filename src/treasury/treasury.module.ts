import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database';
import { WalletBook } from './wallet-book.service';
import { WalletsController } from './wallets.controller';

/** The treasury's own data: the wallets that are followed and what they hold, to manage and to read. */
@Module({
  imports: [DatabaseModule.register()],
  controllers: [WalletsController],
  providers: [WalletBook],
})
export class TreasuryModule {}
