import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Amount, Flag, REQUIRED } from './columns';

/** One UTC day of the price of TAO, in USD per TAO. */
@Entity('price_history')
export class PriceHistory {
  @PrimaryColumn('date') day!: string;
  @Amount('open', REQUIRED) open!: string;
  @Amount('high', REQUIRED) high!: string;
  @Amount('low', REQUIRED) low!: string;
  @Amount('close', REQUIRED) close!: string;
  /** USD. */
  @Amount('volume_24h') volume24h!: string | null;
  /** False: the day was not over when this was read, so its figures are those of the moment. */
  @Flag('is_finished', REQUIRED) isFinished!: boolean;
  /** The run that last wrote the row. */
  @Column('uuid', { name: 'run_id' }) runId!: string;
}
