import { Client } from 'pg';
import type { ChaosWorld } from './chaos-world';

export const POOL = '/api/dtao/pool/latest';
export const GOOD = ['applied', 'confirmed'];

/** What is stored is read as ever. */
export async function expectReads(world: ChaosWorld): Promise<void> {
  const answer = await world.service.json<{ data: unknown[] }>('/api/v1/subnets?limit=5');
  expect(answer.data).toHaveLength(5);
}

/** Lets time pass without the run that would then be due. */
export async function withoutRun(world: ChaosWorld, dataset: string, seconds: number): Promise<void> {
  await world.idle(dataset);
  await world.rows("UPDATE dataset_states SET next_due_at = clock_timestamp() + interval '1 day' WHERE dataset = $1", [
    dataset,
  ]);
  await world.pass(seconds);
}

/** The process that waits for a lock on the table. */
export function waitingBackend(world: ChaosWorld, table: string): Promise<string> {
  return backendThat(world, table, "wait_event_type = 'Lock'");
}

/** The process that has written to the table and stands in the middle of its transaction. */
export function idleBackend(world: ChaosWorld, table: string): Promise<string> {
  return backendThat(world, table, "state = 'idle in transaction'");
}

function backendThat(world: ChaosWorld, table: string, condition: string): Promise<string> {
  return world.eventually(`a backend at ${table} with ${condition}`, async () => {
    const [row] = await world.rows(
      `SELECT pid FROM pg_stat_activity WHERE ${condition} AND query LIKE '%INSERT INTO ${table} AS t%'
          AND datname = current_database() AND pid <> pg_backend_pid()`,
    );
    return row?.['pid'] ?? null;
  });
}

/** A lock of somebody else, until it is released. */
export interface HeldLock {
  /** Waits for a row that a run has locked: a circle, which PostgreSQL breaks by ending one of the two. */
  takeFirstRow(): Promise<void>;
  release(): Promise<void>;
}

/** Keeps others from writing the table, or its last row alone; reads go on. */
export async function holdTable(world: ChaosWorld, table: string, what: 'TABLE' | 'ROW' = 'TABLE'): Promise<HeldLock> {
  const client = new Client({ connectionString: world.databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('BEGIN');
  if (what === 'TABLE') await client.query(`LOCK TABLE ${table} IN SHARE MODE`);
  else await client.query(`SELECT 1 FROM ${table} ORDER BY netuid DESC LIMIT 1 FOR UPDATE`);
  return {
    takeFirstRow: async () => {
      await client.query(`SELECT 1 FROM ${table} ORDER BY netuid LIMIT 1 FOR UPDATE`).catch(() => undefined);
    },
    release: async () => {
      await client.query('ROLLBACK').catch(() => undefined);
      await client.end().catch(() => undefined);
    },
  };
}
