import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import type { ProcessControl } from './process-clock';

/** Until a process has surely read its control file again. */
const NOTICE_MS = 30;

/** What a jump moves; the rest keeps its time, as when one machine's clock is wrong. */
export interface Jump {
  database?: boolean;
  process?: boolean;
  /** False: leases are not renewed while the time passes, as those of a process that stands still. */
  renewing?: boolean;
}

/**
 * One time for the database, the service and the upstream: real time plus what was let pass. Pauses, breakers, leases,
 * due times and ages of hours go by in milliseconds, in the code that runs in production.
 */
export class MovedTime {
  readonly controlFile: string;
  private readonly directory = mkdtempSync(join(tmpdir(), 'treasury-chaos-'));
  private control: ProcessControl = { offsetMs: 0, dns: null };
  private databaseOffsetMs = 0;

  constructor() {
    this.controlFile = join(this.directory, 'control.json');
    this.write();
  }

  /** Now, as database and upstream have it. */
  nowMs(): number {
    return Date.now() + this.databaseOffsetMs;
  }

  /** Replaces the database's clock. Call it before the service connects. */
  async install(client: Client): Promise<void> {
    await client.query(`
      CREATE TABLE public.chaos_clock (passed interval NOT NULL);
      INSERT INTO public.chaos_clock VALUES ('0');
      CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
        AS 'SELECT pg_catalog.clock_timestamp() + (SELECT passed FROM public.chaos_clock)'`);
    // A default is bound to the function that it was declared with.
    await client.query(`
      DO $$ DECLARE d record; BEGIN
        FOR d IN SELECT adrelid::regclass AS name, attname FROM pg_attrdef
                   JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
                  WHERE pg_get_expr(adbin, adrelid) = 'clock_timestamp()' LOOP
          EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT public.clock_timestamp()', d.name, d.attname);
        END LOOP;
        EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database());
      END $$`);
    // This connection is older than the setting.
    await client.query('SET search_path = public, pg_catalog');
  }

  /** Lets time pass everywhere at once. */
  async pass(client: Client, seconds: number, { database = true, process = true, renewing = true }: Jump = {}) {
    // Whole milliseconds, as every clock has them.
    const ms = Math.round(seconds * 1000);
    if (database) {
      this.databaseOffsetMs += ms;
      const renewal = renewing
        ? `, living AS (UPDATE leases SET expires_at = expires_at + make_interval(secs => $1)
             WHERE expires_at > public.clock_timestamp())`
        : '';
      await client.query(
        `WITH moved AS (UPDATE public.chaos_clock SET passed = passed + make_interval(secs => $1))${renewal} SELECT`,
        [ms / 1000],
      );
    }
    if (process) this.control = { ...this.control, offsetMs: this.control.offsetMs + ms };
    await this.publish();
  }

  /** Breaks or mends how the service resolves the upstream's name. */
  async resolve(dns: ProcessControl['dns']): Promise<void> {
    this.control = { ...this.control, dns };
    await this.publish();
  }

  close(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async publish(): Promise<void> {
    this.write();
    await new Promise((wake) => setTimeout(wake, NOTICE_MS));
  }

  private write(): void {
    writeFileSync(`${this.controlFile}.new`, JSON.stringify(this.control));
    renameSync(`${this.controlFile}.new`, this.controlFile);
  }
}
