import { Injectable } from '@nestjs/common';
import { AppError } from '../common';
import { DatasetStateRepository, type SyncRun, SyncRunRepository, UnitOfWork } from '../database';
import { mayBeBelieved } from './guards';

/** An operator says that what a run was refused for is true. */
@Injectable()
export class RefusalApproval {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly runs: SyncRunRepository,
    private readonly states: DatasetStateRepository,
  ) {}

  /**
   * Lets the next answer that is refused for the same rows be stored, and makes the dataset due. Answers the refused run,
   * null when there is none of that id. Throws `runs/not-refused`, `runs/never-believed` and `runs/superseded` (409).
   */
  async approve(id: string): Promise<SyncRun | null> {
    const run = await this.runs.find(id);
    if (run === null) return null;
    const { dataset, state, refusalSha256, reasonCode } = run;
    if (state !== 'protected' || refusalSha256 === null) {
      throw conflict(
        'runs/not-refused',
        `Run ${id} is ${state}: only an answer that was refused as a whole is approved.`,
      );
    }
    if (!mayBeBelieved(reasonCode)) {
      throw conflict('runs/never-believed', `${reasonCode} cannot be approved: such an answer is not the whole truth.`);
    }
    const approved = await this.unitOfWork.run((manager) => this.states.approve(manager, dataset, refusalSha256));
    if (approved) return run;
    throw conflict('runs/superseded', `${dataset} is not refused for that any more; look at its newest run.`);
  }
}

function conflict(code: string, message: string): AppError {
  return new AppError(code, message, { status: 409, fields: [{ field: 'id', message }] });
}
