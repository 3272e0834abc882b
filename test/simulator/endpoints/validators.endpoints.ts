import { dateOf, timestampOf } from '../chain';
import { type Json, type JsonObject, RawJson } from '../json';
import { type Validator, validators, yearlyYield } from '../model/validators';
import type { World } from '../model/world';
import { parseKey } from '../keys';
import { rao, ratioText } from '../numbers';
import { hash32, textHash, unit } from '../random';
import { type Endpoint, type EndpointRequest, fields } from './endpoint';
import { netuids } from './pools.endpoints';
import { BadRequest } from './query';
import { keyJson } from './subnet-rows';

const YIELD_LAG_BLOCKS = 150;

export const validatorEndpoints: Endpoint[] = [
  {
    path: '/api/dtao/validator/yield/latest/v1',
    methods: ['GET', 'POST'],
    orders: {
      ...fields('netuid', 'name', 'stake', 'one_hour_apy', 'one_day_apy', 'seven_day_apy', 'thirty_day_apy'),
    },
    rows: yields,
  },
  {
    path: '/api/dtao/validator/latest/v1',
    orders: {
      ...fields('active_subnets', 'rank', 'root_rank', 'alpha_rank', 'take', 'global_nominators', 'dominance'),
      ...fields('global_weighted_stake', 'global_alpha_stake_as_tao', 'weighted_root_stake', 'root_stake'),
    },
    rows: ({ world, query, block }) => {
      const hotkey = query.key('hotkey');
      return validators
        .filter((validator) => hotkey === undefined || validator.hotkey.ss58 === hotkey.ss58)
        .map((validator) => validatorRow(world, validator, block));
    },
  },
  { path: '/api/identity/latest/v1', rows: identities },
];

/** Every validator on every netuid, the largest stake first; POST narrows to a list of positions. */
function yields({ world, query, block, body }: EndpointRequest): JsonObject[] {
  const wanted = body === undefined ? undefined : wantedPositions(body);
  const [hotkey, netuid, least] = [query.key('hotkey'), query.integer('netuid'), query.integer('min_stake') ?? 0];
  const at = block - YIELD_LAG_BLOCKS;
  return netuids()
    .filter((candidate) => netuid === undefined || candidate === netuid)
    .filter((candidate) => candidate === 0 || !world.pools.state(candidate, at).startup)
    .flatMap((candidate) => validators.map((validator) => ({ validator, netuid: candidate })))
    .filter(({ validator }) => hotkey === undefined || validator.hotkey.ss58 === hotkey.ss58)
    .filter((pair) => wanted === undefined || wanted.has(`${pair.validator.hotkey.ss58}/${pair.netuid}`))
    .map((pair) => ({ ...pair, stake: stakeOf(world, pair) }))
    .filter(({ stake }) => stake >= BigInt(least))
    .sort((a, b) => Number(b.stake - a.stake))
    .map((pair) => yieldRow(world, pair, at));
}

function wantedPositions(body: unknown): Set<string> {
  const positions = (body as { positions?: unknown } | null)?.positions;
  if (!Array.isArray(positions)) throw new BadRequest('positions is required');
  return new Set(
    positions.map((entry: { hotkey?: unknown; netuid?: unknown }) => {
      const key = typeof entry.hotkey === 'string' ? parseKey(entry.hotkey) : null;
      if (key === null || typeof entry.netuid !== 'number')
        throw new BadRequest('positions: {hotkey, netuid} expected');
      return `${key.ss58}/${entry.netuid}`;
    }),
  );
}

interface Pair {
  validator: Validator;
  netuid: number;
}

function stakeOf(world: World, { validator, netuid }: Pair): bigint {
  return rao(unit(world.seed, validator.index, netuid, 301) ** 3 * (netuid === 0 ? 800_000 : 220_000));
}

function yieldRow(world: World, pair: Pair & { stake: bigint }, block: number): JsonObject {
  const { validator, netuid, stake } = pair;
  const yearly = yearlyYield(world.seed, validator.hotkey.ss58, netuid);
  const noisy = (spread: number, stream: number): number =>
    yearly *
    (1 + spread * (unit(world.seed, textHash(validator.hotkey.ss58), netuid, Math.floor(block / 360), stream) - 0.5));
  const ratio = (value: number): Json =>
    world.generation === 'string' ? value.toFixed(18) : new RawJson(value.toFixed(9));
  const participation = netuid === 0 ? null : world.generation === 'string' ? '1' : 1;
  return {
    hotkey: keyJson(validator.hotkey),
    name: validator.name,
    netuid,
    block_number: block,
    timestamp: timestampOf(block),
    stake: world.generation === 'string' ? stake.toString() : stake,
    one_hour_apy: ratio(noisy(0.3, 1)),
    one_day_apy: ratio(noisy(0.05, 2)),
    seven_day_apy: ratio(noisy(0.02, 3)),
    thirty_day_apy: ratio(noisy(0.005, 4)),
    one_day_epoch_participation: participation,
    seven_day_epoch_participation: participation,
    thirty_day_epoch_participation: participation,
  };
}

function validatorRow(world: World, validator: Validator, block: number): JsonObject {
  const { index } = validator;
  const root = stakeOf(world, { validator, netuid: 0 });
  const alpha = rao(60_000 + 90_000 * unit(world.seed, index, 310));
  const weighted = alpha + (root * 18n) / 100n;
  return {
    hotkey: keyJson(validator.hotkey),
    coldkey: keyJson(validator.coldkey),
    name: validator.name,
    block_number: block,
    timestamp: timestampOf(block),
    created_on_date: dateOf(world.genesis + index * 40_000),
    rank: index + 1,
    root_rank: index + 1,
    alpha_rank: index + 1,
    active_subnets: 126 - (index % 9),
    global_nominators: 200 + (hash32(world.seed, index, 311) % 46_000),
    global_nominators_24_hr_change: (hash32(world.seed, index, 312) % 60) - 20,
    take: index % 4 === 0 ? '0.17999542229343099107' : '0.08999771114671549554',
    global_weighted_stake: weighted.toString(),
    global_weighted_stake_24_hr_change: (-1_542_164_033n * BigInt(index)).toString(),
    global_alpha_stake_as_tao: alpha.toString(),
    root_stake: root.toString(),
    weighted_root_stake: ((root * 18n) / 100n).toString(),
    dominance: ratioText(weighted * 100n, rao(2_400_000), 2),
    dominance_24_hr_change: '-0.01',
    nominator_return_per_day: (weighted / 850n).toString(),
    validator_return_per_day: (weighted / 8_500n).toString(),
    claim_types: ['Swap', 'Keep'],
  };
}

function identities({ query }: EndpointRequest): JsonObject[] {
  const [address, hotkey] = [query.key('address'), query.key('validator_hotkey')];
  return validators
    .filter((validator) => validator.name !== null)
    .filter((validator) => address === undefined || validator.coldkey.ss58 === address.ss58)
    .filter((validator) => hotkey === undefined || validator.hotkey.ss58 === hotkey.ss58)
    .map((validator) => ({
      address: keyJson(validator.coldkey),
      validator_hotkey: keyJson(validator.hotkey),
      name: validator.name,
      url: `https://validator-${validator.index}.example`,
      github_repo: '',
      image: '',
      discord: validator.index % 2 === 0 ? '' : null,
      description: `${validator.name ?? ''} validates simulated subnets.`,
      additional: '',
    }));
}
