import { Logger } from '@nestjs/common';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { ENDPOINTS, type Endpoint } from '../../src/taostats';
import { readPage } from '../../src/taostats/page-rows';
import { decode } from '../../src/taostats/wire/decode';
import { DEMO_WALLETS, type RunningSimulator, startSimulator } from '../simulator';
import { EvilServer } from '../support/evil-server';
import { SyncRig } from '../support/sync-rig';
import { taostatsRig } from '../support/taostats-rig';
import { connect, createTestDatabase, type TestDatabase } from '../support/test-database';
import { mutate, mutations } from './rig/mutate';

const PAYLOADS = 10_000;
/** So many of them go all the way into PostgreSQL. */
const STORED = 150;
/** The same payloads in every run, except in the full suite, which looks for new ones. */
const SEED = process.env['CHAOS_FULL'] === '1' ? {} : { seed: 20_260_111 };
const ROWS = 3;

interface Sample {
  endpoint: Endpoint<object>;
  body: string;
}

/** A small true answer of every endpoint that the simulated plan includes. */
async function samplesOf(simulator: RunningSimulator): Promise<Sample[]> {
  const [coldkey = ''] = DEMO_WALLETS;
  const account = await ask(simulator, `/api/account/latest/v1?address=${coldkey}`);
  const [held] = (
    JSON.parse(account) as { data: { alpha_balances: { hotkey: string; netuid: number }[] }[] }
  ).data.flatMap((row) => row.alpha_balances);
  const values: Record<string, string> = {
    asset: 'tao',
    period: '1d',
    address: coldkey,
    coldkey,
    hotkey: held?.hotkey ?? '',
    netuid: String(held?.netuid ?? 1),
    input_tokens: '1000000000',
    direction: 'tao_to_alpha',
  };
  const samples: Sample[] = [];
  for (const endpoint of Object.values(ENDPOINTS) as unknown as Endpoint<object>[]) {
    if (endpoint.method !== 'GET') continue;
    const query = new URLSearchParams(endpoint.required.map((name): [string, string] => [name, values[name] ?? '']));
    if (endpoint.pageSize !== null) query.set('limit', String(ROWS));
    const body = await ask(simulator, `${endpoint.path}?${query.toString()}`);
    const parsed = JSON.parse(body) as { data?: unknown[] };
    if (parsed.data !== undefined) parsed.data = parsed.data.slice(0, ROWS);
    if (parsed.data?.length !== 0) samples.push({ endpoint, body: JSON.stringify(parsed) });
  }
  return samples;
}

async function ask(simulator: RunningSimulator, path: string): Promise<string> {
  const answer = await fetch(simulator.url + path, { headers: { authorization: 'fuzz' } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.text();
}

function read({ endpoint }: Sample, body: Buffer) {
  const decoded = decode({ status: 200, contentType: 'application/json', body }, (text) => text);
  if (decoded.kind !== 'json') return null;
  const page = readPage(endpoint, decoded.value, { query: {}, validate: true });
  return 'violation' in page ? null : page;
}

describe('ten thousand answers that nobody should send', () => {
  let simulator: RunningSimulator;
  let samples: Sample[];

  beforeAll(async () => {
    Logger.overrideLogger(false);
    simulator = await startSimulator({ port: 0, paid: true, speed: 0 });
    samples = await samplesOf(simulator);
  });

  afterAll(() => simulator.close());

  it('have true answers to begin with, of nearly every endpoint, all of them accepted', () => {
    expect(samples.length).toBeGreaterThanOrEqual(15);
    for (const sample of samples) {
      const page = read(sample, Buffer.from(sample.body));
      expect({ path: sample.endpoint.path, rejected: page?.rejected }).toEqual({
        path: sample.endpoint.path,
        rejected: [],
      });
      expect(page?.rows.length).toBeGreaterThan(0);
    }
  });

  it('crash nothing, and no row passes that its class does not accept', () => {
    let accepted = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.nat(), mutations, (index, changes) => {
        const sample = samples[index % samples.length];
        if (sample === undefined) return;
        const page = read(sample, mutate(sample.body, changes));
        if (page === null) {
          refused += 1;
          return;
        }
        refused += page.rejected.length;
        for (const row of page.rows) {
          accepted += 1;
          // By class-validator itself, not by the compiled form that accepted the row.
          const { constructor: _unasked, ...fields } = row;
          expect(validateSync(Object.assign(new sample.endpoint.payload(), fields))).toEqual([]);
          expect(sample.endpoint.naturalKey(row)).not.toContain('undefined');
        }
        expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      }),
      { numRuns: PAYLOADS, ...SEED },
    );
    // Neither all nor nothing passed: the mutations reach what validation is there for.
    expect(accepted).toBeGreaterThan(PAYLOADS / 20);
    expect(refused).toBeGreaterThan(PAYLOADS / 20);
  });

  describe('through the runner into PostgreSQL', () => {
    let database: TestDatabase;
    let dataSource: DataSource;
    let upstream: EvilServer;

    beforeAll(async () => {
      database = await createTestDatabase();
      dataSource = await connect(database);
      upstream = await EvilServer.start();
    });

    afterAll(async () => {
      await upstream.close();
      await dataSource.destroy();
      await database.drop();
    });

    it('leave only rows that are valid, and every run with an end', async () => {
      const body = await ask(simulator, '/api/dtao/pool/latest/v1?limit=200&order=netuid_asc');
      const client = taostatsRig(upstream.url, { apiMaxRetries: 0 });
      const rig = await SyncRig.create(dataSource, { client: client.client });
      await rig.register('pools');
      const states = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(mutations, async (changes) => {
          // The gates that a bad answer closes are another test's matter.
          client.gates.gates.clear();
          await client.clock.advance(61_000);
          const bytes = mutate(body, changes);
          upstream.play((response) => {
            response.writeHead(200, { 'content-type': 'application/json' });
            response.end(bytes);
          });
          const run = await rig.sync('pools');
          states.set(run.state, (states.get(run.state) ?? 0) + 1);
          expect(['applied', 'confirmed', 'protected', 'failed']).toContain(run.state);
          expect(await rig.query(UNFIT)).toEqual([]);
        }),
        { numRuns: STORED, ...SEED },
      );
      expect(states.get('applied')).toBeGreaterThan(0);
      expect((states.get('failed') ?? 0) + (states.get('protected') ?? 0)).toBeGreaterThan(0);
    });
  });
});

/** Stored pools that no valid answer could have left. */
const UNFIT = `
  SELECT netuid, price, total_tao FROM pools
   WHERE price IS NULL OR price = 'NaN' OR price < 0 OR price >= 1e30 OR total_tao IS NULL OR total_tao = 'NaN'
      OR total_tao < 0 OR total_tao >= 1e30 OR total_tao <> trunc(total_tao) OR alpha_in_pool <> trunc(alpha_in_pool)
      OR netuid NOT BETWEEN 0 AND 65535 OR timestamp NOT BETWEEN '2021-01-01' AND '2100-01-01'
      OR name ~ '[\\u202a-\\u202e]' OR length(name) > 10000`;
