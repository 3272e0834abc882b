import { Inject, Injectable } from '@nestjs/common';
import {
  checkBases,
  type CheckResult,
  checkStatements,
  checkTrades,
  toPoolReserves,
  tradesSince,
  TREASURY_STATEMENTS,
  type TreasuryStatements,
} from '../analysis';
import { DatabaseClock, ReconciliationInputRepository } from '../database';

const DAY_MS = 86_400_000;
const BLOCKS_PER_DAY = 7_200;
/** Whole UTC days that are closed anew; what was wrong before has been said. */
const DAYS = 2;
/** Five minutes: older reserves say more about other people's trades than about the curve. */
const RESERVES_WITHIN_BLOCKS = 25;

/** Closes the treasury's own books of the last days: what events and balances cannot both be right about shows here. */
@Injectable()
export class LedgerComparison {
  constructor(
    @Inject(TREASURY_STATEMENTS) private readonly statements: TreasuryStatements,
    private readonly evidence: ReconciliationInputRepository,
    private readonly clock: DatabaseClock,
  ) {}

  /** R6, R7, R8, R11 and R13, without a call to TaoStats. `blockNumber` is the newest block that is known. */
  async compare(wallets: readonly string[], blockNumber: number): Promise<CheckResult[]> {
    if (wallets.length === 0) return [];
    const now = await this.clock.now();
    const windows = await this.statements.windows(wallets, midnights(now));
    return [
      ...windows.flatMap(checkStatements),
      ...(await this.checkTrades(wallets, blockNumber)),
      ...checkBases(await this.statements.bases(wallets, now)),
    ];
  }

  private async checkTrades(wallets: readonly string[], blockNumber: number): Promise<CheckResult[]> {
    const trades = tradesSince(await this.statements.events(wallets), blockNumber - DAYS * BLOCKS_PER_DAY);
    const pools = await this.evidence.poolsBefore(trades, RESERVES_WITHIN_BLOCKS);
    const before = new Map(trades.map((trade, index) => [trade.id, pools[index] ?? null]));
    return checkTrades(trades, ({ id }) => {
      const pool = before.get(id) ?? null;
      return pool === null ? null : toPoolReserves({ ...pool, liquidityRaw: null, alphaSqrtPrice: null });
    });
  }
}

function midnights(now: Date): Date[] {
  const today = now.getTime() - (now.getTime() % DAY_MS);
  return Array.from({ length: DAYS + 1 }, (_, day) => new Date(today - (DAYS - day) * DAY_MS));
}
