import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import { EmbeddedPostgres } from '../../src/database';

const HOLDER = resolve(__dirname, '../support/embedded-holder.ts');

// Servers are started and stopped here, on machines that may be busy.
jest.setTimeout(60_000);

async function rowsOf(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** True when no server is left: neither in the directory nor on its port. */
async function hasEnded(server: EmbeddedPostgres, url: string): Promise<boolean> {
  const refused = await rowsOf(url, 'SELECT 1').then(
    () => false,
    (error: unknown) => (error as { code?: string }).code === 'ECONNREFUSED',
  );
  return refused && server.pid === null;
}

/** The launcher in a process of its own; resolves once its server takes connections. */
async function startHolder(dataDir: string): Promise<{ process: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ['-r', '@swc-node/register', HOLDER, dataDir], {
    cwd: resolve(__dirname, '../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { process: child, url: line.toString().trim() };
}

describe('the embedded PostgreSQL', () => {
  let dataDir: string;
  const started: EmbeddedPostgres[] = [];
  const events: string[] = [];
  let onEvent: (text: string) => void;

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'treasury-embedded-'));
    events.length = 0;
    onEvent = (text) => events.push(text);
  });

  afterEach(async () => {
    for (const server of started.splice(0)) await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  function server(): EmbeddedPostgres {
    const made = new EmbeddedPostgres({ dataDir, durable: false, onEvent: (text) => onEvent(text) });
    started.push(made);
    return made;
  }

  it('keeps its rows and its password over a restart, and leaves no process behind', async () => {
    const first = server();
    const url = await first.start();
    await rowsOf(url, 'CREATE TABLE kept AS SELECT 1 AS one');
    await first.stop();
    expect(await hasEnded(first, url)).toBe(true);

    const again = await server().start();
    expect(new URL(again).password).toBe(new URL(url).password);
    expect(await rowsOf(again, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
  });

  it('lets nobody in without the generated password, which only its owner can read', async () => {
    const url = new URL(await server().start());
    url.password = 'guess';
    await expect(rowsOf(url.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
    expect(statSync(join(dataDir, 'postgres', 'treasury.password')).mode & 0o077).toBe(0);
    expect(statSync(join(dataDir, 'postgres')).mode & 0o077).toBe(0);
  });

  it('listens on loopback only, in UTC, with checksums and without JIT', async () => {
    const url = await server().start();
    const settings = await rowsOf(
      url,
      `SELECT current_setting('listen_addresses') AS addresses, current_setting('timezone') AS zone,
              current_setting('data_checksums') AS checksums, current_setting('jit') AS jit`,
    );
    expect(settings).toEqual([{ addresses: '127.0.0.1', zone: 'UTC', checksums: 'on', jit: 'off' }]);
  });

  it('is one server for several processes that start on one directory at once, and ends with the last of them', async () => {
    const [one, two] = [server(), server()];
    const urls = await Promise.all([one.start(), two.start()]);
    expect(urls[0]).toBe(urls[1]);
    await one.stop();
    expect(await rowsOf(urls[1], 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await two.stop();
    expect(await hasEnded(two, urls[1])).toBe(true);
  });

  it('ends when the last two processes leave together', async () => {
    const [one, two] = [server(), server()];
    const url = await one.start();
    await two.start();
    await Promise.all([one.stop(), two.stop()]);
    expect(await hasEnded(one, url)).toBe(true);
  });

  it('adopts the server of a process that was killed, with every committed row', async () => {
    const holder = await startHolder(dataDir);
    await rowsOf(holder.url, 'CREATE TABLE kept AS SELECT 1 AS one');
    holder.process.kill('SIGKILL');
    await once(holder.process, 'exit');

    const heir = server();
    const url = await heir.start();
    expect(url).toBe(holder.url);
    expect(await rowsOf(url, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
    await heir.stop();
    expect(await hasEnded(heir, url)).toBe(true);
  });

  it('starts a server that was killed again, on the same address, with every committed row', async () => {
    const survivor = server();
    const url = await survivor.start();
    await rowsOf(url, 'CREATE TABLE kept AS SELECT 1 AS one');
    const back = new Promise<void>((resolve) => {
      onEvent = (text) => {
        if (text.includes('is back')) resolve();
      };
    });
    process.kill(survivor.pid ?? 0, 'SIGKILL');
    await back;
    expect(await rowsOf(url, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
  });

  it('starts over the pid file of a dead server whose pid another process has got', async () => {
    const url = await server().start();
    await rowsOf(url, 'CREATE TABLE kept AS SELECT 1 AS one');
    const pidFile = join(dataDir, 'postgres', 'postmaster.pid');
    const lines = readFileSync(pidFile, 'utf8').split('\n');
    await started.pop()?.stop();
    writeFileSync(pidFile, [String(process.pid), ...lines.slice(1)].join('\n'));
    expect(await rowsOf(await server().start(), 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
  });

  it('is started by the first call of several, and ended by one', async () => {
    const twice = server();
    const url = await twice.start();
    expect(await twice.start()).toBe(url);
    await twice.stop();
    expect(await hasEnded(twice, url)).toBe(true);
  });

  it('says what to do when its directory holds something else', async () => {
    mkdirSync(join(dataDir, 'postgres'));
    await expect(server().start()).rejects.toMatchObject({
      code: 'database/embedded-unavailable',
      message: expect.stringContaining('Set DATABASE_URL') as string,
    });
  });
});
