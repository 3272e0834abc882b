import { Client } from 'pg';
import { expectReads, GOOD, POOL, holdTable, idleBackend, waitingBackend, withoutRun } from './rig/database-faults';
import type { ChaosCase } from './rig/chaos-case';
import type { ChaosWorld } from './rig/chaos-world';
import type { Pack } from './rig/readings';
import { TinyDisk } from './rig/tiny-disk';

/** PostgreSQL itself in trouble: away, cut, locked, full, only reading. */
const APPLY_IS_SHOWN = { nothing: 'the transaction is run again within the same run' };

/** Until the chain has other figures. */
const NEWS_SECONDS = 700;

async function hasIssue(world: ChaosWorld, code: string): Promise<boolean> {
  const pack: Pack = await world.pack;
  return pack.overall_health.issues.some((issue) => issue.code === code);
}

let disk: TinyDisk | null = null;
let crowd: Client[] = [];

export const POSTGRES_CASES: readonly ChaosCase[] = [
  {
    id: 'P1',
    title: 'PostgreSQL absent at boot',
    async inject(world) {
      await world.databaseNetwork.cut();
      await world.service.stop();
      await world.service.restart('/livez');
    },
    async expect(world) {
      const ready = await fetch(`${world.service.url}/readyz`);
      expect(ready.status).toBe(503);
      const read = await fetch(`${world.service.url}/api/v1/subnets`);
      expect([read.status, read.headers.get('retry-after')]).toEqual([503, '5']);
    },
    async remove(world) {
      await world.databaseNetwork.restore();
      await world.service.until('/readyz', () => true);
    },
    shows: ['database_down'],
    exempt: { I7: 'the process was restarted' },
  },
  {
    id: 'P2',
    title: 'PostgreSQL dies in the middle of a transaction',
    async inject(world) {
      await withoutRun(world, 'pools', NEWS_SECONDS);
      const held = await holdTable(world, 'pools');
      await world.rows("UPDATE dataset_states SET next_due_at = clock_timestamp() WHERE dataset = 'pools'");
      await waitingBackend(world, 'pools');
      const asked = world.requests(POOL).length;
      const run = await world.lastRun('pools');
      // As `pg_ctl stop -m immediate` does; it is started again by whoever runs it.
      process.kill(world.postgres?.pid ?? 0, 'SIGQUIT');
      await held.release();
      await world.reconnect();
      const good = await world.eventually('the run has gone on', async () => {
        const last = await world.lastRun('pools');
        return last !== null && GOOD.includes(last.state) ? last : null;
      });
      // A server that is back soon finds the run trying again; else the next one takes over what was fetched.
      expect(good).toMatchObject(
        good.id === run?.id ? { state: 'applied' } : { state: 'applied', calls: 0, reason_code: 'sync/resumed' },
      );
      expect(world.requests(POOL)).toHaveLength(asked);
    },
    expect: expectReads,
    shows: { nothing: 'the server is back within a second; a longer absence is P1' },
  },
  {
    id: 'P3',
    title: 'the backend is terminated in the middle of an apply',
    async inject(world) {
      await withoutRun(world, 'pools', NEWS_SECONDS);
      const held = await holdTable(world, 'pools');
      await world.rows("UPDATE dataset_states SET next_due_at = clock_timestamp() WHERE dataset = 'pools'");
      const pid = await waitingBackend(world, 'pools');
      const run = await world.lastRun('pools');
      await world.rows('SELECT pg_terminate_backend($1)', [pid]);
      await held.release();
      await world.idle('pools');
      expect(await world.lastRun('pools')).toMatchObject({ id: run?.id, state: 'applied' });
    },
    expect: expectReads,
    shows: APPLY_IS_SHOWN,
  },
  {
    id: 'P4',
    title: 'the table is locked for longer than an apply waits',
    async inject(world) {
      await withoutRun(world, 'pools', NEWS_SECONDS);
      const held = await holdTable(world, 'pools');
      await world.rows("UPDATE dataset_states SET next_due_at = clock_timestamp() WHERE dataset = 'pools'");
      await waitingBackend(world, 'pools');
      await expectReads(world);
      await world.idle('pools');
      expect(await world.lastRun('pools')).toMatchObject({ state: 'failed', reason_code: 'sync/database-failure' });
      await world.eventually('the pack shows it', () => hasIssue(world, 'dataset_failing'));
      await held.release();
    },
    expect: () => Promise.resolve(),
    shows: { nothing: 'looked at while the lock is held' },
  },
  {
    id: 'P5',
    title: 'disk full (53100)',
    notInjectable: () => TinyDisk.unavailable(),
    async inject(world) {
      const [month] = await world.rows("SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', '_YYYY_MM') AS suffix");
      disk = await TinyDisk.fill(world, `pool_history${month?.['suffix']}`);
      await withoutRun(world, 'pools', NEWS_SECONDS);
    },
    async expect(world) {
      const run = await world.scheduled('pools');
      expect(run).toMatchObject({ state: 'failed', reason_code: 'database/disk-full' });
      await expectReads(world);
    },
    async remove(world) {
      await disk?.remove(world);
      disk = null;
    },
    shows: ['disk_full'],
  },
  {
    id: 'P6',
    title: 'deadlock and serialization failure',
    async inject(world) {
      await withoutRun(world, 'pools', NEWS_SECONDS);
      const held = await holdTable(world, 'pools', 'ROW');
      await world.rows("UPDATE dataset_states SET next_due_at = clock_timestamp() WHERE dataset = 'pools'");
      await waitingBackend(world, 'pools');
      // The rows are written in the order of their keys: the run has all below, and waits for this one.
      await held.takeFirstRow();
      await held.release();
      await world.idle('pools');
      expect(await world.lastRun('pools')).toMatchObject({ state: 'applied' });
      await world.rows('CREATE SEQUENCE chaos_conflicts');
      await world.rows(
        `CREATE FUNCTION chaos_conflict() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
           IF nextval('chaos_conflicts') < 3 THEN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END IF;
           RETURN NEW; END $$`,
      );
      await world.rows(
        'CREATE TRIGGER chaos_conflict BEFORE UPDATE ON pools FOR EACH ROW EXECUTE FUNCTION chaos_conflict()',
      );
      await withoutRun(world, 'pools', NEWS_SECONDS);
      expect(await world.scheduled('pools')).toMatchObject({ state: 'applied' });
      const [row] = await world.rows('SELECT last_value FROM chaos_conflicts');
      expect(Number(row?.['last_value'])).toBeGreaterThan(2);
    },
    expect: expectReads,
    async remove(world) {
      await world.rows('DROP TRIGGER chaos_conflict ON pools');
      await world.rows('DROP FUNCTION chaos_conflict(); DROP SEQUENCE chaos_conflicts');
    },
    shows: APPLY_IS_SHOWN,
  },
  {
    id: 'P7',
    title: 'no connection is left (53300)',
    async inject(world) {
      const [row] = await world.rows("SELECT current_setting('max_connections') AS most");
      crowd = await crowdOut(world, Number(row?.['most']));
    },
    async expect(world) {
      const read = await world.eventually('a read is refused', async () => {
        const answer = await fetch(`${world.service.url}/api/v1/runs`);
        return answer.status === 503 ? answer : null;
      });
      expect(read.headers.get('retry-after')).toBe('5');
    },
    async remove() {
      await Promise.all(crowd.map((client) => client.end()));
      crowd = [];
    },
    shows: ['database_down'],
  },
  {
    id: 'P8',
    title: 'failover to a server that only reads (25006)',
    async inject(world) {
      await world.rows('SET default_transaction_read_only = off');
      await world.rows('ALTER SYSTEM SET default_transaction_read_only = on');
      await world.rows('SELECT pg_reload_conf()');
    },
    async expect(world) {
      await expectReads(world);
      const refused = await world.eventually('a change is refused', async () => {
        const answer = await fetch(`${world.service.url}/api/v1/tasks/sync?datasets=pools`, { method: 'POST' });
        return answer.status === 503 ? answer : null;
      });
      expect(await refused.json()).toMatchObject({ code: 'database/read-only' });
      expect(refused.headers.get('retry-after')).toBe('10');
    },
    async remove(world) {
      await world.rows('ALTER SYSTEM RESET default_transaction_read_only');
      await world.rows('SELECT pg_reload_conf()');
    },
    shows: ['database_read_only'],
  },
  {
    id: 'P9',
    title: 'the connection is lost when the commit was sent',
    async inject(world) {
      const [before] = await world.rows('SELECT max(block_number) AS block FROM pools');
      await withoutRun(world, 'pools', NEWS_SECONDS);
      world.databaseNetwork.severAfter(['INSERT INTO pools AS t', 'COMMIT']);
      const run = await world.scheduled('pools');
      expect(run).toMatchObject({ state: 'applied' });
      const [after] = await world.rows('SELECT max(block_number) AS block FROM pools');
      expect(Number(after?.['block'])).toBeGreaterThan(Number(before?.['block']));
      const [history] = await world.rows('SELECT count(*) AS rows FROM pool_history WHERE run_id = $1', [run.id]);
      expect(Number(history?.['rows'])).toBe(run.rows_changed);
      expect(world.databaseNetwork.severed).toBe(1);
    },
    expect: expectReads,
    remove: (world) => world.databaseNetwork.severAfter(null),
    shows: { nothing: 'the ledger says what happened, so nothing is wrong' },
  },
  {
    id: 'P9b',
    title: 'the server ends a transaction that stood idle (25P03)',
    async inject(world) {
      await withoutRun(world, 'pools', NEWS_SECONDS);
      // The rows are written, but the service does not hear of it: so it does not go on.
      world.databaseNetwork.muteAfter('INSERT INTO pools AS t');
      await world.rows("UPDATE dataset_states SET next_due_at = clock_timestamp() WHERE dataset = 'pools'");
      const pid = await idleBackend(world, 'pools');
      const run = await world.lastRun('pools');
      await world.eventually('the server has ended it', async () => {
        const alive = await world.rows('SELECT FROM pg_stat_activity WHERE pid = $1', [pid]);
        return alive.length === 0;
      });
      world.databaseNetwork.thaw();
      await world.idle('pools');
      expect(await world.lastRun('pools')).toMatchObject({ id: run?.id, state: 'applied', reason_code: null });
    },
    expect: expectReads,
    shows: APPLY_IS_SHOWN,
  },
];

/** Takes every connection that the server gives, those of the service included. */
async function crowdOut(world: ChaosWorld, most: number): Promise<Client[]> {
  const clients: Client[] = [];
  const url = world.postgres?.url;
  const cutService = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name LIKE 'tao-treasury%' AND application_name <> 'tao-treasury presence'`;
  for (let refused = 0; refused < 20 && clients.length < most;) {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    const isConnected = await client.connect().then(
      () => true,
      () => false,
    );
    if (isConnected) clients.push(client);
    else {
      refused += 1;
      await world.rows(cutService);
    }
  }
  return clients;
}
