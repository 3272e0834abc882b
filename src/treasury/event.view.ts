import { ApiProperty } from '@nestjs/swagger';
import { DataMeta } from '../common';
import { EVENT_KINDS, type EventKind } from '../database';
import { columnsOf } from './list-answer';
import { ADDRESS_EXAMPLE } from './list-query';
import { WalletStandingView } from './wallet.view';

const TEXT = { type: String, nullable: true } as const;
const AMOUNT = { type: String, nullable: true, example: '1.500000000' } as const;

export const DIRECTIONS = ['in', 'out', 'internal'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** A stake, an unstake, or a transfer of free TAO of a followed wallet. Emissions are never among them. */
export class EventView {
  @ApiProperty({ enum: EVENT_KINDS }) kind!: EventKind;
  @ApiProperty({ description: 'As TaoStats has it.' }) id!: string;
  @ApiProperty({ format: 'date-time', description: 'Time of the block.' }) at!: string;
  @ApiProperty({ example: 7295344 }) block_number!: number;
  @ApiProperty({ example: ADDRESS_EXAMPLE, description: 'The wallet whose event it is.' }) wallet!: string;

  @ApiProperty({
    enum: DIRECTIONS,
    nullable: true,
    description: 'Of transfers; `internal`: between two wallets that are followed.',
  })
  direction!: Direction | null;

  @ApiProperty({ ...TEXT, description: 'The other side of a transfer, of TAO or of stake.' })
  counterparty!: string | null;

  @ApiProperty({ type: Number, nullable: true, example: 64 }) netuid!: number | null;
  @ApiProperty({ ...TEXT, example: ADDRESS_EXAMPLE }) hotkey!: string | null;
  @ApiProperty({ ...TEXT, description: 'Written by strangers.' }) hotkey_name!: string | null;
  @ApiProperty({ ...AMOUNT, nullable: false, description: 'TAO; 0 for hotkey swaps and liquidations.' })
  amount_tao!: string;

  @ApiProperty({ ...AMOUNT, description: 'Alpha.' }) alpha!: string | null;
  @ApiProperty({ ...AMOUNT, description: 'TAO; of stakes and transfers.' }) fee_tao!: string | null;
  @ApiProperty({ ...AMOUNT, description: 'Alpha; of unstakes.' }) fee_alpha!: string | null;
  @ApiProperty({ ...TEXT, description: 'USD at that time.' }) value_usd!: string | null;
  @ApiProperty({ ...TEXT, description: 'TAO per alpha.' }) alpha_price_tao!: string | null;
  @ApiProperty({ ...TEXT, description: 'USD per alpha.' }) alpha_price_usd!: string | null;
  @ApiProperty({ ...TEXT, description: 'Percent; 200 and -200 mark hotkey swaps.' }) slippage_percent!: string | null;
  @ApiProperty({ description: 'Stake that changed its owner, not a trade.' }) is_stake_transfer!: boolean;
  @ApiProperty(TEXT) extrinsic_id!: string | null;
  @ApiProperty(TEXT) transaction_hash!: string | null;
}

export const EVENT_COLUMNS = columnsOf<EventView>({
  kind: true,
  id: true,
  at: true,
  block_number: true,
  wallet: true,
  direction: true,
  counterparty: true,
  netuid: true,
  hotkey: true,
  hotkey_name: true,
  amount_tao: true,
  alpha: true,
  fee_tao: true,
  fee_alpha: true,
  value_usd: true,
  alpha_price_tao: true,
  alpha_price_usd: true,
  slippage_percent: true,
  is_stake_transfer: true,
  extrinsic_id: true,
  transaction_hash: true,
});

export class EventsAnswer {
  @ApiProperty({ type: [EventView] }) data!: EventView[];
  @ApiProperty({ type: String, nullable: true }) next_cursor!: string | null;

  @ApiProperty({
    type: [WalletStandingView],
    description: 'With how much of their events has been read, and its gaps.',
  })
  wallets!: WalletStandingView[];

  @ApiProperty({ type: DataMeta }) meta!: DataMeta;
}
