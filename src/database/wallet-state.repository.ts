import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { WALLET_DATASETS } from './wallet.repository';
import { WalletState, type WalletSyncState } from './wallet-state.entity';

/** What an applied or confirmed answer was. */
export interface WalletSuccess {
  upstreamBlock: number;
  upstreamAt: Date;
  answerSha256: string;
}

export interface WalletSetback {
  state: Exclude<WalletSyncState, 'synced' | 'pending'>;
  code: string;
  reason: string;
}

/** How each wallet's own datasets stand. Positions and accounts are one answer, so they always stand alike. */
@Injectable()
export class WalletStateRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Of one wallet, by dataset. */
  ofWallet(address: string): Promise<WalletState[]> {
    return this.dataSource.getRepository(WalletState).find({ where: { address }, order: { dataset: 'ASC' } });
  }

  /** Of every wallet in one dataset. */
  ofDataset(dataset: string): Promise<WalletState[]> {
    return this.dataSource.getRepository(WalletState).find({ where: { dataset }, order: { address: 'ASC' } });
  }

  async recordSuccess(manager: EntityManager, address: string, success: WalletSuccess): Promise<void> {
    await manager.query(
      `INSERT INTO wallet_states
         (address, dataset, state, last_attempt_at, last_success_at, upstream_block, upstream_at, answer_sha256)
       SELECT $1, dataset, 'synced', clock_timestamp(), clock_timestamp(), $3, $4, $5 FROM unnest($2::text[]) AS dataset
       ON CONFLICT (address, dataset) DO UPDATE SET
         state = 'synced', last_attempt_at = clock_timestamp(), last_success_at = clock_timestamp(),
         upstream_block = excluded.upstream_block, upstream_at = excluded.upstream_at,
         answer_sha256 = excluded.answer_sha256, reason_code = NULL, reason = NULL, refused_count = 0,
         consecutive_failures = 0`,
      [address, WALLET_DATASETS, success.upstreamBlock, success.upstreamAt, success.answerSha256],
    );
  }

  /** Why the newest attempt left the stored rows as they were. The answer that stands keeps its block and its age. */
  async recordSetback(manager: EntityManager, address: string, { state, code, reason }: WalletSetback): Promise<void> {
    await manager.query(
      `INSERT INTO wallet_states AS s
         (address, dataset, state, last_attempt_at, reason_code, reason, refused_count, consecutive_failures)
       SELECT $1, dataset, $3, clock_timestamp(), $4, $5, 1, 1 FROM unnest($2::text[]) AS dataset
       ON CONFLICT (address, dataset) DO UPDATE SET
         state = excluded.state, last_attempt_at = clock_timestamp(),
         refused_count = CASE WHEN s.reason_code = excluded.reason_code THEN s.refused_count + 1 ELSE 1 END,
         reason_code = excluded.reason_code, reason = excluded.reason,
         consecutive_failures = s.consecutive_failures + 1`,
      [address, WALLET_DATASETS, state, code, reason],
    );
  }
}
