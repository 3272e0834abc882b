import { Subnet } from '../../database';
import type { SubnetPayload } from '../../taostats';
import { instantOrNull } from '../map-rows';

const ROOT = 0;
const U64_MAX = '18446744073709551615';
/** Rao above any that can exist: 21 million TAO. */
const LARGEST_SUPPLY_RAO = 21_000_000n * 1_000_000_000n;
const FLOWS = ['tao_flow', 'net_flow_1_day', 'net_flow_7_days', 'net_flow_30_days'] as const;

type Flow = (typeof FLOWS)[number];

/**
 * Figures that are not figures, each with why: the flows of root, which has no pool and is sent leftovers of an
 * overflow; the largest 64-bit number, which says "never"; and flows of more TAO than exist.
 */
export function findWithheld(payload: SubnetPayload): Record<string, string> {
  const withheld: Record<string, string> = {};
  for (const flow of FLOWS) {
    const fault = payload[flow] === null ? null : findFlowFault(payload.netuid, payload[flow]);
    if (fault !== null) withheld[flow] = fault;
  }
  if (payload.weights_rate_limit === U64_MAX) withheld['weights_rate_limit'] = 'never';
  return withheld;
}

/** Why a flow of TAO, in rao, is none. */
export function findFlowFault(netuid: number, rao: string): string | null {
  if (netuid === ROOT) return 'root_has_no_flow';
  return isMoreThanExists(rao) ? 'not_a_measurement' : null;
}

function isMoreThanExists(rao: string): boolean {
  const whole = BigInt(rao.split('.')[0] ?? '0');
  return whole > LARGEST_SUPPLY_RAO || whole < -LARGEST_SUPPLY_RAO;
}

/** A subnet as TaoStats sends it, as a row: same figures, same units. */
export function toSubnet(payload: SubnetPayload): Subnet {
  const withheld = findWithheld(payload);
  return Object.assign(new Subnet(), {
    netuid: payload.netuid,
    blockNumber: payload.block_number,
    timestamp: new Date(payload.timestamp),
    registrationBlockNumber: payload.registration_block_number,
    registrationTimestamp: instantOrNull(payload.registration_timestamp),
    registrationCost: payload.registration_cost,
    owner: payload.owner?.ss58 ?? null,
    ownerHotkey: payload.owner_hotkey?.ss58 ?? null,
    ...economyOf(payload, withheld),
    ...parametersOf(payload),
    ...switchesOf(payload),
    weightsRateLimit: 'weights_rate_limit' in withheld ? null : payload.weights_rate_limit,
    withheld,
  });
}

function economyOf(payload: SubnetPayload, withheld: Record<string, string>): Partial<Subnet> {
  const flow = (name: Flow): string | null => (name in withheld ? null : payload[name]);
  return {
    emission: payload.emission,
    projectedEmission: payload.projected_emission,
    excessTao: payload.excess_tao,
    emaTaoFlow: payload.ema_tao_flow,
    taoFlow: flow('tao_flow'),
    netFlow1Day: flow('net_flow_1_day'),
    netFlow7Days: flow('net_flow_7_days'),
    netFlow30Days: flow('net_flow_30_days'),
    neuronRegistrationCost: payload.neuron_registration_cost,
    minBurn: payload.min_burn,
    maxBurn: payload.max_burn,
    recycledLifetime: payload.recycled_lifetime,
    recycled24Hours: payload.recycled_24_hours,
    recycledSinceRegistration: payload.recycled_since_registration,
    feeRate: payload.fee_rate,
    incentiveBurn: payload.incentive_burn,
  };
}

function parametersOf(payload: SubnetPayload): Partial<Subnet> {
  return {
    neuronRegistrationsThisInterval: payload.neuron_registrations_this_interval,
    maxNeurons: payload.max_neurons,
    activeKeys: payload.active_keys,
    validators: payload.validators,
    activeValidators: payload.active_validators,
    activeMiners: payload.active_miners,
    activeDual: payload.active_dual,
    maxValidators: payload.max_validators,
    modality: payload.modality,
    rho: payload.rho,
    kappa: payload.kappa,
    immunityPeriod: payload.immunity_period,
    minAllowedWeights: payload.min_allowed_weights,
    maxWeightsLimit: payload.max_weights_limit,
    tempo: payload.tempo,
    adjustmentInterval: payload.adjustment_interval,
    activityCutoff: payload.activity_cutoff,
    targetRegsPerInterval: payload.target_regs_per_interval,
    maxRegsPerBlock: payload.max_regs_per_block,
    immuneOwnerUidsLimit: payload.immune_owner_uids_limit,
    mechCount: payload.mech_count,
    lastAdjustmentBlock: payload.last_adjustment_block,
    blocksSinceLastStep: payload.blocks_since_last_step,
    blocksUntilNextEpoch: payload.blocks_until_next_epoch,
    blocksUntilNextAdjustment: payload.blocks_until_next_adjustment,
    commitRevealWeightsInterval: payload.commit_reveal_weights_interval,
    revealPeriodEpochs: payload.reveal_period_epochs,
    emaPriceHalvingBlocks: payload.ema_price_halving_blocks,
    alphaSigmoidSteepness: payload.alpha_sigmoid_steepness,
    minDifficulty: payload.min_difficulty,
    maxDifficulty: payload.max_difficulty,
    difficulty: payload.difficulty,
    adjustmentAlpha: payload.adjustment_alpha,
    alphaHigh: payload.alpha_high,
    alphaLow: payload.alpha_low,
    bondsPenalty: payload.bonds_penalty,
    bondsMovingAvg: payload.bonds_moving_avg,
    weightsVersion: payload.weights_version,
    servingRateLimit: payload.serving_rate_limit,
    mechEmissionSplit: payload.mech_emission_split,
  };
}

function switchesOf(payload: SubnetPayload): Partial<Subnet> {
  return {
    registrationAllowed: payload.registration_allowed,
    powRegistrationAllowed: payload.pow_registration_allowed,
    commitRevealWeightsEnabled: payload.commit_reveal_weights_enabled,
    liquidAlphaEnabled: payload.liquid_alpha_enabled,
    bondsResetOn: payload.bonds_reset_on,
    yuma3On: payload.yuma3_on,
    subtokenEnabled: payload.subtoken_enabled,
    enabledUserLiquidity: payload.enabled_user_liquidity,
    swapV3Initialized: payload.swap_v3_initialized,
    transferToggle: payload.transfer_toggle,
  };
}
