import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database';
import { SyncModule } from '../sync';
import { RunsController } from './runs.controller';
import { TasksController } from './tasks.controller';

/** Asks for syncs and shows what became of them. */
@Module({
  imports: [DatabaseModule.register(), SyncModule],
  controllers: [TasksController, RunsController],
})
export class TasksModule {}
