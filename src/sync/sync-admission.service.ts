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
      const open = new Set((await this.runs.findOpen(manager, names)).map(({ dataset }) => dataset));
      const { admitted, refused, paidUntilMs } = admitRequests(
        wishes.filter(({ dataset }) => !open.has(dataset)),
        log,
        {
          intervalMs: this.settings.syncRequestIntervalSeconds * 1000,
          limitPerMinute: this.settings.taostatsRateLimitPerMinute,
        },
      );
      const answered = names.filter((name) => open.has(name) || admitted.includes(name));
      const runs = await this.runs.open(
        manager,
        answered.map((dataset) => ({ dataset, mode, trigger: 'request' as const })),
      );
      await this.requests.record(manager, admitted, paidUntilMs);
      return { runs, refused };
    });
  }
}
