import { Account, type AccountKey, DecimalText, Flag, Instant, OPTIONAL, RaoText, Text, Whole } from '../wire/field';

const SIGNED = { optional: true, signed: true };

/** One row of `stake_balance/history`: several a day are normal, one for every block that changed the balance. */
export class StakeBalanceHistoryPayload {
  @Whole() block_number!: number;
  @Instant() timestamp!: string;
  @Text(OPTIONAL) hotkey_name!: string | null;
  @Account() hotkey!: AccountKey;
  @Account() coldkey!: AccountKey;
  @Whole() netuid!: number;
  /** Rao of the subnet's alpha; of TAO for root. */
  @RaoText() balance!: string;
  /** Rao of TAO at the spot price. */
  @RaoText() balance_as_tao!: string;
}

/** One row of `stake_balance/latest`. A position is (coldkey, hotkey, netuid): several hotkeys on a netuid are normal. */
export class StakeBalancePayload extends StakeBalanceHistoryPayload {
  @Whole(OPTIONAL) subnet_rank!: number | null;
  @Whole(OPTIONAL) subnet_total_holders!: number | null;
}

/** One row of `delegation`: a stake or an unstake. */
export class DelegationPayload {
  @Text({ maxLength: 300 }) id!: string;
  @Whole() block_number!: number;
  @Instant() timestamp!: string;
  /** `DELEGATE` or `UNDELEGATE`, upper case in rows although the query wants lower case. */
  @Text({ maxLength: 50 }) action!: string;
  @Account() nominator!: AccountKey;
  @Account() delegate!: AccountKey;
  @Text(OPTIONAL) delegate_name!: string | null;
  @Whole(OPTIONAL) netuid!: number | null;
  /** Rao of TAO; "0" for hotkey swaps and liquidations. */
  @RaoText() amount!: string;
  /** Rao of alpha. */
  @RaoText(OPTIONAL) alpha!: string | null;
  @DecimalText(OPTIONAL) usd!: string | null;
  @DecimalText(OPTIONAL) alpha_price_in_tao!: string | null;
  @DecimalText(OPTIONAL) alpha_price_in_usd!: string | null;
  /** Percent; 200 and -200 mark hotkey swaps. */
  @DecimalText(SIGNED) slippage!: string | null;
  /** Rao of TAO on DELEGATE, rao of alpha on UNDELEGATE. */
  @DecimalText(OPTIONAL) fee!: string | null;
  @Text(OPTIONAL) extrinsic_id!: string | null;
  /** True or null, never false. */
  @Flag(OPTIONAL) is_transfer!: boolean | null;
  @Account(OPTIONAL) transfer_address!: AccountKey | null;
}

/** One row of `transfer`: free TAO from one address to another; stake never appears here. */
export class TransferPayload {
  @Text({ maxLength: 300 }) id!: string;
  @Account() from!: AccountKey;
  @Account() to!: AccountKey;
  @Text(OPTIONAL) network!: string | null;
  @Whole() block_number!: number;
  @Instant() timestamp!: string;
  @RaoText() amount!: string;
  @RaoText(OPTIONAL) fee!: string | null;
  @Text(OPTIONAL) transaction_hash!: string | null;
  @Text(OPTIONAL) extrinsic_id!: string | null;
}
