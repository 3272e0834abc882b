import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Amount, Count, Instant, REQUIRED, SignedAmount, Words } from './columns';
import { CurrentRow } from './current-row';

/** A validator over all subnets as TaoStats last sent it. Stakes and returns in rao of TAO. */
@Entity('validators')
export class Validator extends CurrentRow {
  @PrimaryColumn('text') hotkey!: string;
  @Words('coldkey') coldkey!: string | null;
  /** Written by strangers. */
  @Words('name') name!: string | null;
  @Count('block_number', REQUIRED) blockNumber!: number;
  @Instant('timestamp', REQUIRED) timestamp!: Date;
  @Column('date', { name: 'created_on_date', nullable: true }) createdOnDate!: string | null;
  @Count('rank') rank!: number | null;
  @Count('root_rank') rootRank!: number | null;
  @Count('alpha_rank') alphaRank!: number | null;
  @Count('active_subnets') activeSubnets!: number | null;
  @Count('global_nominators') globalNominators!: number | null;
  @Count('global_nominators_24_hr_change') globalNominators24HrChange!: number | null;
  /** Ratio: 0.18 is 18 %. */
  @Amount('take') take!: string | null;
  @Amount('global_weighted_stake') globalWeightedStake!: string | null;
  @SignedAmount('global_weighted_stake_24_hr_change') globalWeightedStake24HrChange!: string | null;
  @Amount('global_alpha_stake_as_tao') globalAlphaStakeAsTao!: string | null;
  @Amount('root_stake') rootStake!: string | null;
  @Amount('weighted_root_stake') weightedRootStake!: string | null;
  /** Percent. */
  @SignedAmount('dominance') dominance!: string | null;
  @SignedAmount('dominance_24_hr_change') dominance24HrChange!: string | null;
  @SignedAmount('nominator_return_per_day') nominatorReturnPerDay!: string | null;
  @SignedAmount('validator_return_per_day') validatorReturnPerDay!: string | null;
}
