import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChaosWorld } from './chaos-world';

const SIZE = '6m';

/** A table on a disk of a few megabytes that is full. Needs the right to mount one. */
export class TinyDisk {
  private constructor(
    private readonly directory: string,
    private readonly table: string,
  ) {}

  static unavailable(): string | null {
    if (process.getuid?.() !== 0) return 'only root may mount a disk of a few megabytes';
    const directory = mkdtempSync(join(tmpdir(), 'treasury-disk-'));
    try {
      mount(directory);
      execFileSync('umount', [directory], { stdio: 'ignore' });
      return null;
    } catch {
      return 'this machine does not permit a mount';
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }

  static async fill(world: ChaosWorld, table: string): Promise<TinyDisk> {
    const directory = mkdtempSync(join(tmpdir(), 'treasury-disk-'));
    mount(directory);
    const { uid, gid } = statSync(`/proc/${world.postgres?.pid}`);
    chownSync(directory, uid, gid);
    await world.rows(`CREATE TABLESPACE chaos_tiny LOCATION '${directory}'`);
    await world.rows(`ALTER TABLE ${table} SET TABLESPACE chaos_tiny`);
    await world.rows('CREATE TABLE chaos_filler (bytes text) TABLESPACE chaos_tiny');
    await world.rows('ALTER TABLE chaos_filler ALTER COLUMN bytes SET STORAGE PLAIN');
    // Smaller and smaller, until not a page is left.
    for (const rows of [256, 64, 16, 4, 1]) {
      const insert = `INSERT INTO chaos_filler SELECT repeat('x', 8000) FROM generate_series(1, ${rows})`;
      while (await succeeds(world, insert));
    }
    return new TinyDisk(directory, table);
  }

  async remove(world: ChaosWorld): Promise<void> {
    await world.rows('DROP TABLE chaos_filler');
    await world.rows(`ALTER TABLE ${this.table} SET TABLESPACE pg_default`);
    await world.rows('DROP TABLESPACE chaos_tiny');
    execFileSync('umount', ['-l', this.directory], { stdio: 'ignore' });
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function mount(directory: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', directory], { stdio: 'ignore' });
}

function succeeds(world: ChaosWorld, sql: string): Promise<boolean> {
  return world.rows(sql).then(
    () => true,
    () => false,
  );
}
