import { Injectable } from '@nestjs/common';
import { Settings } from '../config';
import { type RunMode, type SyncRun, SyncRequestRepository, SyncRunRepository, UnitOfWork } from '../database';
import { type RefusedWish, type SyncWish, admitRequests } from './admit-requests';

export interface AdmittedRequest {
  /** The open run of each dataset that has one, whoever asked for it, in the order asked. */
  runs: SyncRun[];
  refused: RefusedWish[];
}

/** Decides over all replicas together what people may have synced now. */
@Injectable()
export class SyncAdmission {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly runs: SyncRunRepository,
    private readonly requests: SyncRequestRepository,
    private readonly settings: Settings,
  ) {}

  /** Opens a run of each dataset that is admitted. One that has an open run answers that, and costs nothing. */
  admit(wishes: readonly SyncWish[], mode: RunMode): Promise<AdmittedRequest> {
    const names = wishes.map(({ dataset }) => dataset);
    return this.unitOfWork.run(async (manager) => {
      const log = await this.requests.lock(manager);
      const open = new Map((await this.runs.findOpen(manager, names)).map((run) => [run.dataset, run]));
      const { admitted, refused, paidUntilMs } = admitRequests(
        wishes.filter(({ dataset }) => !open.has(dataset)),
        log,
        {
          intervalMs: this.settings.syncRequestIntervalSeconds * 1000,
          limitPerMinute: this.settings.taostatsRateLimitPerMinute,
        },
      );
      // Only what was paid for is opened: a run that was open a moment ago may have ended, and is the answer all the same.
      const opened = await this.runs.open(
        manager,
        admitted.map((dataset) => ({ dataset, mode, trigger: 'request' as const })),
      );
      for (const run of opened) open.set(run.dataset, run);
      const runs = names.flatMap((name) => open.get(name) ?? []);
      await this.requests.record(manager, admitted, paidUntilMs);
      return { runs, refused };
    });
  }
}
