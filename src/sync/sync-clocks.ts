import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../common';
import { DatabaseClock } from '../database';

/** The process's clock for durations, the database's for what replicas must agree on. */
@Injectable()
export class SyncClocks {
  constructor(
    @Inject(CLOCK) readonly process: Clock,
    readonly database: DatabaseClock,
  ) {}
}
