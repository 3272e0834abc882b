import { Injectable } from '@nestjs/common';
import { agesOf } from '../analysis';
import {
  buildMeta,
  type CursorPart,
  type DataMeta,
  decodeCursor,
  encodeCursor,
  InvalidInputError,
  parseInstant,
} from '../common';
import { modeOf, Settings } from '../config';
import {
  type PoolBucket,
  type PoolExtent,
  PoolSeriesRepository,
  type PoolStretch,
  type PoolWindow,
  type RollupUnit,
} from '../database';
import { type SubnetHistoryPage, toPoolBucketView, toPoolPointView } from './pool-point.view';
import { type SeriesStep, seriesStep, stepMs } from './series-step';
import { rowsOf, SubnetCatalogue } from './subnet-catalogue.service';
import type { SubnetHistoryQuery } from './subnets-query';

type Page = Omit<SubnetHistoryPage, 'raw_from'>;

/** Answers what a pool was like: row by row, by the hour, by the day, or in so many points. */
@Injectable()
export class SubnetHistoryReader {
  constructor(
    private readonly catalogue: SubnetCatalogue,
    private readonly series: PoolSeriesRepository,
    private readonly settings: Settings,
  ) {}

  /** Throws `subnets/not-found`, and `subnets/not-synced` while nobody can know. */
  async read(netuid: number, query: SubnetHistoryQuery): Promise<{ meta: DataMeta; page: SubnetHistoryPage }> {
    refuseContradictions(query);
    const { from, to, generation, points, resolution = 'raw' } = query;
    const catalogue = await this.catalogue.current();
    const { subnet } = rowsOf(catalogue, netuid);
    const fromBlock = generation === 'all' ? undefined : (subnet?.registrationBlockNumber ?? undefined);
    const asked = { netuid, fromBlock, from, to };
    const extent = await this.series.extent(asked);
    const { rowsFrom } = extent;
    const window = knownPart(asked, extent);
    const page =
      points !== undefined
        ? await this.inPoints(window, { points, rowsFrom, ascending: query.order === 'asc' })
        : await (resolution === 'raw' ? this.rows(window, query) : this.buckets(window, resolution, query));
    return {
      meta: buildMeta(agesOf(['pools'], catalogue.dated, this.settings), modeOf(this.settings).upstream),
      page: { ...page, raw_from: rowsFrom?.toISOString() ?? null },
    };
  }

  private async rows(window: PoolStretch, { order, limit, cursor }: SubnetHistoryQuery): Promise<Page> {
    const after = cursor === undefined ? null : placeOf(cursor, `raw/${order}`);
    const found = await this.series.rows(window, {
      ascending: order === 'asc',
      limit: limit + 1,
      after: after === null ? undefined : { at: after.at, blockNumber: after.number },
    });
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    return {
      data: shown.map(toPoolPointView),
      next_cursor: last === undefined ? null : cursorAfter(`raw/${order}`, last.timestamp, last.blockNumber),
      resolution: 'raw',
      step_seconds: null,
    };
  }

  private async buckets(
    window: PoolStretch,
    unit: RollupUnit,
    { order, limit, cursor }: SubnetHistoryQuery,
  ): Promise<Page> {
    const after = cursor === undefined ? null : placeOf(cursor, `${unit}/${order}`);
    const found = await this.series.buckets(window, {
      unit,
      ascending: order === 'asc',
      limit: limit + 1,
      after: after === null ? undefined : { at: after.at, generation: after.number },
    });
    const step = { unit, size: 1 };
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    return {
      data: shown.map((bucket) => toPoolBucketView(bucket, stepMs(step))),
      next_cursor: last === undefined ? null : cursorAfter(`${unit}/${order}`, last.bucketAt, last.generation),
      resolution: unit,
      step_seconds: stepMs(step) / 1_000,
    };
  }

  /** All of the window at once: every row where they are few enough and all are kept, else in the finest step that fits. */
  private async inPoints(window: PoolStretch, { points, rowsFrom, ascending }: PointsRequest): Promise<Page> {
    if (window.from >= window.to) return { data: [], next_cursor: null, resolution: 'raw', step_seconds: null };
    const step = seriesStep(window, points);
    const steps = await this.steps(window, step, points);
    const rows = steps.reduce((sum, bucket) => sum + bucket.points, 0);
    if (rows <= points && (rowsFrom === null || window.from >= rowsFrom)) {
      const found = await this.series.rows(window, { ascending, limit: points });
      return { data: found.map(toPoolPointView), next_cursor: null, resolution: 'raw', step_seconds: null };
    }
    const data = steps.map((bucket) => toPoolBucketView(bucket, stepMs(step)));
    return {
      data: ascending ? data : data.reverse(),
      next_cursor: null,
      resolution: step.unit,
      step_seconds: stepMs(step) / 1_000,
    };
  }

  private steps(window: PoolStretch, step: SeriesStep, points: number): Promise<PoolBucket[]> {
    if (step.size > 1) return this.series.steps(window, step);
    // Two subnets may have had the netuid in the same hour.
    return this.series.buckets(window, { unit: step.unit, ascending: true, limit: 2 * points });
  }
}

/** The part of the window in which anything is known, empty where nothing is: steps for empty years would be wasted. */
function knownPart(window: PoolWindow, { firstDay, newest }: PoolExtent): PoolStretch {
  const [first, end] = [firstDay ?? new Date(0), new Date((newest?.getTime() ?? -1) + 1)];
  const { from = first, to = end } = window;
  return { ...window, from: from < first ? first : from, to: to > end ? end : to };
}

interface PointsRequest {
  points: number;
  rowsFrom: Date | null;
  ascending: boolean;
}

function refuseContradictions({ from, to, points, resolution, cursor }: SubnetHistoryQuery): void {
  const refuse = (field: string, message: string): never => {
    throw new InvalidInputError('request/invalid-query', [{ field, message }]);
  };
  if (from !== undefined && to !== undefined && from >= to) refuse('from', 'must be before `to`');
  if (points === undefined) return;
  if (resolution !== undefined) refuse('resolution', 'follows from `points`: give one of the two');
  if (cursor !== undefined) refuse('cursor', 'an answer with `points` has all of them, and no further page');
}

/** The question is part of the cursor: another resolution or order has other places. */
function cursorAfter(question: string, at: Date, number: number): string {
  return encodeCursor([question, at.toISOString(), number]);
}

function placeOf(cursor: string, question: string): { at: Date; number: number } {
  const isOurs = (parts: CursorPart[]): parts is [string, string, number] => {
    const [asked, at, number] = parts;
    return asked === question && typeof at === 'string' && parseInstant(at) !== null && Number.isInteger(number);
  };
  const [, at, number] = decodeCursor(cursor, isOurs);
  return { at: new Date(at), number };
}
