import { Validator } from '../../database';
import { ENDPOINTS, type ValidatorPayload } from '../../taostats';
import type { Part, SnapshotDataset } from '../dataset';
import { mapRows, textOrNull, timeFault } from '../map-rows';

/** Best rank first, 200 a page: whoever comes after so many pages has no stake that would matter to a treasury. */
const MOST_PAGES = 5;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** Validators over all subnets: take, stake, nominators. */
export const VALIDATORS: SnapshotDataset = {
  name: 'validators',
  title: 'Validator',
  tiers: ['full', 'deep'],
  isCore: false,
  intervalMinutes: (settings) => settings.validatorRefreshMinutes,
  async fetch({ ask }) {
    const fetched = await ask(ENDPOINTS.validators, { maxPages: MOST_PAGES });
    const part: Part<Validator> = {
      name: 'validators',
      entity: Validator,
      ...mapRows(fetched, {
        keyOf: (payload: ValidatorPayload) => payload.hotkey.ss58,
        findFault: (payload) => timeFault('timestamp', payload.timestamp),
        toRow,
      }),
      complete: fetched.complete,
      excerpt: !fetched.complete,
      totalItems: fetched.totalItems,
      floor: 1,
      newer: ['blockNumber', 'timestamp'],
      keyOf: (row) => row.hotkey,
    };
    return [part];
  },
};

function toRow(payload: ValidatorPayload): Validator {
  return Object.assign(new Validator(), {
    hotkey: payload.hotkey.ss58,
    coldkey: payload.coldkey?.ss58 ?? null,
    name: textOrNull(payload.name),
    blockNumber: payload.block_number,
    timestamp: new Date(payload.timestamp),
    createdOnDate:
      payload.created_on_date !== null && DAY.test(payload.created_on_date) ? payload.created_on_date : null,
    rank: payload.rank,
    rootRank: payload.root_rank,
    alphaRank: payload.alpha_rank,
    activeSubnets: payload.active_subnets,
    globalNominators: payload.global_nominators,
    globalNominators24HrChange: payload.global_nominators_24_hr_change,
    take: payload.take,
    globalWeightedStake: payload.global_weighted_stake,
    globalWeightedStake24HrChange: payload.global_weighted_stake_24_hr_change,
    globalAlphaStakeAsTao: payload.global_alpha_stake_as_tao,
    rootStake: payload.root_stake,
    weightedRootStake: payload.weighted_root_stake,
    dominance: payload.dominance,
    dominance24HrChange: payload.dominance_24_hr_change,
    nominatorReturnPerDay: payload.nominator_return_per_day,
    validatorReturnPerDay: payload.validator_return_per_day,
  });
}
