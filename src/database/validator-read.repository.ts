import { Injectable } from '@nestjs/common';
import { DataSource, In, IsNull } from 'typeorm';
import { Validator } from './validator.entity';
import { ValidatorIdentity } from './validator-identity.entity';
import { ValidatorYield } from './validator-yield.entity';

/** What is known of one validator; `yield` on the subnet that was asked for. At least one of the first two. */
export interface ValidatorRows {
  hotkey: string;
  validator: Validator | null;
  yield: ValidatorYield | null;
  identity: ValidatorIdentity | null;
}

export interface ValidatorKey {
  /** What the list goes by: stake on the subnet, or stake over all. Rao. */
  stake: string;
  hotkey: string;
}

/** Stands in for a stake that is not known, so that those validators come last. */
export const UNKNOWN_STAKE = '-1';

/** Reads validators with what they yield and what they say of themselves. */
@Injectable()
export class ValidatorReadRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Those that TaoStats gives a yield for on `netuid`, by their stake there, largest first. */
  async onSubnet(netuid: number, hotkey: string | undefined, page: ValidatorPage): Promise<ValidatorRows[]> {
    const { after, limit } = page;
    const query = this.dataSource
      .getRepository(ValidatorYield)
      .createQueryBuilder('row')
      .where('row.netuid = :netuid AND row.removedAt IS NULL', { netuid })
      .orderBy('row.stake', 'DESC')
      .addOrderBy('row.hotkey', 'DESC')
      .limit(limit);
    if (hotkey !== undefined) query.andWhere('row.hotkey = :wanted', { wanted: hotkey });
    if (after !== null) query.andWhere('(row.stake, row.hotkey) < (:stake::numeric, :hotkey)', after);
    const yields = await query.getMany();
    const validators = await this.dataSource
      .getRepository(Validator)
      .findBy({ hotkey: In(yields.map((row) => row.hotkey)), removedAt: IsNull() });
    return this.withIdentities(
      yields.map((row) => ({
        hotkey: row.hotkey,
        validator: validators.find((validator) => validator.hotkey === row.hotkey) ?? null,
        yield: row,
      })),
    );
  }

  /** Over all subnets, by weighted stake, largest first. */
  async overall(hotkey: string | undefined, { after, limit }: ValidatorPage): Promise<ValidatorRows[]> {
    const stake = `coalesce(row.globalWeightedStake, ${UNKNOWN_STAKE})`;
    const query = this.dataSource
      .getRepository(Validator)
      .createQueryBuilder('row')
      .where('row.removedAt IS NULL')
      .orderBy(stake, 'DESC')
      .addOrderBy('row.hotkey', 'DESC')
      .limit(limit);
    if (hotkey !== undefined) query.andWhere('row.hotkey = :wanted', { wanted: hotkey });
    if (after !== null) query.andWhere(`(${stake}, row.hotkey) < (:stake::numeric, :hotkey)`, after);
    const validators = await query.getMany();
    return this.withIdentities(validators.map((validator) => ({ hotkey: validator.hotkey, validator, yield: null })));
  }

  /** An identity belongs to the coldkey; some name the hotkey themselves. */
  private async withIdentities(rows: Omit<ValidatorRows, 'identity'>[]): Promise<ValidatorRows[]> {
    const coldkeys = rows.flatMap(({ validator }) => validator?.coldkey ?? []);
    const hotkeys = rows.map(({ hotkey }) => hotkey);
    const identities = await this.dataSource.getRepository(ValidatorIdentity).find({
      where: [
        { address: In(coldkeys), removedAt: IsNull() },
        { validatorHotkey: In(hotkeys), removedAt: IsNull() },
      ],
      order: { address: 'ASC' },
    });
    return rows.map((row) => ({
      ...row,
      identity:
        identities.find(({ address }) => address === row.validator?.coldkey) ??
        identities.find(({ validatorHotkey }) => validatorHotkey === row.hotkey) ??
        null,
    }));
  }
}

interface ValidatorPage {
  after: ValidatorKey | null;
  limit: number;
}
