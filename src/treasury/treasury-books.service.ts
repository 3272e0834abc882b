import { Injectable } from '@nestjs/common';
import type { LedgerEvent, PositionBasis, StatementWindow, TreasuryStatements } from '../analysis';
import { CostBookkeeper } from './cost-books.service';
import { EarningsBooks } from './earnings-books.service';
import { TreasuryLedgers } from './treasury-ledger.service';

/** The books for those who check them: as they are shown, and alpha that is lost in its numbers. */
@Injectable()
export class TreasuryBooks implements TreasuryStatements {
  constructor(
    private readonly earnings: EarningsBooks,
    private readonly costs: CostBookkeeper,
    private readonly ledgers: TreasuryLedgers,
  ) {}

  async windows(addresses: readonly string[], moments: readonly Date[]): Promise<StatementWindow[]> {
    const windows = await this.earnings.open(addresses, moments);
    return windows.map((window) => ({ ...window, wallets: window.asRecorded }));
  }

  async bases(addresses: readonly string[], now: Date): Promise<PositionBasis[]> {
    return (await this.costs.open(addresses, { now, method: 'fifo', emission: 'gain' })).positions;
  }

  async events(addresses: readonly string[]): Promise<readonly LedgerEvent[]> {
    return (await this.ledgers.read(addresses)).ledger.events;
  }
}
