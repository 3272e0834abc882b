import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

/** The right to write one dataset until it expires. A higher fence is a later holder. */
export interface Lease {
  name: string;
  owner: string;
  fence: string;
}

/** Leases by the database's clock: the only thing that keeps two processes from writing one dataset. */
@Injectable()
export class LeaseRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Null while another process holds it. */
  async acquire(name: string, owner: string, ttlMs: number): Promise<Lease | null> {
    const [row] = await this.dataSource.query<{ fence: string }[]>(
      `INSERT INTO leases AS l (name, owner, fence, expires_at)
       VALUES ($1, $2, 1, clock_timestamp() + make_interval(secs => $3))
       ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, fence = l.fence + 1, expires_at = excluded.expires_at
        WHERE l.expires_at <= clock_timestamp()
       RETURNING fence`,
      [name, owner, ttlMs / 1000],
    );
    return row === undefined ? null : { name, owner, fence: row.fence };
  }

  /** False when it expired or was taken over. */
  async renew({ name, owner, fence }: Lease, ttlMs: number): Promise<boolean> {
    const renewed = await this.dataSource.query<unknown[]>(
      `WITH renewed AS (
         UPDATE leases SET expires_at = clock_timestamp() + make_interval(secs => $4)
          WHERE name = $1 AND owner = $2 AND fence = $3 AND expires_at > clock_timestamp() RETURNING 1)
       SELECT * FROM renewed`,
      [name, owner, fence, ttlMs / 1000],
    );
    return renewed.length === 1;
  }

  /** Locks the lease for the rest of the transaction. False when a later holder exists: the caller must roll back. */
  async isHeld(manager: EntityManager, { name, owner, fence }: Lease): Promise<boolean> {
    const held = await manager.query<unknown[]>(
      'SELECT 1 FROM leases WHERE name = $1 AND owner = $2 AND fence = $3 FOR UPDATE',
      [name, owner, fence],
    );
    return held.length === 1;
  }

  /** Gives it up at once. The row and its fence stay, so that fences only grow. */
  async release({ name, owner, fence }: Lease): Promise<void> {
    await this.dataSource.query(
      'UPDATE leases SET expires_at = clock_timestamp() WHERE name = $1 AND owner = $2 AND fence = $3',
      [name, owner, fence],
    );
  }
}
