import { ApiProperty } from '@nestjs/swagger';
import { DataMeta, TRUST_LEVELS, type Trust } from '../common';
import { columnsOf } from './list-answer';
import { ADDRESS_EXAMPLE } from './list-query';
import { WalletStandingView } from './wallet.view';

const NULLABLE_TIME = { type: String, format: 'date-time', nullable: true } as const;
const NULLABLE_BLOCK = { type: Number, nullable: true, example: 7295344 } as const;

export const UNPRICED = ['no_pool', 'startup', 'former_generation'] as const;
export type UnpricedReason = (typeof UNPRICED)[number];

/** Stake of a wallet with a hotkey on a subnet; several hotkeys on one subnet are several positions. */
export class PositionView {
  @ApiProperty({ example: ADDRESS_EXAMPLE, description: 'The coldkey.' }) wallet!: string;
  @ApiProperty({ example: ADDRESS_EXAMPLE, description: 'The validator.' }) hotkey!: string;
  @ApiProperty({ example: 64 }) netuid!: number;
  @ApiProperty({ type: String, nullable: true, example: 'Chutes' }) subnet_name!: string | null;

  @ApiProperty({ ...NULLABLE_BLOCK, description: 'Generation of the netuid that is held; null on root.' })
  registration_block!: number | null;

  @ApiProperty({ example: '1830.294002817', description: 'Alpha of the subnet; TAO on root.' }) balance!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '0.0853797768549170136737598244',
    description: 'TAO per alpha.',
  })
  price_tao!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '156.270093539',
    description: 'Balance at the pool’s price, before fee and slippage, rounded down. Null is not known, never zero.',
  })
  value_tao!: string | null;

  @ApiProperty({ enum: UNPRICED, nullable: true, description: 'Why there is no value.' })
  unpriced_reason!: UnpricedReason | null;

  @ApiProperty({ example: '156.270093539', description: 'The value that TaoStats gave at `block_number`, in TAO.' })
  upstream_value_tao!: string;

  @ApiProperty({ example: 7295344, description: 'Block of the answer that last changed the position.' })
  block_number!: number;

  @ApiProperty({ format: 'date-time' }) block_at!: string;
  @ApiProperty({ ...NULLABLE_BLOCK, description: 'Block of the answer that last confirmed it.' })
  confirmed_block_number!: number | null;

  @ApiProperty({ ...NULLABLE_BLOCK, description: 'Block of the pool that priced it.' }) pool_block_number!:
    number | null;
  @ApiProperty(NULLABLE_TIME) pool_block_at!: string | null;
  @ApiProperty({ format: 'date-time' }) first_seen_at!: string;

  @ApiProperty({ ...NULLABLE_TIME, description: 'Since when a complete answer lacks it; null while it is held.' })
  exited_at!: string | null;

  @ApiProperty({ ...NULLABLE_TIME, description: 'How old the wallet’s figures are.' }) as_of!: string | null;
  @ApiProperty({ enum: TRUST_LEVELS, description: 'Of the wallet’s figures.' }) trust!: Trust;
}

export const POSITION_COLUMNS = columnsOf<PositionView>({
  wallet: true,
  hotkey: true,
  netuid: true,
  subnet_name: true,
  registration_block: true,
  balance: true,
  price_tao: true,
  value_tao: true,
  unpriced_reason: true,
  upstream_value_tao: true,
  block_number: true,
  block_at: true,
  confirmed_block_number: true,
  pool_block_number: true,
  pool_block_at: true,
  first_seen_at: true,
  exited_at: true,
  as_of: true,
  trust: true,
});

export class PositionsAnswer {
  @ApiProperty({ type: [PositionView], description: 'By netuid, wallet and hotkey.' }) data!: PositionView[];
  @ApiProperty({ type: String, nullable: true }) next_cursor!: string | null;

  @ApiProperty({
    type: [WalletStandingView],
    description: 'The wallets asked for. One that never synced has no rows above, which is no balance of zero.',
  })
  wallets!: WalletStandingView[];

  @ApiProperty({ type: DataMeta }) meta!: DataMeta;
}

/** All that is held on one netuid, over wallets and hotkeys: what would meet its pool as one sale. */
export class SubnetHoldingView {
  @ApiProperty({ example: 64 }) netuid!: number;
  @ApiProperty({ example: 2 }) positions!: number;
  @ApiProperty({ example: '3660.588005634' }) balance!: string;
  @ApiProperty({ type: String, nullable: true }) price_tao!: string | null;
  @ApiProperty({ type: String, nullable: true }) value_tao!: string | null;
  @ApiProperty({ ...NULLABLE_BLOCK }) pool_block_number!: number | null;
}

export class SubnetPositionsAnswer extends PositionsAnswer {
  @ApiProperty({ type: SubnetHoldingView }) total!: SubnetHoldingView;
}

/** A position at its newest known block of a UTC day. */
export class PositionDayView {
  @ApiProperty({ example: '2026-01-31', description: 'UTC.' }) day!: string;
  @ApiProperty({ example: ADDRESS_EXAMPLE }) wallet!: string;
  @ApiProperty({ example: ADDRESS_EXAMPLE }) hotkey!: string;
  @ApiProperty({ example: 64 }) netuid!: number;
  @ApiProperty(NULLABLE_BLOCK) registration_block!: number | null;
  @ApiProperty({ example: '1830.294002817', description: 'Alpha of the subnet; TAO on root.' }) balance!: string;
  @ApiProperty({ example: '156.270093539', description: 'TAO at the price of that block.' }) value_tao!: string;
  @ApiProperty({ example: 7295344 }) block_number!: number;
  @ApiProperty({ format: 'date-time', description: 'Time of the block.' }) block_at!: string;

  @ApiProperty({ enum: ['snapshot', 'history'], description: '`snapshot`: one of our own answers of that day.' })
  origin!: string;
}

export const POSITION_DAY_COLUMNS = columnsOf<PositionDayView>({
  day: true,
  wallet: true,
  hotkey: true,
  netuid: true,
  registration_block: true,
  balance: true,
  value_tao: true,
  block_number: true,
  block_at: true,
  origin: true,
});

export class PositionHistoryAnswer {
  @ApiProperty({ type: [PositionDayView] }) data!: PositionDayView[];
  @ApiProperty({ type: String, nullable: true }) next_cursor!: string | null;
  @ApiProperty({ type: [WalletStandingView] }) wallets!: WalletStandingView[];
  @ApiProperty({ type: DataMeta }) meta!: DataMeta;
}
