import { Injectable } from '@nestjs/common';
import { agesOf } from '../analysis';
import { buildMeta, type DataMeta } from '../common';
import { modeOf, Settings } from '../config';
import { type DatedDatasets, SUBNET_DATASETS } from '../database';
import { rowsOf, SubnetCatalogue } from './subnet-catalogue.service';
import { pageOf, type SubnetPage, type SubnetPageRequest } from './subnet-page';
import type { SubnetDetailView } from './subnet.view';
import { toSubnetDetailView } from './to-subnet-view';

/** Answers about subnets, each with the age and the trust of what it was made of. */
@Injectable()
export class SubnetReader {
  constructor(
    private readonly catalogue: SubnetCatalogue,
    private readonly settings: Settings,
  ) {}

  async list(request: SubnetPageRequest): Promise<{ version: string; meta: DataMeta; page: SubnetPage }> {
    const { version, dated, views } = await this.catalogue.current();
    return { version, meta: this.metaOf(SUBNET_DATASETS, dated), page: pageOf(views, request) };
  }

  /** Throws `subnets/not-found`; `subnets/not-synced` while nobody can know. */
  async get(netuid: number): Promise<{ version: string; meta: DataMeta; data: SubnetDetailView }> {
    const catalogue = await this.catalogue.current();
    const rows = rowsOf(catalogue, netuid);
    const { version, dated } = catalogue;
    return { version, meta: this.metaOf(SUBNET_DATASETS, dated), data: toSubnetDetailView(rows) };
  }

  private metaOf(datasets: readonly string[], dated: DatedDatasets): DataMeta {
    return buildMeta(agesOf(datasets, dated, this.settings), modeOf(this.settings).upstream);
  }
}
