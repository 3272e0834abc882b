import { Entity, PrimaryColumn } from 'typeorm';
import { Amount, Count, Instant, REQUIRED, SignedAmount, Words } from './columns';
import { CurrentRow } from './current-row';

/**
 * What a validator yields on one subnet. APYs are ratios (0.371 is 37.1 %) and as noisy as upstream sends them: the one
 * of an hour is one epoch, and a validator without stake can have any.
 */
@Entity('validator_yields')
export class ValidatorYield extends CurrentRow {
  @PrimaryColumn('text') hotkey!: string;
  @PrimaryColumn('integer') netuid!: number;
  @Words('name') name!: string | null;
  @Count('block_number', REQUIRED) blockNumber!: number;
  @Instant('timestamp', REQUIRED) timestamp!: Date;
  /** Rao of the subnet's alpha; of TAO for root. */
  @Amount('stake', REQUIRED) stake!: string;
  @SignedAmount('one_hour_apy') oneHourApy!: string | null;
  @SignedAmount('one_day_apy') oneDayApy!: string | null;
  @SignedAmount('seven_day_apy') sevenDayApy!: string | null;
  @SignedAmount('thirty_day_apy') thirtyDayApy!: string | null;
  /** Share of the epochs, 0 to 1. Null for root, which has none. */
  @Amount('one_day_epoch_participation') oneDayEpochParticipation!: string | null;
  @Amount('seven_day_epoch_participation') sevenDayEpochParticipation!: string | null;
  @Amount('thirty_day_epoch_participation') thirtyDayEpochParticipation!: string | null;
}
