import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from './unit-of-work';
import {
  GRANT_PRIORITIES,
  type GateChange,
  type GateState,
  type GrantPriority,
  type UpstreamGate,
} from './upstream-gate';

/** The key comes first: its row serialises all takers of its tokens. */
export interface GateScopes {
  key: string;
  others: readonly string[];
  /** How far back tokens count. */
  windowMs: number;
}

interface GateRow {
  scope: string;
  blocked_until_ms: number;
  reason: string | null;
  clamped: boolean;
  strikes: number;
  struck_at_ms: number;
  recent: string;
  learned_limit: number | null;
  probe_until_ms: number;
}

const COLUMNS = `scope, reason, clamped, strikes, recent, learned_limit,
  (extract(epoch FROM blocked_until) * 1000)::float8 AS blocked_until_ms,
  (extract(epoch FROM struck_at) * 1000)::float8 AS struck_at_ms,
  (extract(epoch FROM probe_until) * 1000)::float8 AS probe_until_ms`;

const LOG = `SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now_ms,
  (SELECT json_agg(json_build_array(priority, (extract(epoch FROM taken_at) * 1000)::float8) ORDER BY taken_at)
     FROM upstream_grants
    WHERE key = $1 AND taken_at > clock_timestamp() - make_interval(secs => $2)) AS grants`;

/** Tokens older than this are of no use to any window. */
const KEEP_SECONDS = 300;

/** Where limiter, pauses and breakers live, so that all replicas and every restart share them. The database's clock rules. */
@Injectable()
export class UpstreamGateRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** One short transaction: lock the gates, let `decide` look, store what it changed. Rejects while PostgreSQL is away. */
  async transact<T>(scopes: GateScopes, decide: (state: GateState) => GateChange<T>): Promise<T> {
    return this.unitOfWork.run(async (manager) => {
      const state = await lockState(manager, scopes);
      const change = decide(state);
      if (change.grant !== undefined) await storeGrant(manager, scopes.key, change.grant);
      if (change.gates !== undefined && change.gates.size > 0) await storeGates(manager, change.gates);
      return change.result;
    });
  }

  /** Everything known at the moment, without locks: for the trust pack. */
  async read(key: string, windowMs: number): Promise<GateState> {
    return this.unitOfWork.run(async (manager) => {
      const rows = await manager.query<GateRow[]>(`SELECT ${COLUMNS} FROM upstream_keys`);
      return toState(rows, await readLog(manager, key, windowMs));
    });
  }
}

async function lockState(manager: EntityManager, scopes: GateScopes): Promise<GateState> {
  const names = [scopes.key, ...scopes.others];
  const lock = (): Promise<GateRow[]> =>
    manager.query<GateRow[]>(`SELECT ${COLUMNS} FROM upstream_keys WHERE scope = ANY($1) ORDER BY scope FOR UPDATE`, [
      names,
    ]);
  let rows = await lock();
  if (rows.length < names.length) {
    await manager.query(
      'INSERT INTO upstream_keys (scope) SELECT unnest($1::text[]) AS scope ORDER BY scope ON CONFLICT DO NOTHING',
      [names],
    );
    rows = await lock();
  }
  // Read after the lock, in a statement of its own: only so are the tokens visible that others took while we waited.
  return toState(rows, await readLog(manager, scopes.key, scopes.windowMs));
}

interface LogRow {
  now_ms: number;
  grants: [number, number][] | null;
}

async function readLog(manager: EntityManager, key: string, windowMs: number): Promise<LogRow> {
  const [row] = await manager.query<LogRow[]>(LOG, [key, windowMs / 1000]);
  return row ?? { now_ms: 0, grants: null };
}

function toState(rows: readonly GateRow[], log: LogRow): GateState {
  const taken = (priority: GrantPriority): number[] =>
    (log.grants ?? []).filter(([index]) => GRANT_PRIORITIES[index] === priority).map(([, atMs]) => atMs);
  return {
    nowMs: log.now_ms,
    gates: new Map(rows.map((row) => [row.scope, toGate(row)])),
    grants: { interactive: taken('interactive'), scheduled: taken('scheduled'), backfill: taken('backfill') },
  };
}

function toGate(row: GateRow): UpstreamGate {
  return {
    blockedUntilMs: row.blocked_until_ms,
    reason: row.reason,
    clamped: row.clamped,
    strikes: row.strikes,
    struckAtMs: row.struck_at_ms,
    recent: row.recent,
    learnedLimit: row.learned_limit,
    probeUntilMs: row.probe_until_ms,
  };
}

/** Takes a token and counts it as spent: every attempt is a credit, so the two are one statement. */
async function storeGrant(manager: EntityManager, key: string, priority: GrantPriority): Promise<void> {
  await manager.query(
    `WITH expired AS (
       DELETE FROM upstream_grants
        WHERE key = $1 AND taken_at < clock_timestamp() - make_interval(secs => ${KEEP_SECONDS})),
     counted AS (
       INSERT INTO upstream_spend AS spend (key, day, attempts)
       VALUES ($1, (clock_timestamp() AT TIME ZONE 'UTC')::date, 1)
       ON CONFLICT (key, day) DO UPDATE SET attempts = spend.attempts + 1)
     INSERT INTO upstream_grants (key, priority) VALUES ($1, $2)`,
    [key, GRANT_PRIORITIES.indexOf(priority)],
  );
}

async function storeGates(manager: EntityManager, gates: ReadonlyMap<string, UpstreamGate>): Promise<void> {
  for (const [scope, gate] of gates) {
    await manager.query(
      `UPDATE upstream_keys
          SET blocked_until = to_timestamp($2::float8 / 1000), reason = $3, clamped = $4, strikes = $5,
              struck_at = to_timestamp($6::float8 / 1000), recent = $7, learned_limit = $8,
              probe_until = to_timestamp($9::float8 / 1000)
        WHERE scope = $1`,
      [
        scope,
        gate.blockedUntilMs,
        gate.reason,
        gate.clamped,
        gate.strikes,
        gate.struckAtMs,
        gate.recent,
        gate.learnedLimit,
        gate.probeUntilMs,
      ],
    );
  }
}
