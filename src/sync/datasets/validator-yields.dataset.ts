import { HeldSubnetRepository, UpstreamCapabilityRepository, ValidatorYield } from '../../database';
import { ENDPOINTS, type Fetched, type ValidatorYieldPayload } from '../../taostats';
import type { FetchContext, Part, SnapshotDataset } from '../dataset';
import { mapRows, netuidFault, timeFault } from '../map-rows';
import { askPositionYields, planYieldCalls } from './position-yields';

/**
 * What validators yield on the subnets that are held: of the held positions where upstream takes a list of them (one
 * call per 200), of every validator of those subnets otherwise (one call per subnet).
 */
export const VALIDATOR_YIELDS: SnapshotDataset = {
  name: 'validator_yields',
  title: 'Validator yield',
  tiers: ['full', 'deep'],
  isCore: false,
  intervalMinutes: (settings) => settings.validatorRefreshMinutes,
  plannedCalls: planYieldCalls,
  async fetch(context) {
    const { manager, repository } = context;
    const held = repository(HeldSubnetRepository);
    const pairs = await held.pairs(manager);
    if (pairs.length === 0) return [];
    const capabilities = repository(UpstreamCapabilityRepository);
    const ofPositions = await askPositionYields({ ...context, capabilities }, pairs);
    if (ofPositions !== null) {
      const asked = new Set(pairs.map(({ hotkey, netuid }) => `${hotkey}/${netuid}`));
      return [toPart(ofPositions, (key) => asked.has(key))];
    }
    const netuids = new Set(pairs.map((pair) => pair.netuid));
    return [toPart(await askSubnets(context, netuids), (key) => netuids.has(Number(key.split('/')[1])))];
  },
};

async function askSubnets(
  { ask }: FetchContext,
  netuids: ReadonlySet<number>,
): Promise<Fetched<ValidatorYieldPayload>[]> {
  const answers: Fetched<ValidatorYieldPayload>[] = [];
  for (const netuid of netuids) answers.push(await ask(ENDPOINTS.validatorYields, { query: { netuid } }));
  return answers;
}

function toPart(answers: readonly Fetched<ValidatorYieldPayload>[], covers: (key: string) => boolean): Part {
  const mapped = answers.map((fetched) =>
    mapRows(fetched, {
      keyOf: (payload: ValidatorYieldPayload) => `${payload.hotkey.ss58}/${payload.netuid}`,
      findFault: (payload) => netuidFault(payload) ?? timeFault('timestamp', payload.timestamp),
      toRow,
    }),
  );
  const part: Part<ValidatorYield> = {
    name: 'yields',
    entity: ValidatorYield,
    rows: mapped.flatMap(({ rows }) => rows),
    rejected: mapped.flatMap(({ rejected }) => rejected),
    complete: answers.every((answer) => answer.complete),
    totalItems: answers.reduce((sum, answer) => sum + (answer.totalItems ?? 0), 0),
    floor: 0,
    // A position may be with a hotkey that is no validator, and a starting subnet has no yields.
    mayBeEmpty: true,
    covers,
    newer: ['blockNumber', 'timestamp'],
    keyOf: (row) => `${row.hotkey}/${row.netuid}`,
  };
  return part;
}

function toRow(payload: ValidatorYieldPayload): ValidatorYield {
  return Object.assign(new ValidatorYield(), {
    hotkey: payload.hotkey.ss58,
    netuid: payload.netuid,
    name: payload.name,
    blockNumber: payload.block_number,
    timestamp: new Date(payload.timestamp),
    stake: payload.stake,
    oneHourApy: payload.one_hour_apy,
    oneDayApy: payload.one_day_apy,
    sevenDayApy: payload.seven_day_apy,
    thirtyDayApy: payload.thirty_day_apy,
    oneDayEpochParticipation: payload.one_day_epoch_participation,
    sevenDayEpochParticipation: payload.seven_day_epoch_participation,
    thirtyDayEpochParticipation: payload.thirty_day_epoch_participation,
  });
}
