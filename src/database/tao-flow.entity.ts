import { Entity, PrimaryColumn } from 'typeorm';
import { Reasons, SignedAmount } from './columns';
import { CurrentRow } from './current-row';

/** Net TAO that flowed into a subnet's pool, as TaoStats last sent it. It dates nothing: a row is as old as its run. */
@Entity('tao_flows')
export class TaoFlow extends CurrentRow {
  @PrimaryColumn('integer') netuid!: number;
  /** Signed rao; null where `withheld` says why. */
  @SignedAmount('tao_flow') taoFlow!: string | null;
  @Reasons('withheld') withheld!: Record<string, string>;
}
