import { Account, type AccountKey, DecimalText, Flag, Instant, OPTIONAL, Text, TextList, Whole } from '../wire/field';

const SIGNED = { optional: true, signed: true };

/**
 * One row of `subnet/latest`. Amounts in rao; ratios as decimals. The root row (netuid 0) has no registration block and
 * carries garbage flows; `weights_rate_limit` may be 18446744073709551615, "never".
 */
export class SubnetPayload {
  @Whole() netuid!: number;
  @Whole() block_number!: number;
  @Instant() timestamp!: string;
  /** Tells one user of a netuid from the next; null for root. */
  @Whole(OPTIONAL) registration_block_number!: number | null;
  @Instant(OPTIONAL) registration_timestamp!: string | null;
  @DecimalText(OPTIONAL) registration_cost!: string | null;
  @Account(OPTIONAL) owner!: AccountKey | null;
  @Account(OPTIONAL) owner_hotkey!: AccountKey | null;
  /** Rao of TAO injected into the pool per block. */
  @DecimalText() emission!: string;
  /** Share of all emission, 0 to 1. */
  @DecimalText(OPTIONAL) projected_emission!: string | null;
  @DecimalText(SIGNED) excess_tao!: string | null;
  @DecimalText(SIGNED) ema_tao_flow!: string | null;
  @DecimalText(SIGNED) tao_flow!: string | null;
  @DecimalText(SIGNED) net_flow_1_day!: string | null;
  @DecimalText(SIGNED) net_flow_7_days!: string | null;
  @DecimalText(SIGNED) net_flow_30_days!: string | null;
  @DecimalText(SIGNED) neuron_registration_cost!: string | null;
  @DecimalText(SIGNED) min_burn!: string | null;
  @DecimalText(SIGNED) max_burn!: string | null;
  @DecimalText(SIGNED) recycled_lifetime!: string | null;
  @DecimalText(SIGNED) recycled_24_hours!: string | null;
  @DecimalText(SIGNED) recycled_since_registration!: string | null;
  @Whole(OPTIONAL) neuron_registrations_this_interval!: number | null;
  @Whole(OPTIONAL) max_neurons!: number | null;
  @Whole(OPTIONAL) active_keys!: number | null;
  @Whole(OPTIONAL) validators!: number | null;
  @Whole(OPTIONAL) active_validators!: number | null;
  @Whole(OPTIONAL) active_miners!: number | null;
  @Whole(OPTIONAL) active_dual!: number | null;
  @Whole(OPTIONAL) max_validators!: number | null;
  @Whole(OPTIONAL) modality!: number | null;
  @Whole(OPTIONAL) rho!: number | null;
  @Whole(OPTIONAL) kappa!: number | null;
  @Whole(OPTIONAL) immunity_period!: number | null;
  @Whole(OPTIONAL) min_allowed_weights!: number | null;
  @Whole(OPTIONAL) max_weights_limit!: number | null;
  @Whole(OPTIONAL) tempo!: number | null;
  @Whole(OPTIONAL) adjustment_interval!: number | null;
  @Whole(OPTIONAL) activity_cutoff!: number | null;
  @Whole(OPTIONAL) target_regs_per_interval!: number | null;
  @Whole(OPTIONAL) max_regs_per_block!: number | null;
  @Whole(OPTIONAL) immune_owner_uids_limit!: number | null;
  @Whole(OPTIONAL) mech_count!: number | null;
  @Whole(OPTIONAL) last_adjustment_block!: number | null;
  @Whole(SIGNED) blocks_since_last_step!: number | null;
  /** Negative for root. */
  @Whole(SIGNED) blocks_until_next_epoch!: number | null;
  @Whole(SIGNED) blocks_until_next_adjustment!: number | null;
  @Whole(OPTIONAL) commit_reveal_weights_interval!: number | null;
  @Whole(OPTIONAL) reveal_period_epochs!: number | null;
  @Whole(OPTIONAL) ema_price_halving_blocks!: number | null;
  @DecimalText(SIGNED) alpha_sigmoid_steepness!: string | null;
  @DecimalText(SIGNED) min_difficulty!: string | null;
  @DecimalText(SIGNED) max_difficulty!: string | null;
  @DecimalText(SIGNED) difficulty!: string | null;
  @DecimalText(SIGNED) adjustment_alpha!: string | null;
  @DecimalText(SIGNED) alpha_high!: string | null;
  @DecimalText(SIGNED) alpha_low!: string | null;
  @DecimalText(SIGNED) bonds_penalty!: string | null;
  @DecimalText(SIGNED) bonds_moving_avg!: string | null;
  @DecimalText(SIGNED) fee_rate!: string | null;
  @DecimalText(SIGNED) incentive_burn!: string | null;
  @DecimalText(SIGNED) weights_version!: string | null;
  @DecimalText(SIGNED) weights_rate_limit!: string | null;
  @DecimalText(SIGNED) serving_rate_limit!: string | null;
  @TextList(OPTIONAL) mech_emission_split!: string[] | null;
  @Flag(OPTIONAL) registration_allowed!: boolean | null;
  @Flag(OPTIONAL) pow_registration_allowed!: boolean | null;
  @Flag(OPTIONAL) commit_reveal_weights_enabled!: boolean | null;
  @Flag(OPTIONAL) liquid_alpha_enabled!: boolean | null;
  @Flag(OPTIONAL) bonds_reset_on!: boolean | null;
  @Flag(OPTIONAL) yuma3_on!: boolean | null;
  /** False: a start-up subnet that cannot be traded yet. */
  @Flag(OPTIONAL) subtoken_enabled!: boolean | null;
  @Flag(OPTIONAL) enabled_user_liquidity!: boolean | null;
  @Flag(OPTIONAL) swap_v3_initialized!: boolean | null;
  @Flag(OPTIONAL) transfer_toggle!: boolean | null;
}

/** One row of `subnet/identity`. Null and "" both mean absent; names repeat; all of it is written by strangers. */
export class SubnetIdentityPayload {
  @Whole() netuid!: number;
  @Text(OPTIONAL) subnet_name!: string | null;
  @Text(OPTIONAL) github_repo!: string | null;
  @Text(OPTIONAL) subnet_contact!: string | null;
  @Text(OPTIONAL) subnet_url!: string | null;
  @Text(OPTIONAL) logo_url!: string | null;
  @Text(OPTIONAL) discord!: string | null;
  @Text(OPTIONAL) description!: string | null;
  @Text(OPTIONAL) additional!: string | null;
  @Text(OPTIONAL) summary!: string | null;
  @Text(OPTIONAL) twitter!: string | null;
  @TextList(OPTIONAL) tags!: string[] | null;
}

/** One row of `dtao/subnet_emission`: what one block gave one subnet, rao of TAO and of alpha. */
export class SubnetEmissionPayload {
  @Whole() netuid!: number;
  @Whole() block_number!: number;
  @Instant() timestamp!: string;
  @Text(OPTIONAL) name!: string | null;
  @Text(OPTIONAL) symbol!: string | null;
  @DecimalText() tao_in_pool!: string;
  @DecimalText() alpha_in_pool!: string;
  @DecimalText() alpha_rewards!: string;
}

/** One row of `dtao/tao_flow`: signed rao of TAO. Carries no time of its own. */
export class TaoFlowPayload {
  @Whole() netuid!: number;
  @DecimalText({ signed: true }) tao_flow!: string;
}
