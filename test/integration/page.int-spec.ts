import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { ProblemFilter } from '../../src/common';
import { DashboardModule } from '../../src/dashboard';

const ROOT = join(__dirname, '../..');
/** Before anything is drawn; compressed, as a browser gets it. */
const FIRST_SCRIPT_BYTES = 36_000;
/** With the drawing library, which comes with the first chart and is 23 kB by itself. */
const ALL_SCRIPTS_BYTES = 60_000;

describe('the page as a file', () => {
  let app: NestFastifyApplication;
  let html: string;
  let assets: string[];

  const get = (url: string, headers: Record<string, string> = {}) => app.inject({ method: 'GET', url, headers });

  beforeAll(async () => {
    execFileSync(process.execPath, [join(ROOT, 'web/build.mjs')]);
    const module = await Test.createTestingModule({ imports: [DashboardModule] }).compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
    app.useLogger(false);
    app.useGlobalFilters(new ProblemFilter());
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    html = (await get('/')).body;
    assets = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1] ?? '');
  });

  afterAll(() => app.close());

  it('allows nothing but its own files, and nothing inline', async () => {
    const answer = await get('/');
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(answer.headers['cache-control']).toBe('no-cache');
    expect(html).not.toMatch(/<script(?![^>]*src=)|<style|\sstyle=|\son\w+=/);
  });

  it('names files that exist, for ever under the same name', async () => {
    expect(assets).toHaveLength(3);
    for (const path of assets) {
      const answer = await get(path);
      expect([path, answer.statusCode]).toEqual([path, 200]);
      expect(path).toMatch(/-[A-Z0-9]{8}\./);
      expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    }
  });

  it('is small: 36 kB of compressed script before anything is drawn, 60 kB with the charts', async () => {
    const scripts = readdirSync(join(ROOT, 'dist/public/assets')).filter((name) => name.endsWith('.js'));
    const sizes = new Map<string, number>();
    for (const name of scripts) {
      const answer = await get(`/assets/${name}`, { 'accept-encoding': 'gzip' });
      sizes.set(`/assets/${name}`, answer.rawPayload.length);
    }
    const first = assets.find((path) => path.endsWith('.js')) ?? '';
    expect(sizes.get(first)).toBeLessThan(FIRST_SCRIPT_BYTES);
    expect([...sizes.values()].reduce((sum, size) => sum + size, 0)).toBeLessThan(ALL_SCRIPTS_BYTES);
  });

  it('is sent compressed, and not at all to who has it', async () => {
    const script = assets.find((path) => path.endsWith('.js')) ?? '';
    const compressed = await get(script, { 'accept-encoding': 'gzip, br' });
    expect(compressed.headers['content-encoding']).toBe('br');
    const known = await get('/', { 'if-none-match': String((await get('/')).headers['etag']) });
    expect([known.statusCode, known.body]).toEqual([304, '']);
  });

  it.each(['/assets/none.js', '/assets/..%2findex.html', '/assets/%2e%2e%2f%2e%2e%2fpackage.json'])(
    'knows no file %s',
    async (path) => {
      expect((await get(path)).statusCode).toBe(404);
    },
  );
});
