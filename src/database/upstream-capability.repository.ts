import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UpstreamCapability } from './upstream-capability.entity';

/** What upstream turned out to be able to do, so that it is tried once and not with every run. */
@Injectable()
export class UpstreamCapabilityRepository {
  /** Null when it was never tried, or so many days ago that it may have changed. */
  async find(manager: EntityManager, name: string, validDays: number): Promise<boolean | null> {
    const [row] = await manager.query<{ available: boolean }[]>(
      `SELECT is_available AS available FROM upstream_capabilities
        WHERE name = $1 AND probed_at > clock_timestamp() - make_interval(days => $2)`,
      [name, validDays],
    );
    return row?.available ?? null;
  }

  all(manager: EntityManager): Promise<UpstreamCapability[]> {
    return manager.getRepository(UpstreamCapability).find({ order: { name: 'ASC' } });
  }

  async remember(
    manager: EntityManager,
    { name, isAvailable, reason }: Pick<UpstreamCapability, 'name' | 'isAvailable' | 'reason'>,
  ): Promise<void> {
    await manager.query(
      `INSERT INTO upstream_capabilities (name, is_available, reason) VALUES ($1, $2, $3)
       ON CONFLICT (name) DO UPDATE SET
         is_available = excluded.is_available, reason = excluded.reason, probed_at = clock_timestamp()`,
      [name, isAvailable, reason],
    );
  }
}
