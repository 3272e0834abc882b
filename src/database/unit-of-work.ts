import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { troubleOf } from './database-errors';
import { CommitUnknownError } from './transient-failure';

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
    let committing = false;
    try {
      return await this.dataSource.transaction(async (manager) => {
        await manager.query(LIMITS);
        const result = await work(manager);
        committing = true;
        return result;
      });
    } catch (error) {
      if (committing && troubleOf(error) === 'not-ready') throw new CommitUnknownError(error);
      throw error;
    }
  }
}
