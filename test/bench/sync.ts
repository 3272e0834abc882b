import type { DataSource } from 'typeorm';
import { type RunningSimulator, startSimulator } from '../simulator';
import { SyncRig } from '../support/sync-rig';
import { connect } from '../support/test-database';
import type { BenchContext, Figure } from './figure';
import { byTurns, timed } from './measure';

export const name = 'sync';

const DATASETS = ['subnets', 'pools'];
const KEY = 'tao-bench-key:00000000';
const LATENCIES_MS = [0, 50];
/** Of the chain's clock between two runs, so that every row has changed. */
const BETWEEN_SECONDS = 600;

/** A sync of all subnets and pools from the queue's row to the commit, beside its HTTP calls and inserts alone. */
export async function run(context: BenchContext): Promise<Figure[]> {
  const simulator = await startSimulator({ ratePerMinute: 1_000_000, speed: 0 });
  const database = await context.createDatabase();
  const dataSource = await connect(database);
  try {
    const rig = await SyncRig.create(dataSource, { url: simulator.url });
    rig.module.useLogger(false);
    await rig.register(...DATASETS);
    const figures: Figure[] = [];
    for (const latencyMs of LATENCIES_MS) {
      simulator.clearFaults();
      simulator.addFault({ match: '/api/', fault: { kind: 'latency', ms: latencyMs } });
      figures.push(await measure(context, { rig, simulator, bare: await BareSync.open(dataSource), latencyMs }));
    }
    return figures;
  } finally {
    await dataSource.destroy();
    await database.drop();
    await simulator.close();
  }
}

interface Sides {
  rig: SyncRig;
  simulator: RunningSimulator;
  bare: BareSync;
  latencyMs: number;
}

async function measure({ runs }: BenchContext, { rig, simulator, bare, latencyMs }: Sides): Promise<Figure> {
  const syncAll = async (): Promise<void> => {
    for (const dataset of DATASETS) {
      const { state, rowsChanged, reasonCode } = await rig.sync(dataset);
      if (state !== 'applied') throw new Error(`the sync of ${dataset} ended ${state}: ${reasonCode}`);
      if (dataset === 'pools' && rowsChanged < 100) throw new Error(`only ${rowsChanged} pools changed`);
    }
  };
  simulator.advance(BETWEEN_SECONDS);
  simulator.clearLog();
  await syncAll();
  const asked = simulator.log('/api/').map(({ path, query }) => `${simulator.url}${path}?${query}`);
  const times = await byTurns(runs, {
    ours: () => {
      simulator.advance(BETWEEN_SECONDS);
      return timed(syncAll);
    },
    bare: () => {
      simulator.advance(BETWEEN_SECONDS);
      return timed(() => bare.sync(asked));
    },
  });
  return {
    group: name,
    name: `129 subnets and 129 pools at ${latencyMs} ms of latency: what the sync adds`,
    unit: 'ms',
    value: times.ours - times.bare,
    reference: { name: `${asked.length} HTTP calls and the inserts`, value: times.bare },
    floor: { atMost: 150 },
    note: `${times.ours.toFixed(0)} ms in all`,
  };
}

/** The same calls, and their rows into tables without keys, checks or history by hours: no guard, no ledger. */
class BareSync {
  private constructor(private readonly dataSource: DataSource) {}

  static async open(dataSource: DataSource): Promise<BareSync> {
    for (const table of ['pools', 'subnets']) {
      await dataSource.query(`CREATE TABLE IF NOT EXISTS bare_${table} AS TABLE ${table} WITH NO DATA`);
    }
    return new BareSync(dataSource);
  }

  async sync(urls: readonly string[]): Promise<void> {
    for (const url of urls) {
      const answer = await fetch(url, { headers: { authorization: KEY, 'accept-encoding': 'gzip' } });
      const { data } = (await answer.json()) as { data: object[] };
      const table = url.includes('/pool/') ? 'bare_pools' : 'bare_subnets';
      await this.dataSource.transaction(async (manager) => {
        // Once for the state of now, once for the history.
        for (let copy = 0; copy < 2; copy += 1) {
          await manager.query(`INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1::json)`, [
            JSON.stringify(data),
          ]);
        }
      });
    }
  }
}
