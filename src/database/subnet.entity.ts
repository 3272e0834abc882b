import { Entity, PrimaryColumn } from 'typeorm';
import { Amount, Count, Flag, Instant, REQUIRED, Reasons, SignedAmount, WordList, Words } from './columns';
import { CurrentRow } from './current-row';

/** The newest good state of each netuid and of the generation that uses it. Amounts in rao, ratios as decimals. */
@Entity('subnets')
export class Subnet extends CurrentRow {
  @PrimaryColumn('integer') netuid!: number;
  @Count('block_number', REQUIRED) blockNumber!: number;
  @Instant('timestamp', REQUIRED) timestamp!: Date;
  /** Tells one user of a netuid from the next; null for root, which was never registered. */
  @Count('registration_block_number') registrationBlockNumber!: number | null;
  @Instant('registration_timestamp') registrationTimestamp!: Date | null;
  /** Rao of TAO, like every cost and burn. */
  @Amount('registration_cost') registrationCost!: string | null;
  /** Coldkey, ss58. */
  @Words('owner') owner!: string | null;
  @Words('owner_hotkey') ownerHotkey!: string | null;
  /** Rao of TAO that a block injects into the pool. */
  @Amount('emission', REQUIRED) emission!: string;
  /** Share of all emission, 0 to 1. */
  @Amount('projected_emission') projectedEmission!: string | null;
  /** Rao of TAO per block. */
  @SignedAmount('excess_tao') excessTao!: string | null;
  /** Rao of TAO, fractional. */
  @SignedAmount('ema_tao_flow') emaTaoFlow!: string | null;
  /** Flows are signed rao of TAO into the pool; null for root, see `withheld`. */
  @SignedAmount('tao_flow') taoFlow!: string | null;
  @SignedAmount('net_flow_1_day') netFlow1Day!: string | null;
  @SignedAmount('net_flow_7_days') netFlow7Days!: string | null;
  @SignedAmount('net_flow_30_days') netFlow30Days!: string | null;
  @SignedAmount('neuron_registration_cost') neuronRegistrationCost!: string | null;
  @SignedAmount('min_burn') minBurn!: string | null;
  @SignedAmount('max_burn') maxBurn!: string | null;
  @SignedAmount('recycled_lifetime') recycledLifetime!: string | null;
  @SignedAmount('recycled_24_hours') recycled24Hours!: string | null;
  @SignedAmount('recycled_since_registration') recycledSinceRegistration!: string | null;
  @Count('neuron_registrations_this_interval') neuronRegistrationsThisInterval!: number | null;
  @Count('max_neurons') maxNeurons!: number | null;
  @Count('active_keys') activeKeys!: number | null;
  @Count('validators') validators!: number | null;
  @Count('active_validators') activeValidators!: number | null;
  @Count('active_miners') activeMiners!: number | null;
  @Count('active_dual') activeDual!: number | null;
  @Count('max_validators') maxValidators!: number | null;
  @Count('modality') modality!: number | null;
  @Count('rho') rho!: number | null;
  @Count('kappa') kappa!: number | null;
  /** Periods, intervals, tempo and ages are blocks. */
  @Count('immunity_period') immunityPeriod!: number | null;
  @Count('min_allowed_weights') minAllowedWeights!: number | null;
  @Count('max_weights_limit') maxWeightsLimit!: number | null;
  @Count('tempo') tempo!: number | null;
  @Count('adjustment_interval') adjustmentInterval!: number | null;
  @Count('activity_cutoff') activityCutoff!: number | null;
  @Count('target_regs_per_interval') targetRegsPerInterval!: number | null;
  @Count('max_regs_per_block') maxRegsPerBlock!: number | null;
  @Count('immune_owner_uids_limit') immuneOwnerUidsLimit!: number | null;
  @Count('mech_count') mechCount!: number | null;
  @Count('last_adjustment_block') lastAdjustmentBlock!: number | null;
  @Count('blocks_since_last_step') blocksSinceLastStep!: number | null;
  /** Negative for root. */
  @Count('blocks_until_next_epoch') blocksUntilNextEpoch!: number | null;
  @Count('blocks_until_next_adjustment') blocksUntilNextAdjustment!: number | null;
  @Count('commit_reveal_weights_interval') commitRevealWeightsInterval!: number | null;
  @Count('reveal_period_epochs') revealPeriodEpochs!: number | null;
  @Count('ema_price_halving_blocks') emaPriceHalvingBlocks!: number | null;
  @SignedAmount('alpha_sigmoid_steepness') alphaSigmoidSteepness!: string | null;
  @SignedAmount('min_difficulty') minDifficulty!: string | null;
  @SignedAmount('max_difficulty') maxDifficulty!: string | null;
  @SignedAmount('difficulty') difficulty!: string | null;
  @SignedAmount('adjustment_alpha') adjustmentAlpha!: string | null;
  @SignedAmount('alpha_high') alphaHigh!: string | null;
  @SignedAmount('alpha_low') alphaLow!: string | null;
  @SignedAmount('bonds_penalty') bondsPenalty!: string | null;
  @SignedAmount('bonds_moving_avg') bondsMovingAvg!: string | null;
  @SignedAmount('fee_rate') feeRate!: string | null;
  /** Ratio, 0 to 1. */
  @SignedAmount('incentive_burn') incentiveBurn!: string | null;
  @SignedAmount('weights_version') weightsVersion!: string | null;
  /** Blocks; null with the reason `never` for the largest 64-bit number. */
  @SignedAmount('weights_rate_limit') weightsRateLimit!: string | null;
  @SignedAmount('serving_rate_limit') servingRateLimit!: string | null;
  @WordList('mech_emission_split') mechEmissionSplit!: string[] | null;
  @Flag('registration_allowed') registrationAllowed!: boolean | null;
  @Flag('pow_registration_allowed') powRegistrationAllowed!: boolean | null;
  @Flag('commit_reveal_weights_enabled') commitRevealWeightsEnabled!: boolean | null;
  @Flag('liquid_alpha_enabled') liquidAlphaEnabled!: boolean | null;
  @Flag('bonds_reset_on') bondsResetOn!: boolean | null;
  @Flag('yuma3_on') yuma3On!: boolean | null;
  /** False: a start-up subnet that cannot be traded yet. */
  @Flag('subtoken_enabled') subtokenEnabled!: boolean | null;
  @Flag('enabled_user_liquidity') enabledUserLiquidity!: boolean | null;
  @Flag('swap_v3_initialized') swapV3Initialized!: boolean | null;
  @Flag('transfer_toggle') transferToggle!: boolean | null;
  /** Columns that are null although upstream sent a number, each with the reason: `root_has_no_flow`, `never`, `not_a_measurement`. */
  @Reasons('withheld') withheld!: Record<string, string>;
}
