import { Injectable, type OnModuleDestroy } from '@nestjs/common';

/** True from the moment that shutdown begins, before anything is closed: no new traffic, please. */
@Injectable()
export class Drain implements OnModuleDestroy {
  private begun = false;

  get isDraining(): boolean {
    return this.begun;
  }

  onModuleDestroy(): void {
    this.begun = true;
  }
}
