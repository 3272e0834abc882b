import { Injectable } from '@nestjs/common';
import { versionOf } from '../analysis';
import { type DatedDatasets, DatedDatasetRepository, SUBNET_DATASETS, SubnetReadRepository } from '../database';
import type { SubnetView } from './subnet.view';
import { joinRows, type SubnetRows, toSubnetView } from './to-subnet-view';

interface Tables {
  /** Of the rows, see `versionOf`. */
  version: string;
  rows: ReadonlyMap<number, SubnetRows>;
  views: readonly SubnetView[];
}

/** All subnets at one watermark, and the states of their datasets now. */
export type Catalogue = Tables & { dated: DatedDatasets };

/**
 * Keeps the joined tables in memory (129 rows) until a run has changed them, so that a request costs one small query
 * that tells whether it has.
 */
@Injectable()
export class SubnetCatalogue {
  private kept: Tables | null = null;
  private loading: Promise<Catalogue> | null = null;

  constructor(
    private readonly dated: DatedDatasetRepository,
    private readonly subnets: SubnetReadRepository,
  ) {}

  /** Rejects with `database/not-ready` while PostgreSQL is away. */
  async current(): Promise<Catalogue> {
    const dated = await this.dated.read(SUBNET_DATASETS);
    if (this.kept?.version === versionOf(SUBNET_DATASETS, dated)) return { ...this.kept, dated };
    this.loading ??= this.load().finally(() => {
      this.loading = null;
    });
    return this.loading;
  }

  private async load(): Promise<Catalogue> {
    const { subnets, pools, identities, ...dated } = await this.subnets.readAll();
    const rows = joinRows({ subnets, pools, identities });
    this.kept = {
      version: versionOf(SUBNET_DATASETS, dated),
      rows: new Map(rows.map((row) => [row.netuid, row])),
      views: rows.map(toSubnetView),
    };
    return { ...this.kept, dated };
  }
}
