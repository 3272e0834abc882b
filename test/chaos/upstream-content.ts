import type { Fault } from '../simulator';
import type { ChaosCase } from './rig/chaos-case';
import type { ChaosWorld } from './rig/chaos-world';
import { POOL } from './upstream-limits';

const OHLC = '/api/price/ohlc';

const PROTECTED = ['dataset_protected:pools'] as const;
const FAILING = ['dataset_failing:pools'] as const;
const UNHARMED = { nothing: 'the answer is accepted as it is: nothing is wrong with the data' } as const;

async function recordsOf(world: ChaosWorld): Promise<number> {
  const [row] = await world.rows('SELECT count(*) AS n FROM pools WHERE missing_since IS NULL');
  return Number(row?.['n']);
}

interface Answered {
  id: string;
  title: string;
  /** One after the other; each must end in the same way. */
  faults: readonly Fault[];
  state: RegExp;
  code?: RegExp;
  shows: ChaosCase['shows'];
}

/** A case whose faults are answers to one request each: the run must end as told and leave every row where it was. */
function answered({ id, title, faults, state, code, shows }: Answered): ChaosCase {
  return {
    id,
    title,
    inject: () => undefined,
    async expect(world) {
      const records = await recordsOf(world);
      for (const fault of faults) {
        world.simulator.clearFaults();
        world.fault(fault, POOL);
        const run = await world.scheduled('pools');
        expect({ fault, state: run.state }).toEqual({ fault, state: expect.stringMatching(state) as string });
        if (code !== undefined) expect(run.reason_code).toMatch(code);
        expect(await recordsOf(world)).toBe(records);
        // A breaker that opens between two of them would hide the second.
        await world.pass(65);
      }
    },
    shows,
    recoveryStepSeconds: 120,
  };
}

const body = (text: string): Fault => ({ kind: 'body', body: text });

