import { DataSource } from 'typeorm';
import {
  DatedDatasetRepository,
  NavSnapshotRepository,
  PoolSeriesRepository,
  SubnetReadRepository,
} from '../../src/database';
import { buildDataSourceOptions } from '../../src/database/data-source-options';
import { SubnetCatalogue } from '../../src/subnets/subnet-catalogue.service';
import { SubnetHistoryReader } from '../../src/subnets/subnet-history-reader.service';
import { testSettings } from '../support/test-settings';
import { type BenchContext, compared, type Figure } from './figure';
import { LOADERS, loadCurrent, loadedTo, loadPools, loadValues, vacuum } from './history-load';
import { measureWrites, type Past, sizeOf, SUBNETS } from './history-writes';
import { byTurns, timed } from './measure';

export const name = 'history';

const SLOWEST_MS = 10;
const MOST_GROWTH = 1.5;
const CALLS = 5;
/** Subnets and wallets: 0.16, 2.1 and 20.4 million rows of three years each, so that all give the same answers. */
const SIZES = [
  [1, 1],
  [13, 3],
  [SUBNETS, 9],
] as const;

/** As the routes ask. */
type Question = (past: Past) => (turn: number) => Promise<unknown>;

const DAY_MS = 86_400_000;

/** Single queries of the repositories. */
const QUERIES: Record<string, Question> = {
  'latest of every subnet': ({ dataSource }) => {
    const repository = new SubnetReadRepository(dataSource, new DatedDatasetRepository(dataSource));
    return () => repository.readAll();
  },
  'newest 50 rows of a subnet': ({ dataSource, subnets }) => {
    const series = new PoolSeriesRepository(dataSource);
    const page = { ascending: false, limit: 50 };
    return (turn) => series.rows({ netuid: 1 + (turn % subnets), from: daysAgo(1_000), to: loadedTo() }, page);
  },
  '30 days of a subnet, 720 hours': askBuckets('hour', 30),
  '365 days of a subnet in 500 points': askBuckets('day', 365),
  'a wallet’s value over a year, by day': ({ dataSource, wallets }) => {
    const repository = new NavSnapshotRepository(dataSource);
    return (turn) => repository.series(`wallet-${1 + (turn % wallets)}`, 'day');
  },
};

/** Whole answers but for HTTP: how fresh they are, what is kept, which resolution fits, the points and their view. */
const ANSWERS: Record<string, Question> = {
  'answer: latest of every subnet, between two runs': ({ dataSource }) => {
    const dated = new DatedDatasetRepository(dataSource);
    const catalogue = new SubnetCatalogue(dated, new SubnetReadRepository(dataSource, dated));
    return () => catalogue.current();
  },
  'answer: 30 days in 720 points': askReader(30, 720),
  'answer: 365 days in 500 points': askReader(365, 500),
  'answer: 3 years in 500 points': askReader(3 * 365, 500),
};

/** Through the repositories and the readers of the routes, over three sizes of the same three years. */
export async function run(context: BenchContext): Promise<Figure[]> {
  const pasts: Past[] = [];
  try {
    for (const [subnets, wallets] of context.quick ? SIZES.slice(0, 1) : SIZES) {
      pasts.push(await load(context, subnets, wallets));
    }
    const reads = [
      ...(await measureReads(context, pasts, QUERIES)),
      ...(await measureReads(context, pasts.slice(-1), ANSWERS)),
    ];
    const [largest] = pasts.slice(-1);
    return largest === undefined ? reads : [...reads, ...(await measureWrites(context, largest))];
  } finally {
    for (const { loader, dataSource, database } of pasts) {
      await Promise.all([loader.destroy(), dataSource.destroy()]);
      await database.drop();
    }
  }
}

async function load(context: BenchContext, subnets: number, wallets: number): Promise<Past> {
  const database = await context.createDatabase();
  const options = buildDataSourceOptions(database.url);
  const loader = await new DataSource({ ...options, extra: { max: LOADERS } }).initialize();
  const loaded = await loadPools(loader, subnets);
  await loadValues(loader, wallets);
  await loadCurrent(loader);
  await vacuum(loader);
  const seconds = Math.round((loaded.rowMs + loaded.rollupMs) / 1_000);
  context.say(`${loaded.rows.toLocaleString('en-US')} rows of ${subnets} subnets in ${seconds} s`);
  const dataSource = await new DataSource(options).initialize();
  return { database, loader, dataSource, loaded, subnets, wallets };
}

async function measureReads(
  { runs }: BenchContext,
  pasts: readonly Past[],
  questions: Record<string, Question>,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [question, ask] of Object.entries(questions)) {
    const contestants = Object.fromEntries(pasts.map((past) => [sizeOf(past), averageMs(ask(past))]));
    const [small, middle, large] = Object.values(await byTurns(runs * 3, contestants));
    const [, middleSize, largeSize] = pasts.map(sizeOf);
    if (middle === undefined || large === undefined) {
      figures.push({ group: name, name: `${question}, at ${sizeOf(pasts[0])}`, unit: 'ms', value: small ?? NaN });
      continue;
    }
    figures.push(
      {
        group: name,
        name: `${question}, at ${largeSize}`,
        unit: 'ms',
        value: large,
        floor: { atMost: SLOWEST_MS },
      },
      compared({
        group: name,
        name: `growth: ${question}`,
        unit: 'ms',
        value: large,
        reference: { name: `at ${middleSize}`, value: middle },
        floor: { atMost: MOST_GROWTH },
        note: `at ${sizeOf(pasts[0])}: ${small?.toFixed(2)} ms`,
      }),
    );
  }
  return figures;
}

function askBuckets(unit: 'hour' | 'day', days: number): Question {
  return ({ dataSource, subnets }) => {
    const series = new PoolSeriesRepository(dataSource);
    const page = { unit, ascending: true, limit: 720 };
    return (turn) => series.buckets({ netuid: 1 + (turn % subnets), from: daysAgo(days), to: loadedTo() }, page);
  };
}

function askReader(days: number, points: number): Question {
  return ({ dataSource, subnets }) => {
    const dated = new DatedDatasetRepository(dataSource);
    const catalogue = new SubnetCatalogue(dated, new SubnetReadRepository(dataSource, dated));
    const reader = new SubnetHistoryReader(catalogue, new PoolSeriesRepository(dataSource), testSettings());
    const query = {
      generation: 'current',
      order: 'desc',
      limit: 50,
      from: daysAgo(days),
      to: loadedTo(),
      points,
    } as const;
    return (turn) => reader.read(1 + (turn % subnets), query);
  };
}

function daysAgo(days: number): Date {
  return new Date(loadedTo().getTime() - days * DAY_MS);
}

/** Of calls that go on with the next subnet or wallet each time. */
function averageMs(ask: (turn: number) => Promise<unknown>): () => Promise<number> {
  let turn = 0;
  return async () =>
    (await timed(async () => {
      for (let call = 0; call < CALLS; call += 1) await ask((turn += 1));
    })) / CALLS;
}
