import { SubnetEmission, SubnetEmissionHistory } from '../../database';
import { ENDPOINTS, type SubnetEmissionPayload } from '../../taostats';
import type { Part, SnapshotDataset } from '../dataset';
import { mapRows, netuidFault, timeFault } from '../map-rows';

/**
 * The newest emission into each subnet. The list has a row for every subnet and block, so only its newest page is read:
 * 200 rows are more than there are subnets. A subnet that it lacks keeps the row it has.
 */
export const SUBNET_EMISSION: SnapshotDataset = {
  name: 'subnet_emission',
  title: 'Subnet emission',
  tiers: ['full', 'deep'],
  isCore: false,
  intervalMinutes: (settings) => settings.flowRefreshMinutes,
  plannedCalls: () => Promise.resolve(1),
  async fetch({ ask }) {
    const fetched = await ask(ENDPOINTS.subnetEmissions, { order: 'block_number_desc', maxPages: 1 });
    const part: Part<SubnetEmission> = {
      name: 'emissions',
      entity: SubnetEmission,
      ...mapRows(
        { ...fetched, rows: newestBySubnet(fetched.rows) },
        {
          keyOf: (payload: SubnetEmissionPayload) => String(payload.netuid),
          findFault: (payload) => netuidFault(payload) ?? timeFault('timestamp', payload.timestamp),
          toRow,
        },
      ),
      complete: fetched.complete,
      excerpt: true,
      totalItems: fetched.totalItems,
      floor: 1,
      newer: ['blockNumber', 'timestamp'],
      history: { entity: SubnetEmissionHistory, momentOf: (row: SubnetEmission) => row.timestamp },
      keyOf: (row) => String(row.netuid),
    };
    return [part];
  },
};

function newestBySubnet(rows: readonly SubnetEmissionPayload[]): SubnetEmissionPayload[] {
  const newest = new Map<number, SubnetEmissionPayload>();
  for (const row of rows) {
    const known = newest.get(row.netuid);
    if (known === undefined || known.block_number < row.block_number) newest.set(row.netuid, row);
  }
  return [...newest.values()];
}

function toRow(payload: SubnetEmissionPayload): SubnetEmission {
  return Object.assign(new SubnetEmission(), {
    netuid: payload.netuid,
    blockNumber: payload.block_number,
    timestamp: new Date(payload.timestamp),
    name: payload.name,
    symbol: payload.symbol,
    taoInPool: payload.tao_in_pool,
    alphaInPool: payload.alpha_in_pool,
    alphaRewards: payload.alpha_rewards,
  });
}
