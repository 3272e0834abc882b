import { Account, type AccountKey, DecimalText, Instant, OPTIONAL, Text, Whole } from '../wire/field';

const SIGNED = { optional: true, signed: true };

/** One row of `dtao/validator/latest`. `take` is a ratio, `dominance` a percent, stakes and returns are rao. */
export class ValidatorPayload {
  @Account() hotkey!: AccountKey;
  @Account(OPTIONAL) coldkey!: AccountKey | null;
  @Text(OPTIONAL) name!: string | null;
  @Whole() block_number!: number;
  @Instant() timestamp!: string;
  @Text(OPTIONAL) created_on_date!: string | null;
  @Whole(OPTIONAL) rank!: number | null;
  @Whole(OPTIONAL) root_rank!: number | null;
  @Whole(OPTIONAL) alpha_rank!: number | null;
  @Whole(OPTIONAL) active_subnets!: number | null;
  @Whole(OPTIONAL) global_nominators!: number | null;
  @Whole(SIGNED) global_nominators_24_hr_change!: number | null;
  @DecimalText(OPTIONAL) take!: string | null;
  @DecimalText(OPTIONAL) global_weighted_stake!: string | null;
  @DecimalText(SIGNED) global_weighted_stake_24_hr_change!: string | null;
  @DecimalText(OPTIONAL) global_alpha_stake_as_tao!: string | null;
  @DecimalText(OPTIONAL) root_stake!: string | null;
  @DecimalText(OPTIONAL) weighted_root_stake!: string | null;
  @DecimalText(SIGNED) dominance!: string | null;
  @DecimalText(SIGNED) dominance_24_hr_change!: string | null;
  @DecimalText(SIGNED) nominator_return_per_day!: string | null;
  @DecimalText(SIGNED) validator_return_per_day!: string | null;
}

/** One row of `validator/yield`. APYs are ratios (0.371 = 37.1 %); stake is rao of alpha; participation is null for root. */
export class ValidatorYieldPayload {
  @Account() hotkey!: AccountKey;
  @Text(OPTIONAL) name!: string | null;
  @Whole() netuid!: number;
  @Whole() block_number!: number;
  @Instant() timestamp!: string;
  @DecimalText() stake!: string;
  @DecimalText(SIGNED) one_hour_apy!: string | null;
  @DecimalText(SIGNED) one_day_apy!: string | null;
  @DecimalText(SIGNED) seven_day_apy!: string | null;
  @DecimalText(SIGNED) thirty_day_apy!: string | null;
  @DecimalText(OPTIONAL) one_day_epoch_participation!: string | null;
  @DecimalText(OPTIONAL) seven_day_epoch_participation!: string | null;
  @DecimalText(OPTIONAL) thirty_day_epoch_participation!: string | null;
}