export const CONTENT_CASES: readonly ChaosCase[] = [
  answered({
    id: 'U14',
    title: 'JSON that ends before its Content-Length',
    faults: [{ kind: 'truncate', mode: 'content_length' }],
    state: /^failed$/,
    code: /^taostats\/bad-payload$/,
    shows: FAILING,
  }),
  answered({
    id: 'U15',
    title: 'half a JSON document in an answer that closes in order',
    faults: [{ kind: 'truncate', mode: 'chunked' }],
    state: /^failed$/,
    code: /^taostats\/bad-payload$/,
    shows: FAILING,
  }),
  answered({
    id: 'U16',
    title: 'a truncation that is valid JSON, and no rows where rows are promised',
    faults: [
      { kind: 'truncate', mode: 'complete' },
      { kind: 'empty_data', keepTotal: true },
    ],
    state: /^failed$/,
    code: /^taostats\/(contract|drifted)$/,
    shows: FAILING,
  }),
  answered({
    id: 'U17',
    title: 'HTML with 200, a captcha, an empty 200, 204',
    faults: [{ kind: 'html' }, body('<html>captcha</html>'), { kind: 'empty_body' }, { kind: 'no_content' }],
    state: /^failed$/,
    code: /^taostats\/(bad-payload|breaker-open)$/,
    shows: FAILING,
  }),
  answered({
    id: 'U18',
    title: 'JSON under a wrong content type, and in Latin-1',
    faults: [
      { kind: 'wrong_content_type' },
      { kind: 'body', body: '{"data":[]}', headers: { 'content-type': 'text/html' } },
    ],
    state: /^failed$/,
    code: /^taostats\/bad-payload$/,
    shows: FAILING,
  }),
  answered({
    id: 'U18b',
    title: 'JSON that begins with a byte order mark',
    faults: [{ kind: 'bom' }],
    state: /^(applied|confirmed)$/,
    shows: UNHARMED,
  }),
  answered({
    id: 'U19',
    title: 'no rows for a while',
    faults: [{ kind: 'empty_data' }, { kind: 'empty_data' }, { kind: 'empty_data' }],
    state: /^protected$/,
    code: /^sync\/insufficient-data$/,
    shows: PROTECTED,
  }),
  answered({
    id: 'U19b',
    title: '`data` is null, and missing',
    faults: [{ kind: 'data_null' }, { kind: 'data_missing' }],
    state: /^failed$/,
    code: /^taostats\/contract$/,
    shows: FAILING,
  }),
  answered({
    id: 'U20',
    title: 'a page of 50 where the paging says more',
    faults: [{ kind: 'short_page', rows: 50 }],
    state: /^failed$/,
    code: /^taostats\/drifted$/,
    shows: FAILING,
  }),
  {
    id: 'U21',
    title: 'a row is inserted, and one deleted, between two pages',
    dataset: 'price_history',
    async inject(world) {
      // All days are asked for again, which takes several pages.
      await world.rows('DELETE FROM price_history');
    },
    async expect(world) {
      world.fault({ kind: 'page_drift', direction: 'deleted' }, OHLC);
      expect(await world.scheduled('price_history')).toMatchObject({
        state: 'failed',
        reason_code: 'taostats/drifted',
      });
      expect(await world.rows('SELECT day FROM price_history')).toEqual([]);
      world.simulator.clearFaults();
      world.fault({ kind: 'page_drift', direction: 'inserted' }, OHLC);
      await world.pass(65);
      expect((await world.scheduled('price_history')).state).toMatch(/^(applied|confirmed|failed)$/);
      const [row] = await world.rows('SELECT count(*) AS n, count(DISTINCT day) AS days FROM price_history');
      expect(row?.['n']).toBe(row?.['days']);
    },
    recoveryStepSeconds: 7 * 3600,
    shows: { nothing: 'the second drift is of a list that grows, where a row that moves to the next page is expected' },
  },
  answered({
    id: 'U22',
    title: 'rows twice in a page, equal and contradicting',
    faults: [
      { kind: 'duplicate_rows', rows: 3 },
      { kind: 'duplicate_rows', rows: 3, conflicting: true },
    ],
    state: /^failed$/,
    code: /^taostats\/drifted$/,
    shows: FAILING,
  }),
  answered({
    id: 'U23',
    title: 'paging that lies: a loop, a page that is ignored, a thousand million pages',
    faults: [
      { kind: 'page_loop', mode: 'next_page' },
      { kind: 'page_loop', mode: 'page_ignored' },
      { kind: 'page_loop', mode: 'endless' },
    ],
    state: /^(failed|applied|confirmed)$/,
    shows: {
      nothing: 'a next page beyond the rows that were promised is not asked for, so a whole first page is accepted',
    },
  }),
  {
    id: 'U24',
    title: 'three rows in ten are missing',
    inject: (world) => world.fault({ kind: 'drop_rows', fraction: 0.3 }, POOL),
    async expect(world) {
      const records = await recordsOf(world);
      expect(await world.scheduled('pools')).toMatchObject({ state: 'protected', reason_code: 'sync/shrunk' });
      expect(await world.scheduled('pools')).toMatchObject({ state: 'protected', reason_code: 'sync/shrunk' });
      expect(await recordsOf(world)).toBe(records);
    },
    shows: PROTECTED,
  },
  {
    id: 'U24b',
    title: 'three rows in ten are missing three times over two intervals',
    inject: (world) => world.fault({ kind: 'drop_rows', fraction: 0.3 }, POOL),
    async expect(world) {
      const records = await recordsOf(world);
      const first = await world.scheduled('pools');
      await world.pass(610);
      expect((await world.scheduled('pools')).state).toBe('protected');
      await world.pass(610);
      // The schedule may have come before.
      await world.scheduled('pools');
      const believed = await world.rows(
        "SELECT state FROM sync_runs WHERE dataset = 'pools' AND id > $1 AND reason_code = 'sync/shrink-accepted'",
        [first.id],
      );
      expect(believed).toEqual([{ state: 'applied' }]);
      expect(await recordsOf(world)).toBeLessThan(records);
    },
    shows: { nothing: 'what repeats is believed; the run says so in its reason' },
  },
  {
    id: 'U25',
    title: 'prices become numbers, netuids text, an object text',
    inject: () => undefined,
    async expect(world) {
      world.fault({ kind: 'numbers_as_numbers' }, POOL);
      expect((await world.scheduled('pools')).state).toMatch(/^(applied|confirmed)$/);
      world.simulator.clearFaults();
      // Text inside the lists of prices as well: no row is what its class says.
      world.fault({ kind: 'numbers_as_strings' }, POOL);
      await world.pass(60);
      expect((await world.scheduled('pools')).state).toBe('protected');
      world.simulator.clearFaults();
      world.fault({ kind: 'corrupt_row', field: 'total_tao', raw: '{"rao":1}', netuid: 7 }, POOL);
      await world.scheduled('pools');
      const kept = await world.rows("SELECT key FROM quarantine WHERE dataset = 'pools' AND key = '7'");
      expect(kept).toHaveLength(1);
    },
    shows: ['rows_kept_back:pools'],
  },
  {
    id: 'U26',
    title: 'a field is new, gone, renamed',
    inject: (world) => world.fault({ kind: 'add_field', field: 'moon_phase' }, POOL),
    async expect(world) {
      expect((await world.scheduled('pools')).state).toMatch(/^(applied|confirmed)$/);
      for (const fault of [
        { kind: 'remove_field', field: 'price' },
        { kind: 'rename_field', field: 'price', to: 'cost' },
      ] as const) {
        world.simulator.clearFaults();
        world.fault(fault, POOL);
        expect((await world.scheduled('pools')).state).toBe('protected');
      }
    },
    shows: PROTECTED,
  },
  {
    id: 'U27',
    title: 'NaN, Infinity, 1e400, -1, 2^64-1 and 27 decimals',
    inject: () => undefined,
    async expect(world) {
      for (const [netuid, value] of [
        [3, 'NaN'],
        [4, 'Infinity'],
        [5, '1e400'],
        [6, '-1'],
      ] as const) {
        world.simulator.clearFaults();
        world.fault({ kind: 'corrupt_row', field: 'price', value, netuid }, POOL);
        await world.pass(20);
        expect((await world.scheduled('pools')).state).toBe('applied');
        const [row] = await world.rows('SELECT price FROM pools WHERE netuid = $1', [String(netuid)]);
        expect(Number(row?.['price'])).toBeGreaterThan(0);
        expect(Number(row?.['price'])).toBeLessThan(1e6);
      }
      const exact = '0.012345678901234567890123456';
      for (const [field, value] of [
        ['total_alpha', '18446744073709551615'],
        ['last_price', exact],
      ] as const) {
        world.simulator.clearFaults();
        world.fault({ kind: 'corrupt_row', field, value, netuid: 9 }, POOL);
        await world.pass(20);
        await world.scheduled('pools');
        const [row] = await world.rows(`SELECT ${field} AS figure FROM pools WHERE netuid = 9`);
        expect(row?.['figure']).toBe(value);
      }
    },
    shows: {
      nothing:
        'the last answers hold figures that are valid and stored exactly; the quarantined rows were shown before',
    },
  },
  {
    id: 'U28',
    title: 'the index stands still for two hours',
    inject: (world) => world.fault({ kind: 'frozen', block: world.simulator.world.head() }, POOL),
    async expect(world) {
      await world.scheduled('pools');
      const count = async (): Promise<string | null | undefined> =>
        (await world.rows('SELECT count(*) AS n FROM pool_history WHERE netuid = 7'))[0]?.['n'];
      const before = await count();
      for (let round = 0; round < 3; round += 1) {
        await world.pass(2_400);
        await world.scheduled('pools');
      }
      const { datasets } = await world.pack;
      expect(datasets['pools']?.trust).not.toBe('ok');
      expect(await count()).toBe(before);
    },
    shows: ['dataset_stale:pools'],
  },
  {
    id: 'U29',
    title: 'an answer from an hour ago',
    inject: (world) => world.fault({ kind: 'time_travel', blocks: 300 }, POOL),
    async expect(world) {
      expect(await world.scheduled('pools')).toMatchObject({ state: 'protected', reason_code: 'sync/older-answer' });
    },
    shows: PROTECTED,
  },
  {
    id: 'U30',
    title: 'a netuid is registered again',
    dataset: 'subnets',
    inject: (world) => world.fault({ kind: 'reregistered', netuid: 12 }, '/api/subnet/latest'),
    async expect(world) {
      expect((await world.scheduled('subnets')).state).toBe('applied');
      const generations = await world.rows('SELECT * FROM subnet_generations WHERE netuid = 12');
      expect(generations).toHaveLength(2);
      expect(generations.filter((generation) => generation['closed_at'] === null)).toHaveLength(1);
    },
    shows: { nothing: 'a subnet that is sold is news, not a fault' },
    exempt: {
      I4: 'the simulator takes the registration back, which no chain does: the generation that is newer stands',
    },
  },
  {
    id: 'U39',
    title: 'an answer that holds our key, a script, bidi marks, and __proto__',
    inject: () => undefined,
    async expect(world) {
      world.fault({ kind: 'echo_key', status: 500 }, POOL, { times: 3 });
      expect((await world.scheduled('pools')).state).toBe('failed');
      await world.pass(65);
      const nasty = '\u202egnp<script>alert(1)</script>';
      world.simulator.clearFaults();
      world.fault({ kind: 'corrupt_row', field: 'name', value: nasty, netuid: 5 }, POOL);
      expect((await world.scheduled('pools')).state).toBe('applied');
      const [row] = await world.rows('SELECT name FROM pools WHERE netuid = 5');
      expect(row?.['name']).toBe('gnp<script>alert(1)</script>');
      world.simulator.clearFaults();
      world.fault(body('{"__proto__":{"data":[]},"constructor":{"prototype":{"polluted":1}}}'), POOL);
      expect((await world.scheduled('pools')).reason_code).toBe('taostats/contract');
    },
    shows: FAILING,
  },
];
