import { Column, Entity, PrimaryColumn } from 'typeorm';
import { AccountFigures } from './account-figures';
import { Amount, Words } from './columns';

/** A followed wallet's account as the newest complete answer has it; its positions are of the same answer. */
@Entity('accounts')
export class Account extends AccountFigures {
  @PrimaryColumn('text') address!: string;
  @Words('network') network!: string | null;
  /** A day before, as upstream says: "0" for a wallet that is younger, so never a base for profit. */
  @Amount('balance_free_24hr_ago') balanceFree24hrAgo!: string | null;
  @Amount('balance_reserved_24hr_ago') balanceReserved24hrAgo!: string | null;
  @Amount('balance_staked_24hr_ago') balanceStaked24hrAgo!: string | null;
  @Amount('balance_staked_alpha_as_tao_24hr_ago') balanceStakedAlphaAsTao24hrAgo!: string | null;
  @Amount('balance_staked_root_24hr_ago') balanceStakedRoot24hrAgo!: string | null;
  @Amount('balance_liquidity_24hr_ago') balanceLiquidity24hrAgo!: string | null;
  @Amount('balance_total_24hr_ago') balanceTotal24hrAgo!: string | null;
  @Words('created_on_date') createdOnDate!: string | null;
  @Words('created_on_network') createdOnNetwork!: string | null;
  /** The run that last wrote the row. */
  @Column('uuid', { name: 'run_id' }) runId!: string;
}
