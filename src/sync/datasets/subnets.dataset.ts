import { Subnet, SubnetGenerationRepository, SubnetHistory, SubnetIdentity } from '../../database';
import { ENDPOINTS, type SubnetIdentityPayload, type SubnetPayload, TaostatsError } from '../../taostats';
import type { FetchContext, Part, SnapshotDataset } from '../dataset';
import { mapRows, netuidFault, textOrNull, timeFault } from '../map-rows';
import { toSubnet } from './subnet-row';

/** The chain has had more subnets than this since 2024; fewer are an answer cut short. */
const LEAST_SUBNETS = 32;

/** Every subnet with what it says of itself. */
export const SUBNETS: SnapshotDataset = {
  name: 'subnets',
  title: 'Subnet',
  tiers: ['full', 'deep'],
  isCore: true,
  intervalMinutes: (settings) => settings.subnetsRefreshMinutes,
  // The identities are cached unless all is asked for.
  plannedCalls: ({ mode }) => Promise.resolve(mode === 'refresh' ? 1 : 2),
  async fetch(context) {
    const subnets = await fetchSubnets(context);
    const identities = await fetchIdentities(context);
    return identities === null ? [subnets] : [subnets, identities];
  },
  async afterStore(manager, { repository }) {
    await repository(SubnetGenerationRepository).follow(manager);
  },
};

async function fetchSubnets({ ask }: FetchContext): Promise<Part<Subnet>> {
  const fetched = await ask(ENDPOINTS.subnets);
  return {
    name: 'subnets',
    entity: Subnet,
    ...mapRows(fetched, {
      keyOf: (payload: SubnetPayload) => String(payload.netuid),
      findFault: (payload) => netuidFault(payload) ?? timeFault('timestamp', payload.timestamp),
      toRow: toSubnet,
    }),
    complete: fetched.complete,
    totalItems: fetched.totalItems,
    floor: LEAST_SUBNETS,
    newer: ['blockNumber', 'timestamp'],
    history: { entity: SubnetHistory, momentOf: (row: Subnet) => row.timestamp },
    keyOf: (row) => String(row.netuid),
  };
}

/**
 * Names change rarely, so a cached answer (six hours) will do unless somebody asked for all. Figures never wait for
 * names: without an answer the stored identities stay.
 */
async function fetchIdentities({ ask, mode }: FetchContext): Promise<Part<SubnetIdentity> | null> {
  try {
    const fetched = await ask(ENDPOINTS.subnetIdentities, { cache: mode === 'refresh' ? 'use' : 'refresh' });
    return {
      name: 'identities',
      entity: SubnetIdentity,
      ...mapRows(fetched, {
        keyOf: (payload: SubnetIdentityPayload) => String(payload.netuid),
        findFault: netuidFault,
        toRow: toIdentity,
      }),
      complete: fetched.complete,
      totalItems: fetched.totalItems,
      floor: LEAST_SUBNETS,
      optional: true,
      newer: [],
      keyOf: (row) => String(row.netuid),
    };
  } catch (error) {
    if (error instanceof TaostatsError && error.reason !== 'cancelled') return null;
    throw error;
  }
}

function toIdentity(payload: SubnetIdentityPayload): SubnetIdentity {
  return Object.assign(new SubnetIdentity(), {
    netuid: payload.netuid,
    subnetName: textOrNull(payload.subnet_name),
    githubRepo: textOrNull(payload.github_repo),
    subnetContact: textOrNull(payload.subnet_contact),
    subnetUrl: textOrNull(payload.subnet_url),
    logoUrl: textOrNull(payload.logo_url),
    discord: textOrNull(payload.discord),
    description: textOrNull(payload.description),
    additional: textOrNull(payload.additional),
    summary: textOrNull(payload.summary),
    twitter: textOrNull(payload.twitter),
    tags: payload.tags,
  });
}
