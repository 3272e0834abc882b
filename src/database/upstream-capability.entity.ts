import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Instant, REQUIRED, Words } from './columns';

/** What was found out about upstream by trying: whether it can do something that is not certain, and when that was. */
@Entity('upstream_capabilities')
export class UpstreamCapability {
  @PrimaryColumn('text') name!: string;
  @Column('boolean', { name: 'is_available' }) isAvailable!: boolean;
  @Words('reason') reason!: string | null;
  @Instant('probed_at', REQUIRED) probedAt!: Date;
}
