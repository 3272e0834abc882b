import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import type { DataSource, EntityMetadata } from 'typeorm';
import { Pool, SnapshotRepository, UnitOfWork } from '../../src/database';
import { connect } from '../support/test-database';
import { type BenchContext, type Figure, compared } from './figure';
import { byTurns, median, timed } from './measure';

export const name = 'write';

/** The whole network; all validator yields; a hundred thousand positions. */
const SIZES = [129, 6_000, 100_000];
/** TypeORM's `save` needs minutes for more. */
const SAVED_AT_MOST = 6_000;
const RUN_ID = randomUUID();
const SPOOL_CHUNK = 1_000;

type PoolRow = Omit<Pool, 'runId' | 'missingSince' | 'missingSnapshots' | 'removedAt'>;

/** Rows of 45 columns, written by the repository that every snapshot goes through. */
export async function run(context: BenchContext): Promise<Figure[]> {
  const database = await context.createDatabase();
  const dataSource = await connect(database);
  try {
    const figures: Figure[] = [];
    for (const size of context.quick ? SIZES.slice(0, 2) : SIZES) {
      context.say(`${size} rows`);
      figures.push(...(await measure(context, new Writers(dataSource), size)));
    }
    return figures;
  } finally {
    await dataSource.destroy();
    await database.drop();
  }
}

async function measure({ runs }: BenchContext, writers: Writers, size: number): Promise<Figure[]> {
  const perSecond = (milliseconds: number): number => (size * 1000) / milliseconds;
  const large = size > SAVED_AT_MOST;
  const rounds = large ? 3 : size > 1_000 ? Math.min(runs, 3) : runs;
  const fresh = async (write: (rows: PoolRow[]) => Promise<unknown>): Promise<number> => {
    await writers.empty();
    const rows = poolRows(size, 1);
    return perSecond(await timed(() => write(rows)));
  };
  const inserted = await byTurns<'ours' | 'copy' | 'save'>(rounds, {
    ours: () => fresh((rows) => writers.ours(rows)),
    copy: () => fresh((rows) => writers.copy(rows)),
    save: () => (large ? Promise.resolve(NaN) : fresh((rows) => writers.save(rows))),
  });
  const figures = [
    compared({
      group: name,
      name: `${size} new rows`,
      unit: 'rows/s',
      value: inserted.ours,
      reference: { name: 'COPY into a temporary table, INSERT ... SELECT', value: inserted.copy },
      ...(large ? { floor: { atLeast: 0.5 } } : {}),
    }),
    ...(await measureRewriting(writers, size, rounds)),
  ];
  if (large) return figures;
  figures.push(
    compared({
      group: name,
      name: `${size} new rows, beside save()`,
      unit: 'rows/s',
      value: inserted.ours,
      reference: { name: "TypeORM's save(array)", value: inserted.save },
      ...(size === SAVED_AT_MOST ? { floor: { atLeast: 10 } } : {}),
    }),
  );
  return figures;
}

/** All rows changed, and none: time and bytes of WAL. */
async function measureRewriting(writers: Writers, size: number, rounds: number): Promise<Figure[]> {
  await writers.empty();
  let version = 1;
  await writers.ours(poolRows(size, version));
  const times = { changed: [] as number[], same: [] as number[] };
  const wal = { changed: [] as number[], same: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    version += 1;
    for (const kind of ['changed', 'same'] as const) {
      const rows = poolRows(size, version);
      const before = await writers.walPosition();
      let written = 0;
      times[kind].push(await timed(async () => (written = await writers.ours(rows))));
      wal[kind].push((await writers.walBytesSince(before)) / size);
      if (written !== (kind === 'same' ? 0 : size)) throw new Error(`${written} of ${size} ${kind} rows were written`);
    }
  }
  return [
    compared({
      group: name,
      name: `${size} rows, none changed`,
      unit: 'ms',
      value: median(times.same),
      reference: { name: 'all changed', value: median(times.changed) },
    }),
    compared({
      group: name,
      name: `WAL a row, none changed of ${size}`,
      unit: 'bytes',
      value: median(wal.same),
      reference: { name: 'all changed', value: median(wal.changed) },
    }),
  ];
}

/** Three ways for the same rows into the same table. */
class Writers {
  private readonly snapshots = new SnapshotRepository();
  private readonly unitOfWork: UnitOfWork;
  private readonly metadata: EntityMetadata;

  constructor(private readonly dataSource: DataSource) {
    this.unitOfWork = new UnitOfWork(dataSource);
    this.metadata = dataSource.getMetadata(Pool);
  }

  empty(): Promise<unknown> {
    return this.dataSource.query('TRUNCATE pools');
  }

  ours(rows: PoolRow[]): Promise<number> {
    return this.unitOfWork.run((manager) =>
      this.snapshots.upsert(manager, { entity: Pool, rows, runId: RUN_ID, newer: ['blockNumber'] }),
    );
  }

