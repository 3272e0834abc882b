import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import { DatedDatasetRepository, type DatedDatasets } from './dated-dataset.repository';
import { Pool } from './pool.entity';
import { Subnet } from './subnet.entity';
import { SubnetIdentity } from './subnet-identity.entity';
import { TaoPrice } from './tao-price.entity';

/** Every subnet that TaoStats still has, with the states of the datasets at the same moment. */
export interface SubnetTables extends DatedDatasets {
  subnets: Subnet[];
  identities: SubnetIdentity[];
  pools: Pool[];
}

export const SUBNET_DATASETS = ['subnets', 'pools'] as const;

/** Reads what the subnet and price routes answer. Never one query per row. */
@Injectable()
export class SubnetReadRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly dated: DatedDatasetRepository,
  ) {}

  /** All three tables as of one moment: a run that ends meanwhile is in all of them or in none. */
  async readAll(): Promise<SubnetTables> {
    return this.dataSource.transaction('REPEATABLE READ', async (manager) => {
      const dated = await this.dated.read(SUBNET_DATASETS, manager);
      return {
        ...dated,
        subnets: await present(manager, Subnet),
        identities: await present(manager, SubnetIdentity),
        pools: await present(manager, Pool),
      };
    });
  }

  /** Null before the first. */
  taoPrice(): Promise<TaoPrice | null> {
    return this.dataSource.getRepository(TaoPrice).findOne({ where: { symbol: 'TAO', removedAt: IsNull() } });
  }
}

/** Without TypeORM's entities, which take longer to make than the rows to read. */
function present<Row extends Subnet | SubnetIdentity | Pool>(
  manager: EntityManager,
  entity: new () => Row,
): Promise<Row[]> {
  const { tableName, columns } = manager.connection.getMetadata(entity);
  // Whole numbers that a double holds, see `Count`; the driver would hand them out as text.
  const list = columns.map(
    ({ databaseName, propertyName, type }) =>
      `"${databaseName}"${type === 'bigint' ? '::float8' : ''} AS "${propertyName}"`,
  );
  return manager.query(`SELECT ${list.join(', ')} FROM ${tableName} WHERE removed_at IS NULL ORDER BY netuid`);
}
