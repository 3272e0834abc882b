import { Injectable } from '@nestjs/common';
import { RUN_MODES, type RunMode, SyncRunRepository } from '../database';
import type { Dataset } from './dataset';
import { findDataset, selectDatasets } from './datasets';
import { SnapshotStore } from './snapshot-store.service';

/** What one run of a dataset is expected to cost, and what its last good run did cost. */
export interface PlannedDataset {
  dataset: string;
  plannedCalls: number;
  /** Retries included; null before the first. */
  lastCalls: number | null;
}

/** One kind of request, with what it costs. */
export interface SyncTier {
  mode: RunMode;
  plannedCalls: number;
  datasets: PlannedDataset[];
}

/** Tells what syncs cost before they are asked for: calls to TaoStats are paid for. */
@Injectable()
export class SyncPlan {
  constructor(
    private readonly runs: SyncRunRepository,
    private readonly store: SnapshotStore,
  ) {}

  /** Every mode with the datasets that it syncs. */
  async tiers(): Promise<SyncTier[]> {
    return Promise.all(RUN_MODES.map(async (mode) => this.plan(undefined, mode)));
  }

  /** The named datasets, or all that the mode includes. Throws `sync/unknown-dataset` (400). */
  async plan(datasets: readonly string[] | undefined, mode: RunMode): Promise<SyncTier> {
    const lastCalls = await this.runs.lastCalls();
    const planned: PlannedDataset[] = [];
    for (const name of selectDatasets(datasets, mode)) {
      const last = lastCalls.get(name) ?? null;
      planned.push({ dataset: name, plannedCalls: await this.callsOf(findDataset(name), mode, last), lastCalls: last });
    }
    return { mode, plannedCalls: planned.reduce((sum, { plannedCalls }) => sum + plannedCalls, 0), datasets: planned };
  }

  private async callsOf(dataset: Dataset | undefined, mode: RunMode, last: number | null): Promise<number> {
    return (await dataset?.plannedCalls?.({ mode, ...this.store.readings() })) ?? last ?? 1;
  }
}
