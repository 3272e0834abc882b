import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DEMO_WALLETS, startSimulator } from './index';
import { rowsOf } from './replay';

interface Body {
  pagination: { total_pages: number };
  data: Record<string, unknown>[];
}

const SNAPSHOT = resolve(__dirname, '../../../shared/recorded/2026-01-full-snapshot');
if (!existsSync(SNAPSHOT)) console.info(`skipped: no recordings at ${SNAPSHOT}`);

describe('the rows of a recording', () => {
  it('are cut out as they stand, whatever their texts hold', () => {
    const rows = ['{"a": "]}\\"[{", "n": 1.50}', '{"b":[{"c":"d"}]}'];
    expect(rowsOf(`{"pagination":{}, "data" : [${rows.join(' , ')}]}`).map((row) => row.text)).toEqual(rows);
  });
});

(existsSync(SNAPSHOT) ? describe : describe.skip)('a replay of the full snapshot', () => {
  it('answers recorded rows to the byte, a page at a time, and values the wallets with them', async () => {
    const simulator = await startSimulator({ replay: SNAPSHOT, speed: 0, startAt: new Date('2026-11-01T00:00:00Z') });
    const ask = async (path: string): Promise<string> =>
      (await fetch(simulator.url + path, { headers: { authorization: 'k' } })).text();
    const page = async (path: string): Promise<Body> => JSON.parse(await ask(path)) as Body;
    const recorded = readFileSync(join(SNAPSHOT, 'api-dtao-pool-latest-v1.json'), 'utf8');
    const text = await ask('/api/dtao/pool/latest/v1');
    expect(JSON.parse(text)).toEqual(JSON.parse(recorded));
    for (const digits of ['"0.0853797768549170136737598244"', '"346673991188771.73841292592662"'])
      expect(text).toContain(digits);
    const second = await page('/api/dtao/pool/latest/v1?limit=100&page=2');
    expect([second.data.length, second.pagination.total_pages]).toEqual([29, 2]);
    const [account] = (await page(`/api/account/latest/v1?address=${DEMO_WALLETS[0]}`)).data;
    const [position] = (
      account?.['alpha_balances'] as { netuid: number; balance: string; balance_as_tao: string }[]
    ).filter((entry) => entry.netuid === 64);
    const value = (BigInt(position?.balance ?? 0) * 853_797_768_549_170_136_737_598_244n) / 10n ** 28n;
    expect(BigInt(position?.balance_as_tao ?? 0)).toBe(value);
    await simulator.close();
  });

  it('answers a POST for the positions it names, never with a recording of the GET beside it', async () => {
    const simulator = await startSimulator({ replay: SNAPSHOT, speed: 0, startAt: new Date('2026-11-01T00:00:00Z') });
    const path = `${simulator.url}/api/dtao/validator/yield/latest/v1`;
    const headers = { authorization: 'k', 'content-type': 'application/json' };
    const account = await fetch(`${simulator.url}/api/account/latest/v1?address=${DEMO_WALLETS[0]}`, { headers });
    const [{ alpha_balances: held }] = ((await account.json()) as { data: [{ alpha_balances: object[] }] }).data;
    const { hotkey, netuid } = held[0] as { hotkey: string; netuid: number };
    const body = JSON.stringify({ positions: [{ hotkey, netuid }] });
    const answer = (await (await fetch(path, { method: 'POST', headers, body })).json()) as Body;
    expect(answer.data.every((row) => row['netuid'] === netuid)).toBe(true);
    await simulator.close();
  });
});
