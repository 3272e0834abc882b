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
import { PoolSeriesRepository, type PoolWindow, type RollupUnit, SubnetReadRepository } from '../database';
import { type PoolPointView, type SubnetHistoryPage, toPoolBucketView, toPoolPointView } from './pool-point.view';
import { seriesStep, stepMs } from './series-step';
import { rowsOf, SubnetCatalogue } from './subnet-catalogue.service';
import type { SubnetHistoryQuery } from './subnets-query';

type Page = Omit<SubnetHistoryPage, 'raw_from'>;

/** Answers what a pool was like: row by row, by the hour, by the day, or in so many points. */
@Injectable()
export class SubnetHistoryReader {
  constructor(
    private readonly catalogue: SubnetCatalogue,
    private readonly subnets: SubnetReadRepository,
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
    const window = { netuid, fromBlock, from, to };
    const { now } = catalogue.dated;
    const rawFrom = await this.series.rowsFrom();
    const page =
      points !== undefined
        ? await this.inPoints(window, { points, now, rawFrom, ascending: query.order === 'asc' })
        : await (resolution === 'raw' ? this.rows(window, query) : this.buckets(window, resolution, query));
    return {
      meta: buildMeta(agesOf(['pools'], catalogue.dated, this.settings), modeOf(this.settings).upstream),
      page: { ...page, raw_from: rawFrom?.toISOString() ?? null },
    };
  }

  private async rows(window: PoolWindow, { order, limit, cursor }: SubnetHistoryQuery): Promise<Page> {
    const after = cursor === undefined ? null : placeOf(cursor, `raw/${order}`);
    const found = await this.subnets.poolHistory({
      ...window,
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
    window: PoolWindow,
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
  private async inPoints(window: PoolWindow, { points, now, rawFrom, ascending }: PointsRequest): Promise<Page> {
    const whole = await this.known(window, now);
    if (whole.from >= whole.to) return { data: [], next_cursor: null, resolution: 'raw', step_seconds: null };
    const step = seriesStep(whole, points);
    const mayBeRows = rawFrom === null || whole.from >= rawFrom;
    if (mayBeRows && (await this.series.countRows(whole, points)) <= points) {
      const rows = await this.subnets.poolHistory({ ...whole, ascending, limit: points });
      return { data: rows.map(toPoolPointView), next_cursor: null, resolution: 'raw', step_seconds: null };
    }
    const data = await this.stepped(whole, step, points);
    return {
      data: ascending ? data : data.reverse(),
      next_cursor: null,
      resolution: step.unit,
      step_seconds: stepMs(step) / 1_000,
    };
  }

  /** The part of the window in which anything can be known: steps for empty years would be wasted. */
  private async known(window: PoolWindow, now: Date): Promise<PoolWindow & { from: Date; to: Date }> {
    const to = window.to === undefined || window.to > now ? new Date(now.getTime() + 1) : window.to;
    const first = (await this.series.firstDay(window)) ?? to;
    const from = window.from === undefined || window.from < first ? first : window.from;
    return { ...window, from, to };
  }

  private async stepped(
    window: PoolWindow,
    step: ReturnType<typeof seriesStep>,
    points: number,
  ): Promise<PoolPointView[]> {
    const found =
      step.size === 1
        ? await this.series.buckets(window, { unit: step.unit, ascending: true, limit: points })
        : await this.series.steps(window, step);
    return found.map((bucket) => toPoolBucketView(bucket, stepMs(step)));
  }
}

interface PointsRequest {
  points: number;
  now: Date;
  rawFrom: Date | null;
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
