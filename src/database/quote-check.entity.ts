import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Amount, Count, Instant, REQUIRED, Words } from './columns';

/** One quote of ours beside that of TaoStats; figures are ratios as decimal text. */
@Entity('quote_checks')
export class QuoteCheck {
  @PrimaryColumn('uuid') id!: string;
  @Instant('at', REQUIRED) at!: Date;
  @Column('integer') netuid!: number;
  @Column('text') direction!: 'stake' | 'unstake';
  /** Rao of the token that goes in. */
  @Amount('input', REQUIRED) input!: string;
  /** `fail`: beyond tolerance. `skipped`: no comparison could be made. */
  @Column('text') agreement!: 'pass' | 'warn' | 'fail' | 'skipped';
  @Count('quote_block') quoteBlock!: number | null;
  @Count('pool_block') poolBlock!: number | null;
  @Words('expected') expected!: string | null;
  @Words('actual') actual!: string | null;
  @Words('difference') difference!: string | null;
  @Words('tolerance') tolerance!: string | null;
  @Words('reason_code') reasonCode!: string | null;
  @Words('reason', REQUIRED) reason!: string;
}
