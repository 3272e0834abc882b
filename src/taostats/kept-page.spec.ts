import { createHash } from 'node:crypto';
import { ENDPOINTS } from './endpoints';
import type { KeptPage } from './fetch-request';
import { readKeptPage } from './kept-page';

const BODY = '{"data":[{"netuid":1,"tao_flow":"5","__proto__":{"polluted":true}}]}';

function kept(text: string): KeptPage {
  const body = Buffer.from(text);
  return { body, sha256: createHash('sha256').update(body).digest('hex'), receivedAt: new Date(0) };
}

const read = (page: KeptPage) => readKeptPage(ENDPOINTS.taoFlows, page, { query: {}, validate: true });

describe('readKeptPage', () => {
  it('reads a page like one from the network, without a key that names a prototype', () => {
    const [row] = read(kept(BODY))?.rows ?? [];
    expect(row).toMatchObject({ netuid: 1, tao_flow: '5' });
    expect(Object.keys(row ?? {})).not.toContain('__proto__');
  });

  it('reads a page that begins with a byte order mark', () => {
    expect(read(kept(`\ufeff${BODY}`))?.rows).toHaveLength(1);
  });

  it.each([
    ['cut off', BODY.slice(0, -1)],
    ['an error', '{"status_code":429,"message":"too many"}'],
    ['without rows', '{"rows":1}'],
  ])('takes nothing from a page that is %s', (_what, text) => {
    expect(read(kept(text))).toBeNull();
  });

  it('takes nothing from a page that is not the one that was kept', () => {
    expect(read({ ...kept(BODY), body: Buffer.from(BODY.replace('"5"', '"6"')) })).toBeNull();
  });
});
