import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** One page as upstream sent it. */
export interface RawAnswer {
  endpoint: string;
  page: number;
  sha256: string;
  bodyGzip: Buffer;
  receivedAt: Date;
}

/** Runs whose pages are kept per dataset: of the answers that were stored, and of those that were refused. */
const RUNS_KEPT = 3;

/** The evidence: what upstream sent last, byte for byte, as it was stored or refused. */
@Injectable()
export class RawAnswerRepository {
  async record(
    manager: EntityManager,
    { dataset, runId, refused }: { dataset: string; runId: string; refused: boolean },
    answers: readonly RawAnswer[],
  ): Promise<void> {
    if (answers.length === 0) return;
    for (const { endpoint, page, sha256, bodyGzip, receivedAt } of answers) {
      await manager.query(
        `INSERT INTO raw_answers (dataset, run_id, endpoint, page, refused, sha256, body_gzip, received_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
        [dataset, runId, endpoint, page, refused, sha256, bodyGzip, receivedAt],
      );
    }
    await manager.query(
      `DELETE FROM raw_answers WHERE dataset = $1 AND refused = $2 AND run_id NOT IN (
         SELECT run_id FROM raw_answers WHERE dataset = $1 AND refused = $2
          GROUP BY run_id ORDER BY run_id DESC LIMIT ${RUNS_KEPT})`,
      [dataset, refused],
    );
  }
}
