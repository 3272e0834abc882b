import { Injectable } from '@nestjs/common';
import { agesOf, versionOf } from '../analysis';
import { buildMeta, type CursorPart, tokensOf } from '../common';
import { modeOf, Settings } from '../config';
import { DatedDatasetRepository, UNKNOWN_STAKE, ValidatorReadRepository, type ValidatorRows } from '../database';
import type { List } from './list-answer';
import { VALIDATOR_COLUMNS, type ValidatorView } from './validator.view';
import type { ValidatorsQuery } from './validators-query';
import { requireAddress } from './wallet-address';

const OVERALL = ['validators', 'validator_identity'] as const;
const ON_SUBNET = ['validator_yields', ...OVERALL] as const;
const STAKE = /^-?\d{1,40}(\.\d{1,40})?$/;

/** A view with the figure that its list goes by, which a view's rounding must not change. */
interface Ranked {
  view: ValidatorView;
  stake: string;
}

/** Reads validators, over all or on one subnet. */
@Injectable()
export class ValidatorReader {
  constructor(
    private readonly dated: DatedDatasetRepository,
    private readonly validators: ValidatorReadRepository,
    private readonly settings: Settings,
  ) {}

  async list({ netuid, hotkey }: ValidatorsQuery): Promise<List<ValidatorView>> {
    const wanted = hotkey === undefined ? undefined : requireAddress(hotkey, 'hotkey');
    const datasets = netuid === undefined ? OVERALL : ON_SUBNET;
    const dated = await this.dated.read(datasets);
    const stakes = new Map<string, string>();
    return {
      name: netuid === undefined ? 'validators' : `validators-${netuid}`,
      meta: buildMeta(agesOf(datasets, dated, this.settings), modeOf(this.settings).upstream),
      question: { netuid, hotkey },
      version: versionOf(datasets, dated),
      columns: VALIDATOR_COLUMNS,
      keyOf: (row) => [stakes.get(row.hotkey) ?? UNKNOWN_STAKE, row.hotkey],
      isKey: ([stake, key]) => typeof stake === 'string' && STAKE.test(stake) && typeof key === 'string',
      read: async (after, limit) => {
        const page = { after: keyIn(after), limit };
        const rows =
          netuid === undefined
            ? await this.validators.overall(wanted, page)
            : await this.validators.onSubnet(netuid, wanted, page);
        return rows.map(toRanked).map(({ view, stake }) => {
          stakes.set(view.hotkey, stake);
          return view;
        });
      },
    };
  }
}

function keyIn(parts: CursorPart[] | null): { stake: string; hotkey: string } | null {
  return parts === null ? null : { stake: String(parts[0]), hotkey: String(parts[1]) };
}

function toRanked(rows: ValidatorRows): Ranked {
  return {
    view: toValidatorView(rows),
    stake: rows.yield?.stake ?? rows.validator?.globalWeightedStake ?? UNKNOWN_STAKE,
  };
}

function toValidatorView({ hotkey, validator, yield: earned, identity }: ValidatorRows): ValidatorView {
  return {
    hotkey,
    coldkey: validator?.coldkey ?? null,
    name: identity?.name ?? validator?.name ?? earned?.name ?? null,
    rank: validator?.rank ?? null,
    take: validator?.take ?? null,
    weighted_stake_tao: tokensOf(validator?.globalWeightedStake ?? null),
    alpha_stake_tao: tokensOf(validator?.globalAlphaStakeAsTao ?? null),
    root_stake_tao: tokensOf(validator?.rootStake ?? null),
    dominance_percent: validator?.dominance ?? null,
    active_subnets: validator?.activeSubnets ?? null,
    nominators: validator?.globalNominators ?? null,
    nominator_return_per_day_tao: tokensOf(validator?.nominatorReturnPerDay ?? null),
    netuid: earned?.netuid ?? null,
    stake: tokensOf(earned?.stake ?? null),
    apy_1_hour: earned?.oneHourApy ?? null,
    apy_1_day: earned?.oneDayApy ?? null,
    apy_7_days: earned?.sevenDayApy ?? null,
    apy_30_days: earned?.thirtyDayApy ?? null,
    participation_1_day: earned?.oneDayEpochParticipation ?? null,
    participation_7_days: earned?.sevenDayEpochParticipation ?? null,
    participation_30_days: earned?.thirtyDayEpochParticipation ?? null,
    block_number: earned?.blockNumber ?? validator?.blockNumber ?? null,
    block_at: (earned?.timestamp ?? validator?.timestamp)?.toISOString() ?? null,
    url: identity?.url ?? null,
    description: identity?.description ?? null,
  };
}
