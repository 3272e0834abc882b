import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** The database server's time, on which replicas with skewed clocks agree. For leases and the limiter. */
@Injectable()
export class DatabaseClock {
  constructor(private readonly dataSource: DataSource) {}

  /** Now, also inside a transaction, where `now()` would be its start. Costs one round trip. */
  async now(): Promise<Date> {
    const [row] = await this.dataSource.query<{ now: Date }[]>('SELECT clock_timestamp() AS now');
    if (row === undefined) throw new Error('SELECT clock_timestamp() answered no row');
    return row.now;
  }
}
