import { Injectable } from '@nestjs/common';
import { agesOf } from '../analysis';
import {
  AppError,
  buildMeta,
  type CursorPart,
  type DataMeta,
  decodeCursor,
  encodeCursor,
  InvalidInputError,
  parseInstant,
} from '../common';
import { modeOf, Settings } from '../config';
import { type DatedDatasets, type PoolHistory, SUBNET_DATASETS, SubnetReadRepository } from '../database';
import { type PoolPointView, toPoolPointView } from './pool-point.view';
import { type Catalogue, SubnetCatalogue } from './subnet-catalogue.service';
import { pageOf, type SubnetPage, type SubnetPageRequest } from './subnet-page';
import type { SubnetDetailView } from './subnet.view';
import type { SubnetHistoryQuery } from './subnets-query';
import { type SubnetRows, toSubnetDetailView } from './to-subnet-view';

/** A first sync takes seconds. */
const NOT_SYNCED_RETRY_SECONDS = 10;

/** Answers about subnets, each with the age and the trust of what it was made of. */
@Injectable()
export class SubnetReader {
  constructor(
    private readonly catalogue: SubnetCatalogue,
    private readonly subnets: SubnetReadRepository,
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

  /** Points of the pool of `netuid`. Throws as `get` does. */
  async history(
    netuid: number,
    query: SubnetHistoryQuery,
  ): Promise<{ meta: DataMeta; page: { data: PoolPointView[]; next_cursor: string | null } }> {
    const { from, to, generation, order, limit, cursor } = query;
    if (from !== undefined && to !== undefined && from >= to) {
      throw new InvalidInputError('request/invalid-query', [{ field: 'from', message: 'must be before `to`' }]);
    }
    const after = cursor === undefined ? undefined : pointOf(cursor, order);
    const catalogue = await this.catalogue.current();
    const { subnet } = rowsOf(catalogue, netuid);
    const found = await this.subnets.poolHistory({
      netuid,
      fromBlock: generation === 'all' ? undefined : (subnet?.registrationBlockNumber ?? undefined),
      from,
      to,
      ascending: order === 'asc',
      limit: limit + 1,
      after,
    });
    const points = found.slice(0, limit);
    return {
      meta: this.metaOf(['pools'], catalogue.dated),
      page: {
        data: points.map(toPoolPointView),
        next_cursor: found.length > limit ? cursorAfter(points.at(-1), order) : null,
      },
    };
  }

  private metaOf(datasets: readonly string[], dated: DatedDatasets): DataMeta {
    return buildMeta(agesOf(datasets, dated, this.settings), modeOf(this.settings).upstream);
  }
}

function rowsOf({ rows, dated }: Catalogue, netuid: number): SubnetRows {
  const found = rows.get(netuid);
  if (found !== undefined) return found;
  if (SUBNET_DATASETS.every((dataset) => dated.states.get(dataset)?.lastSuccessAt != null)) {
    throw new AppError('subnets/not-found', `TaoStats has no subnet ${netuid}`, { status: 404 });
  }
  throw new AppError('subnets/not-synced', 'The subnets have never been synced; nothing is known of them yet', {
    status: 503,
    retryAfterSeconds: NOT_SYNCED_RETRY_SECONDS,
  });
}

function cursorAfter(point: PoolHistory | undefined, order: string): string | null {
  return point === undefined ? null : encodeCursor([order, point.timestamp.toISOString(), point.blockNumber]);
}

function pointOf(cursor: string, order: string): { at: Date; blockNumber: number } {
  const isOurs = (parts: CursorPart[]): parts is [string, string, number] => {
    const [cursorOrder, at, blockNumber] = parts;
    return (
      cursorOrder === order && typeof at === 'string' && parseInstant(at) !== null && Number.isInteger(blockNumber)
    );
  };
  const [, at, blockNumber] = decodeCursor(cursor, isOurs);
  return { at: new Date(at), blockNumber };
}
