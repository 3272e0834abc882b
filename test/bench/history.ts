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
const DAY_MS = 86_400_000;
/** Subnets and wallets: 0.16, 2.1 and 20.4 million rows of three years each, so that all give the same answers. */
const SIZES = [
  [1, 1],
  [13, 3],
  [SUBNETS, 9],
] as const;

/** As the routes ask. */
type Question = (past: Past) => (turn: number) => Promise<unknown>;

const QUESTIONS: Record<string, Question> = {
  'latest of every subnet': ({ dataSource }) => {
    const dated = new DatedDatasetRepository(dataSource);
    const catalogue = new SubnetCatalogue(dated, new SubnetReadRepository(dataSource, dated));
    return () => catalogue.current();
  },
  'latest of every subnet, after a run': ({ dataSource }) => {
    const repository = new SubnetReadRepository(dataSource, new DatedDatasetRepository(dataSource));
    return () => repository.readAll();
  },
  'the newest 50 rows of a subnet': askPool({ resolution: 'raw', limit: 50 }),
  '30 days of a subnet, 720 hours': askPool({ from: daysAgo(30), points: 720 }),
  '365 days of a subnet in 500 points': askPool({ from: daysAgo(365), points: 500 }),
  'a wallet’s value over a year, by day': ({ dataSource, wallets }) => {
    const repository = new NavSnapshotRepository(dataSource);
    return (turn) => repository.series(`wallet-${1 + (turn % wallets)}`, 'day');
  },
};

/** Reads through the readers of the routes, over three sizes of the same three years. */
export async function run(context: BenchContext): Promise<Figure[]> {
  const pasts: Past[] = [];
  try {
    for (const [subnets, wallets] of context.quick ? SIZES.slice(0, 1) : SIZES) {
      pasts.push(await load(context, subnets, wallets));
    }
    const reads = await measureReads(context, pasts);
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

async function measureReads({ runs, quick }: BenchContext, pasts: readonly Past[]): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [question, ask] of Object.entries(QUESTIONS)) {
    const contestants = Object.fromEntries(pasts.map((past) => [sizeOf(past), averageMs(ask(past))]));
    const [small, middle, large] = Object.values(await byTurns(runs * 3, contestants));
    const [, middleSize, largeSize] = pasts.map(sizeOf);
    if (quick || middle === undefined || large === undefined) {
      figures.push({ group: name, name: question, unit: 'ms', value: small ?? NaN });
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

/** The whole answer but for HTTP: how fresh it is, which rows are kept, which resolution fits, and the points. */
function askPool(query: { resolution?: 'raw'; limit?: number; points?: number; from?: Date }): Question {
  return ({ dataSource, subnets }) => {
    const dated = new DatedDatasetRepository(dataSource);
    const rows = new SubnetReadRepository(dataSource, dated);
    const catalogue = new SubnetCatalogue(dated, rows);
    const reader = new SubnetHistoryReader(catalogue, new PoolSeriesRepository(dataSource), testSettings());
    const whole = { generation: 'current', order: 'desc', limit: 50, to: loadedTo(), ...query } as const;
    return (turn) => reader.read(1 + (turn % subnets), whole);
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
