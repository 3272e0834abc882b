import { tokensOf } from '../common';
import type { Pool, Subnet, SubnetIdentity } from '../database';
import type { IdentityView, PoolView, SubnetDetailView, SubnetView } from './subnet.view';

/** The stored rows of one netuid; at least one of subnet and pool. */
export interface SubnetRows {
  netuid: number;
  subnet: Subnet | null;
  pool: Pool | null;
  identity: SubnetIdentity | null;
}

/** Rows of all netuids that have any, in their order. A pool of the netuid's former user is left out. */
export function joinRows(tables: { subnets: Subnet[]; pools: Pool[]; identities: SubnetIdentity[] }): SubnetRows[] {
  const subnets = byNetuid(tables.subnets);
  const pools = byNetuid(tables.pools);
  const identities = byNetuid(tables.identities);
  return [...new Set([...subnets.keys(), ...pools.keys()])]
    .sort((a, b) => a - b)
    .map((netuid) => {
      const subnet = subnets.get(netuid) ?? null;
      const pool = pools.get(netuid) ?? null;
      const isOfFormerUser = pool !== null && pool.blockNumber < (subnet?.registrationBlockNumber ?? 0);
      return { netuid, subnet, pool: isOfFormerUser ? null : pool, identity: identities.get(netuid) ?? null };
    });
}

export function toSubnetView({ netuid, subnet, pool, identity }: SubnetRows): SubnetView {
  return {
    netuid,
    name: identity?.subnetName ?? pool?.name ?? null,
    symbol: pool?.symbol ?? null,
    registration_block: subnet?.registrationBlockNumber ?? null,
    registered_at: subnet?.registrationTimestamp?.toISOString() ?? null,
    active: isActive(subnet, pool),
    emission_per_block_tao: tokensOf(subnet?.emission ?? null),
    projected_emission_share: subnet?.projectedEmission ?? null,
    net_flow_1_day_tao: tokensOf(subnet?.netFlow1Day ?? null),
    net_flow_7_days_tao: tokensOf(subnet?.netFlow7Days ?? null),
    net_flow_30_days_tao: tokensOf(subnet?.netFlow30Days ?? null),
    missing_since: (subnet?.missingSince ?? pool?.missingSince ?? null)?.toISOString() ?? null,
    pool: pool === null ? null : toPoolView(pool),
  };
}

export function toSubnetDetailView(rows: SubnetRows): SubnetDetailView {
  const { subnet, identity } = rows;
  return {
    ...toSubnetView(rows),
    owner: subnet?.owner ?? null,
    owner_hotkey: subnet?.ownerHotkey ?? null,
    registration_cost_tao: tokensOf(subnet?.registrationCost ?? null),
    neuron_registration_cost_tao: tokensOf(subnet?.neuronRegistrationCost ?? null),
    registration_allowed: subnet?.registrationAllowed ?? null,
    max_neurons: subnet?.maxNeurons ?? null,
    active_neurons: subnet?.activeKeys ?? null,
    validators: subnet?.validators ?? null,
    active_validators: subnet?.activeValidators ?? null,
    active_miners: subnet?.activeMiners ?? null,
    tempo_blocks: subnet?.tempo ?? null,
    block_number: subnet?.blockNumber ?? null,
    block_at: subnet?.timestamp.toISOString() ?? null,
    identity: identity === null ? null : toIdentityView(identity),
    withheld: subnet?.withheld ?? {},
  };
}

/** Either row can tell that there is no trading yet; without the subnet's own word it is not known. */
function isActive(subnet: Subnet | null, pool: Pool | null): boolean | null {
  if (subnet?.subtokenEnabled === false || pool?.startupMode === true) return false;
  return subnet?.subtokenEnabled ?? null;
}

function toPoolView(pool: Pool): PoolView {
  return {
    price_tao: pool.price,
    price_change_1_hour_percent: pool.priceChange1Hour,
    price_change_1_day_percent: pool.priceChange1Day,
    price_change_1_week_percent: pool.priceChange1Week,
    price_change_1_month_percent: pool.priceChange1Month,
    tao_reserve: tokensOf(pool.totalTao),
    alpha_reserve: tokensOf(pool.alphaInPool),
    alpha_staked: tokensOf(pool.alphaStaked),
    market_cap_tao: tokensOf(pool.marketCap),
    liquidity_tao: tokensOf(pool.liquidity),
    volume_24_hours_tao: tokensOf(pool.taoVolume24Hr),
    buys_24_hours_tao: tokensOf(pool.taoBuyVolume24Hr),
    sells_24_hours_tao: tokensOf(pool.taoSellVolume24Hr),
    rank: pool.rank,
    startup: pool.startupMode,
    block_number: pool.blockNumber,
    block_at: pool.timestamp.toISOString(),
  };
}

function toIdentityView(identity: SubnetIdentity): IdentityView {
  return {
    description: identity.description,
    summary: identity.summary,
    url: identity.subnetUrl,
    github: identity.githubRepo,
    discord: identity.discord,
    twitter: identity.twitter,
    contact: identity.subnetContact,
    logo_url: identity.logoUrl,
    tags: identity.tags ?? [],
  };
}

function byNetuid<Row extends { netuid: number }>(rows: readonly Row[]): Map<number, Row> {
  return new Map(rows.map((row) => [row.netuid, row]));
}
