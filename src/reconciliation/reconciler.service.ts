import { Injectable, Logger } from '@nestjs/common';
import {
  checkPool,
  type CheckResult,
  judgeReconciliation,
  type ReconciliationReport,
  toPoolIdentityRow,
} from '../analysis';
import { AppError, messageOf, redactText } from '../common';
import {
  isDatabaseFailure,
  NavInputRepository,
  type NavRows,
  ReconciliationInputRepository,
  type QuoteCheck,
  QuoteCheckRepository,
  type ReconciliationRun,
  type RecordedSource,
} from '../database';
import { TaostatsClient } from '../taostats';
import { LedgerComparison } from './ledger-comparison.service';
import { SourceLog } from './source-log';
import { WalletComparison } from './wallet-comparison.service';

/** What one reconciliation found. */
export interface Reconciliation {
  results: CheckResult[];
  report: ReconciliationReport;
  sources: RecordedSource[];
  calls: number;
  /** The wallets that were looked at. */
  wallets: string[];
}

/** Without these nothing is stored that a second reading could be held against. */
const NEEDED = ['positions', 'pools'] as const;

/** Makes every check that the data allow, and judges them together. Writes nothing. */
@Injectable()
export class Reconciler {
  private readonly logger = new Logger('Reconciliation');

  constructor(
    private readonly client: TaostatsClient,
    private readonly inputs: NavInputRepository,
    private readonly evidence: ReconciliationInputRepository,
    private readonly wallets: WalletComparison,
    private readonly ledgers: LedgerComparison,
    private readonly quotes: QuoteCheckRepository,
  ) {}

  /** Rejects only with what is no failure of a source: those make it incomplete. */
  async reconcile({ id }: ReconciliationRun, signal: AbortSignal): Promise<Reconciliation> {
    // Everything else comes first: what is stored does not get worse while this waits.
    const log = new SourceLog(this.client, { runId: id, signal, priority: 'backfill' });
    const rows = await this.inputs.read(null);
    for (const dataset of NEEDED) {
      if (rows.dated.states.get(dataset)?.lastSuccessAt == null) log.fail(dataset, 'it was never synced');
    }
    const wallets = rows.standings.map(({ wallet }) => wallet.address);
    const newestBlock = Math.max(0, ...rows.accounts.map(({ blockNumber }) => blockNumber));
    const found = [
      ...(await this.wallets.compare(rows.standings, log)),
      ...(await this.checkPools(rows)),
      ...(await this.closeBooks({ wallets, newestBlock }, log)),
      ...toQuoteResults(await this.quotes.latest()),
    ];
    signal.throwIfAborted();
    const results = [...found, ...log.checks];
    const report = judgeReconciliation(results);
    this.logger.log(
      { run_id: id, verdict: report.verdict, quantities: report.quantities, calls: log.calls },
      `reconciliation: ${report.verdict}`,
    );
    return { results, report, sources: log.sources, calls: log.calls, wallets };
  }

  /** Books that cannot be computed take nothing from the second reading; without them the run is incomplete. */
  private async closeBooks(
    { wallets, newestBlock }: { wallets: readonly string[]; newestBlock: number },
    log: SourceLog,
  ): Promise<CheckResult[]> {
    try {
      return await this.ledgers.compare(wallets, newestBlock);
    } catch (error) {
      if (error instanceof AppError || isDatabaseFailure(error)) throw error;
      this.logger.error({ err: error }, `the books could not be closed: ${redactText(messageOf(error))}`);
      log.fail('books', 'they could not be closed; the log has the details');
      return [];
    }
  }

  /** R10 over every pool that figures are made of. */
  private async checkPools({ pools, positions }: NavRows): Promise<CheckResult[]> {
    const feesBefore = await this.evidence.earlierFees();
    const held = new Set(positions.map(({ netuid }) => netuid));
    return pools.flatMap((pool) =>
      checkPool(
        { ...toPoolIdentityRow(pool), feeRateBefore: feesBefore.get(pool.netuid) ?? null },
        { withModel: held.has(pool.netuid) },
      ),
    );
  }
}

/** R9 as it was found last: quotes are compared in an interval of their own. */
function toQuoteResults(quote: QuoteCheck | null): CheckResult[] {
  if (quote === null) return [];
  const { netuid, direction, agreement: severity, expected, actual, difference, tolerance, reason } = quote;
  const subject = `pool ${netuid} ${direction}`;
  return [{ check: 'R9', subject, severity, expected, actual, difference, tolerance, unit: 'ratio', reason }];
}
