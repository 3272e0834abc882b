import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from './logger';
import { TurnStream } from './turn-stream';

describe('lines of one turn', () => {
  it('are written together, in order and once, to every target', async () => {
    const writes: string[][] = [[], []];
    const stream = new TurnStream(writes.map((kept) => ({ write: (text: string) => void kept.push(text) })));
    stream.write('one\n');
    stream.write('two\n');
    expect(writes).toEqual([[], []]);
    await new Promise((next) => setImmediate(next));
    stream.write('three\n');
    await new Promise((next) => setImmediate(next));
    expect(writes).toEqual([
      ['one\ntwo\n', 'three\n'],
      ['one\ntwo\n', 'three\n'],
    ]);
  });

  it('are written at once when a fatal one is among them, at every level that is asked for', () => {
    const directory = mkdtempSync(join(tmpdir(), 'turn-'));
    const written: string[] = [];
    const logger = createLogger({ level: 'debug', directory, stdout: { write: (text) => void written.push(text) } });
    logger.debug('small');
    logger.fatal('large');
    const messages = (text: string) => [...text.matchAll(/"msg":"(\w+)"/g)].map(([, message]) => message);
    expect(messages(written.join(''))).toEqual(['small', 'large']);
    expect(messages(readFileSync(join(directory, 'tao-treasury.log'), 'utf8'))).toEqual(['small', 'large']);
    rmSync(directory, { recursive: true });
  });

  it('are written by a process that ends within the turn', () => {
    const script = `
      const { createLogger } = require('./src/common/logger');
      createLogger({ level: 'info', directory: undefined }).info('last words');
      process.exit(3);`;
    const ended = spawnSync(process.execPath, ['-r', '@swc-node/register', '-e', script], { encoding: 'utf8' });
    expect([ended.status, ended.stderr]).toEqual([3, '']);
    expect(ended.stdout).toContain('"msg":"last words"');
  });
});
