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

  /** One wallet's, within a transaction; null before its first answer. */
  findPositions(manager: EntityManager, address: string): Promise<WalletState | null> {
    return manager.getRepository(WalletState).findOneBy({ address, dataset: 'positions' });
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

  /** Lets the next answer of these wallets be stored even if it is the one that stands. */
  async forgetAnswers(manager: EntityManager, addresses: readonly string[]): Promise<void> {
    await manager.query('UPDATE wallet_states SET answer_sha256 = NULL WHERE address = ANY($1)', [addresses]);
  }

  /**
   * After a run: dates positions and accounts by the oldest active wallet that was ever answered, and gives accounts the
   * state of positions, since one answer feeds both. `changedBy` is the run when it changed rows, also beside a setback.
   */
  async dateDatasets(manager: EntityManager, changedBy: string | null): Promise<void> {
    await manager.query(
      `WITH active AS (
         SELECT s.last_success_at, s.upstream_at, s.upstream_block
           FROM wallet_states s JOIN wallets w USING (address)
          WHERE s.dataset = 'positions' AND s.last_success_at IS NOT NULL AND w.is_active AND w.deleted_at IS NULL),
       oldest AS (
         SELECT min(last_success_at) AS success, min(upstream_at) AS upstream_at, min(upstream_block) AS block FROM active)
       UPDATE dataset_states d SET
         last_success_at = coalesce(oldest.success, d.last_success_at),
         upstream_at = oldest.upstream_at, upstream_block = oldest.block,
         applied_run_id = coalesce($1::uuid, d.applied_run_id),
         last_changed_at = CASE WHEN $1::uuid IS NULL THEN d.last_changed_at ELSE clock_timestamp() END,
         record_count = (SELECT count(*) FROM positions p JOIN wallets w ON w.address = p.coldkey
                          WHERE p.exited_at IS NULL AND w.is_active AND w.deleted_at IS NULL)
        FROM oldest WHERE d.dataset = 'positions'`,
      [changedBy],
    );
    await manager.query(
      `UPDATE dataset_states a SET
         next_due_at = p.next_due_at, last_attempt_at = p.last_attempt_at, last_success_at = p.last_success_at,
         last_changed_at = p.last_changed_at, applied_run_id = p.applied_run_id, last_run_id = p.last_run_id,
         last_run_state = p.last_run_state, upstream_at = p.upstream_at, upstream_block = p.upstream_block,
         answer_sha256 = p.answer_sha256, consecutive_failures = p.consecutive_failures,
         last_error_code = p.last_error_code, last_error = p.last_error, last_error_at = p.last_error_at,
         protected_since = p.protected_since, protected_reason = p.protected_reason,
         rows_kept_back = p.rows_kept_back,
         record_count = (SELECT count(*) FROM accounts JOIN wallets w USING (address)
                          WHERE w.is_active AND w.deleted_at IS NULL)
        FROM dataset_states p WHERE a.dataset = 'accounts' AND p.dataset = 'positions'`,
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
