import { ApiExtraModels, ApiProperty } from '@nestjs/swagger';
import { TRUST_LEVELS, type Trust, worstTrust } from './trust';

/** One dataset that an answer was made of. */
export interface DataSourceAge {
  dataset: string;
  trust: Trust;
  /** Null before the first success. */
  asOf: Date | null;
  ageSeconds: number | null;
  /** The run whose rows were read; null before the first. */
  runId: string | null;
}

/** A dataset's part of an answer's `meta`. */
export class DatasetMeta {
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-01-15T11:55:00.000Z' })
  as_of!: string | null;

  @ApiProperty({ type: Number, nullable: true, example: 42.3, description: 'Seconds.' })
  age_seconds!: number | null;

  @ApiProperty({ enum: TRUST_LEVELS, example: 'ok' })
  trust!: Trust;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: '0199a1d2-7e5c-7c3a-9b54-0c6d5d1f2a33' })
  run_id!: string | null;
}

/** How old the figures of an answer are and how far they can be trusted: the oldest and the worst of what they were made of. */
@ApiExtraModels(DatasetMeta)
export class DataMeta extends DatasetMeta {
  @ApiProperty({ enum: ['taostats', 'simulator'], example: 'taostats' })
  source!: string;

  @ApiProperty({ example: false, description: 'True: made up by the simulator, no real money.' })
  simulated!: boolean;

  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: '#/components/schemas/DatasetMeta' },
    description: 'The same of each dataset that the answer was made of.',
  })
  datasets!: Record<string, DatasetMeta>;
}

/** Meta of an answer that was made of `ages`, at least one. Unknown as a whole as soon as one of them was never synced. */
export function buildMeta(ages: readonly DataSourceAge[], source: 'taostats' | 'simulator'): DataMeta {
  const oldest = ages.reduce((old, age) => (older(age, old) ? age : old));
  return {
    as_of: oldest.asOf?.toISOString() ?? null,
    age_seconds: oldest.ageSeconds,
    trust: worstTrust(ages.map((age) => age.trust)),
    run_id: oldest.runId,
    source,
    simulated: source === 'simulator',
    datasets: Object.fromEntries(ages.map((age) => [age.dataset, datasetMeta(age)])),
  };
}

function older(age: DataSourceAge, than: DataSourceAge): boolean {
  if (than.ageSeconds === null) return false;
  return age.ageSeconds === null || age.ageSeconds > than.ageSeconds;
}

function datasetMeta({ asOf, ageSeconds, trust, runId }: DataSourceAge): DatasetMeta {
  return { as_of: asOf?.toISOString() ?? null, age_seconds: ageSeconds, trust, run_id: runId };
}
