import { blockMs, isoText, timestampOf } from '../chain';
import type { Json, JsonObject } from '../json';
import { type Key, keyOf, ZERO_KEY } from '../keys';
import { EMISSION_PER_BLOCK } from '../model/pool-model';
import { SUBNET_COUNT } from '../model/subnet-profile';
import type { World } from '../model/world';
import { rao, ratioText } from '../numbers';
import { feeRateText, tradeOver } from './pool-rows';

/** Shares of the emission are printed with 20 decimals and sum to exactly 1. */
const SHARE_SCALE = 10n ** 20n;
const U64_MAX = '18446744073709551615';

export function keyJson(key: Key): JsonObject {
  return { ss58: key.ss58, hex: key.hex };
}

/** One subnet at one block. Root carries the sentinels and the rubbish that upstream serves for it. */
export function subnetRow(world: World, netuid: number, block: number): JsonObject {
  return netuid === 0 ? { ...rootRow(world, block) } : { ...commonRow(world, netuid, block) };
}

/** The three flow figures, which only `latest` has. */
export function netFlows(world: World, netuid: number, block: number): JsonObject {
  if (netuid === 0) {
    return {
      net_flow_1_day: '8770778418879012864',
      net_flow_7_days: '7236313086703659008',
      net_flow_30_days: '-114729774449738208',
    };
  }
  const flow = (days: number): string => {
    const traded = tradeOver(world, netuid, block, days * 24);
    return rao(traded.buy - traded.sell).toString();
  };
  return { net_flow_1_day: flow(1), net_flow_7_days: flow(7), net_flow_30_days: flow(30) };
}

/** Emission into one pool per block: the projected share, cut off where the excess begins. */
export function emissionOf(
  world: World,
  netuid: number,
  block: number,
): { tao: bigint; excess: bigint; share: bigint } {
  const active = world.activeShares(block);
  const share = active.get(netuid) ?? 0n;
  const projected = (share * EMISSION_PER_BLOCK) / SHARE_SCALE;
  const tao = netuid % 5 === 2 ? (projected * 7n) / 10n : projected;
  return { tao, excess: projected - tao, share };
}

function commonRow(world: World, netuid: number, block: number): JsonObject {
  const life = world.pools.life(netuid, block);
  const startup = world.pools.state(netuid, block).startup;
  const emission = emissionOf(world, netuid, block);
  const owner = `owner ${netuid}/${life.generation}`;
  const trait = (stream: number, below: number): number => Math.floor(world.pools.trait(netuid, stream) * below);
  return {
    block_number: block,
    timestamp: timestampOf(block),
    netuid,
    owner: keyJson(keyOf(owner)),
    owner_hotkey: keyJson(keyOf(`${owner} hotkey`)),
    registration_block_number: life.registeredAt,
    registration_timestamp: isoText(blockMs(life.registeredAt)),
    registration_cost: netuid <= 64 ? '0' : String(400_000_000_000 + trait(1, 900_000_000_000)),
    neuron_registration_cost: '500000',
    max_neurons: trait(2, 12) === 0 ? 64 : 256,
    neuron_registrations_this_interval: 0,
    active_keys: 200 + trait(3, 57),
    validators: 8 + trait(4, 6),
    active_validators: 8 + trait(4, 6),
    active_miners: 20 + trait(5, 180),
    active_dual: trait(6, 4),
    modality: 0,
    pow_registration_allowed: true,
    emission: emission.tao.toString(),
    projected_emission: ratioText(emission.share, SHARE_SCALE, 20),
    ema_tao_flow: `${28_648_466 + trait(7, 9_000_000)}.06243293194638795449`,
    tao_flow: '0',
    excess_tao: emission.excess.toString(),
    ...hyperparameters(netuid, block, { tempo: netuid === 1 ? 99 : 360, startup }),
    fee_rate: feeRateText(life.feeRateParts),
    mech_count: 1,
    mech_emission_split: ['1'],
    immune_owner_uids_limit: 1,
    incentive_burn: netuid % 16 === 4 ? '1' : '0',
  };
}

