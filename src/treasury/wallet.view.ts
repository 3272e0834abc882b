import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { DataMeta, TRUST_LEVELS, type Trust } from '../common';
import type { WalletOrigin, WalletSyncState } from '../database';

export const WALLET_STATES = ['pending', 'not_indexed', 'synced', 'protected', 'failed'] as const;

/** What each state means, in words for people. */
export const STATE_WORDS: Record<WalletSyncState, string> = {
  pending: 'waiting for its first sync',
  not_indexed: 'not indexed yet: TaoStats does not know the address, which is no balance of zero',
  synced: 'synced',
  protected: 'the newest answer was refused; an older one stands',
  failed: 'the newest attempt had no usable answer; an older one stands where there is one',
};

const NULLABLE_TIME = { type: String, format: 'date-time', nullable: true } as const;
const NULLABLE_TEXT = { type: String, nullable: true } as const;

export class WalletDatasetView {
  @ApiProperty({ enum: WALLET_STATES, example: 'synced' }) state!: WalletSyncState;
  @ApiProperty({ example: 'synced', description: 'The state in words.' }) description!: string;
  @ApiProperty({ enum: TRUST_LEVELS, example: 'ok' }) trust!: Trust;
  @ApiProperty(NULLABLE_TIME) as_of!: string | null;
  @ApiProperty(NULLABLE_TIME) last_success_at!: string | null;
  @ApiProperty(NULLABLE_TIME) last_attempt_at!: string | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Block of the answer that stands.' })
  block_number!: number | null;

  @ApiProperty({ ...NULLABLE_TEXT, description: 'Why the newest attempt was not applied.' })
  reason_code!: string | null;

  @ApiProperty(NULLABLE_TEXT) reason!: string | null;
}

export const HISTORY_STATES = ['pending', 'running', 'complete', 'failed'] as const;
export type HistoryState = (typeof HISTORY_STATES)[number];

/** How much of a wallet's past is there already. */
export class WalletHistoryView {
  @ApiProperty({ enum: HISTORY_STATES, description: '`running`: fills in behind. `failed`: tried again later.' })
  state!: HistoryState;

  @ApiProperty({ ...NULLABLE_TEXT, example: '2025-02-13', description: 'Since when it is wanted.' })
  from!: string | null;

  @ApiProperty({ ...NULLABLE_TEXT, example: '2026-01-31', description: 'Until when it is wanted.' })
  to!: string | null;

  @ApiProperty({ type: Number, nullable: true, example: 0.42, description: 'Share that has been read, 0 to 1.' })
  completeness!: number | null;

  @ApiProperty({ example: 0, description: 'Stretches that could not be read yet.' }) gaps!: number;
  @ApiProperty({ example: 12, description: 'Requests to TaoStats that it took so far.' }) calls!: number;
  @ApiProperty(NULLABLE_TEXT) reason!: string | null;
}

/** A wallet that the treasury follows, how its datasets stand and how complete its history is. */
export class WalletView {
  @ApiProperty({ example: '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty', description: 'ss58, prefix 42.' })
  address!: string;

  @ApiProperty({ ...NULLABLE_TEXT, example: 'Main' }) label!: string | null;
  @ApiProperty({ description: 'False: kept and shown, but not synced.' }) active!: boolean;
  @ApiProperty({ enum: ['environment', 'request'] }) origin!: WalletOrigin;
  @ApiProperty({ format: 'date-time' }) created_at!: string;
  @ApiProperty({ format: 'date-time' }) updated_at!: string;
  @ApiProperty({ ...NULLABLE_TIME, description: 'Since when it is no longer followed; its history stays.' })
  deleted_at!: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: '#/components/schemas/WalletDatasetView' },
    description: '`positions` and `accounts`: one answer of TaoStats, so they always stand alike.',
  })
  datasets!: Record<string, WalletDatasetView>;

  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: '#/components/schemas/WalletHistoryView' },
    description: '`position_history`, `account_history`, `delegation_events` and `transfers`.',
  })
  history!: Record<string, WalletHistoryView>;
}

export class WalletsAnswer {
  @ApiProperty({ type: [WalletView], description: 'In the order in which they were added.' }) data!: WalletView[];
  @ApiProperty({ type: DataMeta }) meta!: DataMeta;
}

export class WalletAnswer {
  @ApiProperty({ type: WalletView }) data!: WalletView;
  @ApiProperty({ type: DataMeta }) meta!: DataMeta;
}

/** A wallet as lists of its figures name it. */
export class WalletStandingView {
  @ApiProperty({ example: '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty' }) address!: string;
  @ApiProperty({ ...NULLABLE_TEXT, example: 'Main' }) label!: string | null;
  @ApiProperty({ enum: WALLET_STATES }) state!: WalletSyncState;
  @ApiProperty({ description: 'The state in words.' }) description!: string;
  @ApiProperty({ enum: TRUST_LEVELS }) trust!: Trust;
  @ApiProperty(NULLABLE_TIME) as_of!: string | null;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { $ref: '#/components/schemas/WalletHistoryView' },
    description: 'With histories: how much of the past is there.',
  })
  history?: Record<string, WalletHistoryView>;
}
