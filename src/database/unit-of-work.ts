import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

/** What one transaction may wait for a lock, and how long one of its statements may take. */
const LIMITS = "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '10s'";

/** One short transaction: all of it or nothing. No HTTP and no waiting inside. */
@Injectable()
export class UnitOfWork {
  constructor(private readonly dataSource: DataSource) {}

  /** For single statements that need no transaction of their own. */
  get manager(): EntityManager {
    return this.dataSource.manager;
  }

  /** Commits when `work` resolves and rolls back when it rejects, with its error. Read committed. */
  async run<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query(LIMITS);
      return work(manager);
    });
  }
}