function hyperparameters(netuid: number, block: number, chain: { tempo: number; startup: boolean }): JsonObject {
  const sinceStep = (block + netuid) % (chain.tempo + 1);
  return {
    rho: 10,
    kappa: 32767,
    immunity_period: 5000,
    min_allowed_weights: 1,
    max_weights_limit: 65535,
    tempo: chain.tempo,
    min_difficulty: '0.00000000000054210109',
    max_difficulty: '1',
    weights_version: '0',
    weights_rate_limit: '100',
    adjustment_interval: 360,
    activity_cutoff: 5000,
    registration_allowed: true,
    target_regs_per_interval: 1,
    min_burn: '500000',
    max_burn: '100000000000',
    bonds_moving_avg: '900000',
    max_regs_per_block: 1,
    serving_rate_limit: '50',
    max_validators: 64,
    adjustment_alpha: '0',
    difficulty: '0.00000000000054210109',
    last_adjustment_block: block - (block % 360),
    blocks_since_last_step: sinceStep,
    blocks_until_next_epoch: chain.tempo + 1 - sinceStep,
    blocks_until_next_adjustment: 360 - (block % 360),
    recycled_lifetime: String(8_455_276_829 + netuid),
    recycled_24_hours: netuid % 30 === 6 ? '-436106' : '1000000',
    recycled_since_registration: String(8_455_276_829 + netuid),
    liquid_alpha_enabled: netuid % 9 === 1,
    alpha_high: '0.90000762951094834821',
    alpha_low: '0.70000762951094834821',
    commit_reveal_weights_interval: 1,
    commit_reveal_weights_enabled: netuid % 3 === 0,
    alpha_sigmoid_steepness: 1000,
    bonds_reset_on: false,
    yuma3_on: netuid % 4 === 0,
    subtoken_enabled: !chain.startup,
    enabled_user_liquidity: false,
    swap_v3_initialized: netuid !== 0,
    bonds_penalty: '0.00000000000000355266',
    ema_price_halving_blocks: 201600,
    reveal_period_epochs: 1,
    transfer_toggle: true,
  };
}

function rootRow(world: World, block: number): JsonObject {
  const zero = keyJson(ZERO_KEY);
  return {
    ...commonRow(world, 0, block),
    owner: zero,
    owner_hotkey: zero,
    registration_block_number: null,
    registration_timestamp: '2023-03-20T18:47:48Z',
    registration_cost: '0',
    max_neurons: 64,
    active_keys: 64,
    emission: '0',
    projected_emission: '0',
    ema_tao_flow: '0',
    tao_flow: '-1344818092359283',
    excess_tao: '0',
    immunity_period: 4096,
    tempo: 100,
    min_difficulty: '0.24999999999999999996',
    weights_rate_limit: U64_MAX,
    blocks_since_last_step: 440,
    blocks_until_next_epoch: -339,
    blocks_until_next_adjustment: 0,
    recycled_24_hours: '0',
    subtoken_enabled: true,
    incentive_burn: '0',
  };
}

/** What a subnet says about itself, with upstream's mixture of null and empty text. */
export function identityRow(world: World, netuid: number, block: number): JsonObject {
  const life = world.pools.life(netuid, block);
  const slug = life.name.toLowerCase().replace(' ', '-');
  const silent = netuid === 0 || life.startup;
  const some = (text: string, stream: number): Json => {
    const roll = world.pools.trait(netuid, 40 + stream);
    return silent || roll < 0.2 ? null : roll < 0.45 ? '' : text;
  };
  return {
    netuid,
    subnet_name: netuid === 0 ? 'Root' : life.name,
    github_repo: some(`https://example.org/${slug}/subnet`, 1),
    subnet_contact: some(`contact@${slug}.example`, 2),
    subnet_url: some(`https://${slug}.example`, 3),
    logo_url: some(`https://${slug}.example/logo.png`, 4),
    discord: some(`${slug}-chat`, 5),
    description: some(`${life.name} measures and pays for useful work, τ by τ, on netuid ${netuid}.`, 6),
    additional: some(`More about ${life.name} <b>is on its page</b>.`, 7),
    summary: some(`${life.name}: a simulated subnet.`, 8),
    tags: silent || netuid % 3 === 0 ? null : ['compute', netuid > SUBNET_COUNT / 2 ? 'data' : 'ai'],
    twitter: some(`https://x.example/${slug}`, 9),
  };
}
