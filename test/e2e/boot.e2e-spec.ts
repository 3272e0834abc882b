import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const DATA_DIR = mkdtempSync(join(tmpdir(), 'treasury-boot-'));

afterAll(() => rmSync(DATA_DIR, { recursive: true, force: true }));

function boot(environment: Record<string, string>, options: string[] = []): { code: number | null; output: string } {
  const { PATH = '', HOME = '' } = process.env;
  const result = spawnSync(process.execPath, ['-r', '@swc-node/register', ...options, join(ROOT, 'src/main.ts')], {
    // Away from the project, so that an operator's own .env file plays no part.
    cwd: __dirname,
    env: {
      PATH,
      HOME,
      NODE_PATH: join(ROOT, 'node_modules'),
      SWC_NODE_PROJECT: join(ROOT, 'tsconfig.json'),
      DATA_DIR,
      ...environment,
    },
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { code: result.status, output: result.stdout + result.stderr };
}

describe('a signal to end', () => {
  it('is heard while the program is being loaded: to process 1 of a container it would else be as if never sent', () => {
    const { code } = boot({ TAOSTATS_API_KEY: 'k', DATABASE_URL: 'postgres://u@127.0.0.1:1/x' }, [
      '-r',
      join(ROOT, 'test/support/signal-while-loading.ts'),
    ]);
    expect(code).toBe(0);
  });
});

describe('a configuration that is not valid', () => {
  it('stops the boot with exit code 78 and names every problem, without the secrets', () => {
    const { code, output } = boot({
      TAOSTATS_API_KEY: 'tao-canary:00000000',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      API_MAX_RETRIES: 'many',
      TAOSTATS_BASE_URL: 'http://evil.example',
    });
    expect(code).toBe(78);
    expect(output).toContain('API_MAX_RETRIES=many: expected whole number, 0 to 10');
    expect(output).toContain('DATABASE_URL=[redacted]');
    expect(output).toContain('TAOSTATS_BASE_URL=http://evil.example');
    expect(output).not.toMatch(/canary|hunter2/);
  });

  it('names a LOG_DIR that cannot hold the log', () => {
    const { code, output } = boot({ TAOSTATS_API_KEY: 'k', LOG_DIR: join(__filename, 'logs') });
    expect(code).toBe(78);
    expect(output).toContain('expected a writable directory');
    expect(output).not.toContain('    at ');
  });

  it('says how to get a key, and how to do without, when there is none', () => {
    const { code, output } = boot({});
    expect(code).toBe(78);
    expect(output).toContain('npm run demo');
  });

  it('stops the boot when a directory cannot be used, and names them all', () => {
    const { code, output } = boot({
      TAOSTATS_API_KEY: 'tao-canary:00000000',
      DATA_DIR: '/dev/null/data',
      LOG_DIR: '/dev/null/log',
    });
    expect(code).toBe(78);
    expect(output).toContain('DATA_DIR=/dev/null/data: expected a writable directory');
    expect(output).toContain('LOG_DIR=/dev/null/log: expected a writable directory');
  });
});
