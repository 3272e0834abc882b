import { ApiProperty } from '@nestjs/swagger';
import { DataMeta, TRUST_LEVELS, type Trust } from '../common';
import type { WalletSyncState } from '../database';
import { columnsOf } from './list-answer';
import { ADDRESS_EXAMPLE } from './list-query';
import { WALLET_STATES, WalletStandingView } from './wallet.view';

const TAO = { type: String, nullable: true, example: '28113.142857142', description: 'TAO.' } as const;
const NULLABLE_TIME = { type: String, format: 'date-time', nullable: true } as const;
const NULLABLE_NUMBER = { type: Number, nullable: true } as const;

/** What a wallet has; every figure is null before its first sync, never zero. total = free + staked + reserved + liquidity. */
export class AccountView {
  @ApiProperty({ example: ADDRESS_EXAMPLE }) wallet!: string;
  @ApiProperty({ type: String, nullable: true, example: 'Main' }) label!: string | null;
  @ApiProperty({ enum: WALLET_STATES }) state!: WalletSyncState;
  @ApiProperty({ example: 'synced', description: 'The state in words.' }) description!: string;
  @ApiProperty({ ...TAO, description: 'TAO; all of the account at the spot price.' }) total_tao!: string | null;
  @ApiProperty({ ...TAO, description: 'TAO that is not staked.' }) free_tao!: string | null;
  @ApiProperty({ ...TAO, description: 'TAO; alpha at the spot price plus root stake.' }) staked_tao!: string | null;
  @ApiProperty({ ...TAO, description: 'TAO; the alpha part of it.' }) staked_alpha_tao!: string | null;
  @ApiProperty({ ...TAO, description: 'TAO; the root part of it.' }) staked_root_tao!: string | null;
  @ApiProperty(TAO) reserved_tao!: string | null;
  @ApiProperty(TAO) liquidity_tao!: string | null;

  @ApiProperty({ ...TAO, description: 'TAO; root dividends that wait to be claimed, not part of the total.' })
  root_claimable_tao!: string | null;

  @ApiProperty({ ...NULLABLE_NUMBER, description: 'By total balance; 1 is the largest account.' })
  rank!: number | null;

  @ApiProperty({ ...NULLABLE_NUMBER, example: 7295344 }) block_number!: number | null;
  @ApiProperty({ ...NULLABLE_TIME, description: 'Time of the block.' }) block_at!: string | null;
  @ApiProperty(NULLABLE_TIME) as_of!: string | null;
  @ApiProperty({ enum: TRUST_LEVELS }) trust!: Trust;
}

export const ACCOUNT_COLUMNS = columnsOf<AccountView>({
  wallet: true,
  label: true,
  state: true,
  description: true,
  total_tao: true,
  free_tao: true,
  staked_tao: true,
  staked_alpha_tao: true,
  staked_root_tao: true,
  reserved_tao: true,
  liquidity_tao: true,
  root_claimable_tao: true,
  rank: true,
  block_number: true,
  block_at: true,
  as_of: true,
  trust: true,
});

export class AccountsAnswer {
  @ApiProperty({ type: [AccountView], description: 'One for every wallet asked for, in the order of addresses.' })
  data!: AccountView[];

  @ApiProperty({ type: String, nullable: true }) next_cursor!: string | null;
  @ApiProperty({ type: DataMeta }) meta!: DataMeta;
}

/** An account at its newest known block of a UTC day. */
export class AccountDayView {
  @ApiProperty({ example: '2026-01-31', description: 'UTC.' }) day!: string;
  @ApiProperty({ example: ADDRESS_EXAMPLE }) wallet!: string;
  @ApiProperty({ ...TAO, nullable: false }) total_tao!: string;
  @ApiProperty({ ...TAO, nullable: false }) free_tao!: string;
  @ApiProperty({ ...TAO, nullable: false }) staked_tao!: string;
  @ApiProperty(TAO) staked_alpha_tao!: string | null;
  @ApiProperty(TAO) staked_root_tao!: string | null;
  @ApiProperty(TAO) reserved_tao!: string | null;
  @ApiProperty(TAO) liquidity_tao!: string | null;
  @ApiProperty(TAO) root_claimable_tao!: string | null;
  @ApiProperty(NULLABLE_NUMBER) rank!: number | null;
  @ApiProperty({ example: 7295344 }) block_number!: number;
  @ApiProperty({ format: 'date-time', description: 'Time of the block.' }) block_at!: string;

  @ApiProperty({ enum: ['snapshot', 'history'], description: '`snapshot`: one of our own answers of that day.' })
  origin!: string;
}

export const ACCOUNT_DAY_COLUMNS = columnsOf<AccountDayView>({
  day: true,
  wallet: true,
  total_tao: true,
  free_tao: true,
  staked_tao: true,
  staked_alpha_tao: true,
  staked_root_tao: true,
  reserved_tao: true,
  liquidity_tao: true,
  root_claimable_tao: true,
  rank: true,
  block_number: true,
  block_at: true,
  origin: true,
});

export class AccountHistoryAnswer {
  @ApiProperty({ type: [AccountDayView] }) data!: AccountDayView[];
  @ApiProperty({ type: String, nullable: true }) next_cursor!: string | null;
  @ApiProperty({ type: [WalletStandingView], description: 'The wallet, with how much of its past is there.' })
  wallets!: WalletStandingView[];
  @ApiProperty({ type: DataMeta }) meta!: DataMeta;
}
