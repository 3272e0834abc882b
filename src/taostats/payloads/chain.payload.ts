import { Flag, Instant, OPTIONAL, Text, Whole, defineField } from '../wire/field';

/** One row of `block`. With one row asked for, the newest block that upstream has indexed. */
export class BlockPayload {
  @Whole() block_number!: number;
  @Instant() timestamp!: string;
  @Text(OPTIONAL) hash!: string | null;
  @Text(OPTIONAL) parent_hash!: string | null;
  @Text(OPTIONAL) spec_name!: string | null;
  /** Changes with a runtime upgrade. */
  @Whole(OPTIONAL) spec_version!: number | null;
  @Whole(OPTIONAL) events_count!: number | null;
  @Whole(OPTIONAL) extrinsics_count!: number | null;
  @Whole(OPTIONAL) calls_count!: number | null;
}

const StatusTime = defineField('statusTime', {
  normalize: (value) => value,
  accepts: (value) => typeof value === 'object' && value !== null && 'timestamp' in value,
  expected: '{timestamp}',
});

/** The body of `status`: a bare object, no envelope. Liveness only; it says nothing about the quota. */
export class StatusPayload {
  @Flag() ok!: boolean;
  @Text(OPTIONAL) version!: string | null;
  @StatusTime(OPTIONAL) status!: { timestamp: string } | null;
}
