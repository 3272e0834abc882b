import { ApiProperty } from '@nestjs/swagger';
import { RUN_MODES, type RunMode } from '../database';
import type { SyncTier } from '../sync';

export class PlannedDatasetView {
  @ApiProperty({ example: 'positions' })
  dataset!: string;

  @ApiProperty({ example: 3, description: 'Calls to TaoStats that one run is expected to make, retries left out.' })
  planned_calls!: number;

  @ApiProperty({ type: Number, nullable: true, example: 3, description: 'Calls of its last good run.' })
  last_calls!: number | null;
}

/** A mode of `POST /api/v1/tasks/sync`: what it syncs, and what that costs. */
export class TierView {
  @ApiProperty({ enum: RUN_MODES })
  mode!: RunMode;

  @ApiProperty({ example: 5, description: 'Calls to TaoStats of all its datasets together.' })
  planned_calls!: number;

  @ApiProperty({ type: [PlannedDatasetView] })
  datasets!: PlannedDatasetView[];
}

export class TiersView {
  @ApiProperty({ type: [TierView] })
  tiers!: TierView[];
}

export function toTierView({ mode, plannedCalls, datasets }: SyncTier): TierView {
  return {
    mode,
    planned_calls: plannedCalls,
    datasets: datasets.map((planned) => ({
      dataset: planned.dataset,
      planned_calls: planned.plannedCalls,
      last_calls: planned.lastCalls,
    })),
  };
}
