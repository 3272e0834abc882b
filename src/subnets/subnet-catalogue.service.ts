import { Injectable } from '@nestjs/common';
import { versionOf } from '../analysis';
import { AppError, NotFoundError, SharedReading } from '../common';
import { type DatedDatasets, DatedDatasetRepository, SUBNET_DATASETS, SubnetReadRepository } from '../database';
import type { SubnetView } from './subnet.view';
import { joinRows, type SubnetRows, toSubnetView } from './to-subnet-view';

interface Tables {
  /** Of the rows, see `versionOf`. */
  version: string;
  rows: ReadonlyMap<number, SubnetRows>;
  views: readonly SubnetView[];
}

/** A first sync takes seconds. */
const NOT_SYNCED_RETRY_SECONDS = 10;

/** All subnets at one watermark, and the states of their datasets now. */
export type Catalogue = Tables & { dated: DatedDatasets };

/**
 * Keeps the joined tables in memory (129 rows) until a run has changed them, so that requests cost one small query
 * that tells whether it has, and those that come at the same time share it.
 */
@Injectable()
export class SubnetCatalogue {
  private kept: Tables | null = null;
  private loading: Promise<Catalogue> | null = null;
  private readonly dated: SharedReading<DatedDatasets>;

  constructor(
    dated: DatedDatasetRepository,
    private readonly subnets: SubnetReadRepository,
  ) {
    this.dated = new SharedReading(() => dated.read(SUBNET_DATASETS));
  }

  /** Rejects with `database/not-ready` while PostgreSQL is away. */
  async current(): Promise<Catalogue> {
    const dated = await this.dated.get();
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

/** Rows of one netuid. Throws `subnets/not-found`; `subnets/not-synced` while nobody can know. */
export function rowsOf({ rows, dated }: Catalogue, netuid: number): SubnetRows {
  const found = rows.get(netuid);
  if (found !== undefined) return found;
  if (SUBNET_DATASETS.every((dataset) => dated.states.get(dataset)?.lastSuccessAt != null)) {
    throw new NotFoundError('subnets/not-found', 'netuid', `TaoStats has no subnet ${netuid}`);
  }
  throw new AppError('subnets/not-synced', 'The subnets have never been synced; nothing is known of them yet', {
    status: 503,
    retryAfterSeconds: NOT_SYNCED_RETRY_SECONDS,
  });
}
