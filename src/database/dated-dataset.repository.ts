import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DatasetState } from './dataset-state.entity';

/** Datasets as they are now; a dataset that nobody ever registered is absent. */
export interface DatedDatasets {
  /** The database's time. */
  now: Date;
  states: ReadonlyMap<string, DatasetState>;
}

/** What an answer needs to know of the datasets that it was made of, in one round trip. */
@Injectable()
export class DatedDatasetRepository {
  constructor(private readonly dataSource: DataSource) {}

  async read(datasets: readonly string[], manager: EntityManager = this.dataSource.manager): Promise<DatedDatasets> {
    const { entities, raw } = await manager
      .getRepository(DatasetState)
      .createQueryBuilder('state')
      .addSelect('clock_timestamp()', 'now')
      .where('state.dataset = ANY(:datasets)', { datasets })
      .getRawAndEntities<{ now: Date }>();
    return {
      // Without any dataset nothing has an age, and nobody asks what time it is.
      now: raw[0]?.now ?? new Date(NaN),
      states: new Map(entities.map((state) => [state.dataset, state])),
    };
  }
}