  /** The fastest way that PostgreSQL has, with neither comparison nor protection of what is stored. */
  async copy(rows: PoolRow[]): Promise<void> {
    const { columns } = this.metadata;
    const names = columns.map((column) => `"${column.databaseName}"`).join(', ');
    const runner = this.dataSource.createQueryRunner();
    try {
      const client = (await runner.connect()) as PoolClient;
      await client.query('BEGIN');
      await client.query('CREATE TEMPORARY TABLE sent (LIKE pools) ON COMMIT DROP');
      const target = client.query(copyFrom(`COPY sent (${names}) FROM STDIN`));
      const properties = columns.map((column) => column.propertyName);
      await pipeline(Readable.from(copyText(rows, properties)), target);
      await client.query(`INSERT INTO pools (${names}) SELECT ${names} FROM sent`);
      await client.query('COMMIT');
    } finally {
      await runner.release();
    }
  }

  async save(rows: PoolRow[]): Promise<void> {
    const repository = this.dataSource.getRepository(Pool);
    // Unchunked it fails beyond 65,535 parameters.
    await repository.save(
      rows.map((row) => repository.create({ ...row, ...BOOKKEEPING })),
      { chunk: SPOOL_CHUNK },
    );
  }

  async walPosition(): Promise<string> {
    const [row] = await this.dataSource.query<{ lsn: string }[]>('SELECT pg_current_wal_insert_lsn()::text AS lsn');
    return row?.lsn ?? '0/0';
  }

  async walBytesSince(position: string): Promise<number> {
    const [row] = await this.dataSource.query<{ bytes: string }[]>(
      'SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), $1::pg_lsn)::text AS bytes',
      [position],
    );
    return Number(row?.bytes);
  }
}

type Field = Date | string | number | boolean | null | undefined;

const BOOKKEEPING: Record<string, Field> = { runId: RUN_ID, missingSince: null, missingSnapshots: 0, removedAt: null };

function* copyText(rows: PoolRow[], properties: string[]): Generator<string> {
  for (let from = 0; from < rows.length; from += SPOOL_CHUNK) {
    let text = '';
    for (const row of rows.slice(from, from + SPOOL_CHUNK) as Record<string, Field>[]) {
      text += `${properties.map((property) => field(property in BOOKKEEPING ? BOOKKEEPING[property] : row[property])).join('\t')}\n`;
    }
    yield text;
  }
}

function field(value: Field): string {
  if (value === null || value === undefined) return '\\N';
  return value instanceof Date ? value.toISOString() : String(value);
}

/** Figures as long as those of TaoStats. */
function poolRows(count: number, version: number): PoolRow[] {
  const timestamp = new Date(Date.UTC(2026, 0, 1) + version * 12_000);
  return Array.from({ length: count }, (_entry, netuid) => {
    const rao = String(1_557_814_504_123 + netuid * 1_000 + version);
    const price = `0.0853797768549170136737${100_000 + netuid + version}`;
    return {
      netuid,
      registrationBlockNumber: netuid === 0 ? null : 1_000 + netuid,
      blockNumber: 7_295_491 + version,
      timestamp,
      name: `Subnet ${netuid}`,
      symbol: 'α',
      price,
      marketCap: `${rao}.5252069675607972474`,
      liquidity: `${rao}.123456789`,
      totalTao: rao,
      totalAlpha: rao,
      alphaInPool: rao,
      alphaStaked: rao,
      rootProp: '0.99999935552782825854',
      rank: netuid,
      startupMode: false,
      swapV3Initialized: true,
      enabledUserLiquidity: false,
      feeRate: '0.00050354772259098192',
      protocolProvidedTao: rao,
      protocolProvidedAlpha: rao,
      userProvidedTao: '0',
      userProvidedAlpha: '0',
      alphaSqrtPrice: '1.55781450399999999988',
      liquidityRaw: rao,
      currentTick: 8_866,
      feeGlobalTao: '0.00028102428102428083',
      feeGlobalAlpha: '0',
      fearAndGreedIndex: '51.2',
      fearAndGreedSentiment: 'neutral',
      marketCapChange1Day: '11.885850111311451678',
      priceChange1Hour: '0.12',
      priceChange1Day: '-1.184434422208799706',
      priceChange1Week: '7.7',
      priceChange1Month: '99.67066442343496209',
      taoVolume24Hr: rao,
      taoVolume24HrChange1Day: '-10.5',
      taoBuyVolume24Hr: rao,
      taoSellVolume24Hr: rao,
      alphaVolume24Hr: rao,
      alphaVolume24HrChange1Day: '3.25',
      alphaBuyVolume24Hr: rao,
      alphaSellVolume24Hr: rao,
      lastPrice: price,
      highestPrice24Hr: price,
      lowestPrice24Hr: price,
      buys24Hr: 120,
      sells24Hr: 80,
      buyers24Hr: 30,
      sellers24Hr: 20,
    };
  });
}
