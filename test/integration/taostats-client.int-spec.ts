import { Logger } from '@nestjs/common';
import { ENDPOINTS, type FetchRequest, type FetchedPage } from '../../src/taostats';
import { type Act, EvilServer, type SeenRequest, json, rows } from '../support/evil-server';
import { eventually, taostatsRig } from '../support/taostats-rig';

const REQUEST: FetchRequest = { priority: 'scheduled', deadlineMs: 120_000 };
const account = (letter: string): { ss58: string; hex: string } => ({
  ss58: `5${letter.repeat(47)}`,
  hex: `0x${'ab'.repeat(32)}`,
});

const pool = (netuid: number, more: object = {}): object => ({
  netuid,
  block_number: 7295491,
  timestamp: '2026-01-11T04:11:12.001Z',
  price: '0.0853797768549170136737598244',
  total_tao: '1557814504',
  alpha_in_pool: '641924953',
  alpha_staked: '0',
  ...more,
});

/** A list served page by page, as the query asks. */
function paged(list: object[], change: (page: number) => { rows?: object[]; total?: number } = () => ({})): Act {
  return (response, request, socket) => {
    const page = Number(request.url.searchParams.get('page'));
    const limit = Number(request.url.searchParams.get('limit'));
    const changed = change(page);
    const total = changed.total ?? list.length;
    const pages = Math.ceil(total / limit);
    rows(changed.rows ?? list.slice((page - 1) * limit, page * limit), {
      current_page: page,
      per_page: limit,
      total_items: total,
      total_pages: pages,
      next_page: page < pages ? page + 1 : null,
    })(response, request, socket);
  };
}

const netuids = (count: number): object[] => Array.from({ length: count }, (_, index) => pool(index));

describe('asking TaoStats', () => {
  let evil: EvilServer;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    evil = await EvilServer.start();
  });

  afterAll(async () => {
    await evil.close();
    Logger.overrideLogger(['log', 'warn', 'error']);
  });

  const query = (request: SeenRequest | undefined): object => Object.fromEntries(request?.url.searchParams ?? []);

  it('asks for explicit pages in an explicit order and hands back every row', async () => {
    evil.play(paged(netuids(5)));
    const fetched = await taostatsRig(evil.url).client.fetchAll(ENDPOINTS.pools, { ...REQUEST, pageSize: 2 });
    const asked = evil.seen
      .map((request) => query(request) as { page: string })
      .sort((a, b) => (a.page < b.page ? -1 : 1));
    expect(asked).toEqual(['1', '2', '3'].map((page) => ({ page, limit: '2', order: 'netuid_asc' })));
    expect(fetched).toMatchObject({ totalItems: 5, pages: 3, calls: 3, complete: true, upstreamBlock: 7295491 });
    expect(fetched.rows.map((row) => row.netuid)).toEqual([0, 1, 2, 3, 4]);
    expect(fetched.rows[0]?.price).toBe('0.0853797768549170136737598244');
    expect(fetched.upstreamAt).toEqual(new Date('2026-01-11T04:11:12.001Z'));
  });

  it('asks for two pages at a time once the first says how many there are, and puts them in their order', async () => {
    const list = paged(netuids(10));
    const waiting: (() => void)[] = [];
    let most = 0;
    evil.play((response, request, socket) => {
      const answer = (): void => list(response, request, socket);
      if (request.url.searchParams.get('page') === '1') return answer();
      waiting.push(answer);
      most = Math.max(most, waiting.length);
      // The one that came last is answered first, and none before two wait but the last of all.
      if (waiting.length === 2 || evil.seen.length === 5)
        waiting
          .splice(0)
          .reverse()
          .forEach((send) => send());
    });
    const pages: number[] = [];
    const fetched = await taostatsRig(evil.url).client.fetchAll(ENDPOINTS.pools, {
      ...REQUEST,
      pageSize: 2,
      onPage: ({ page }) => void pages.push(page),
    });
    expect(most).toBe(2);
    expect(fetched.rows.map((row) => row.netuid)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(fetched).toMatchObject({ pages: 5, calls: 5, complete: true });
    expect(pages.sort()).toEqual([1, 2, 3, 4, 5]);
  });

  it('asks for no page beyond those that it was told to read, and for none beside another while their number is not known', async () => {
    evil.play(paged(netuids(10)));
    const rig = taostatsRig(evil.url);
    await rig.client.fetchAll(ENDPOINTS.pools, { ...REQUEST, pageSize: 2, maxPages: 2 });
    expect(evil.seen).toHaveLength(2);
    let open = 0;
    let most = 0;
    evil.play((response, request, socket) => {
      const page = Number(request.url.searchParams.get('page'));
      most = Math.max(most, (open += 1));
      response.once('close', () => (open -= 1));
      json({ data: [pool(page)], pagination: { total_items: 4, next_page: page < 4 ? page + 1 : null } })(
        response,
        request,
        socket,
      );
    });
    await rig.client.fetchAll(ENDPOINTS.pools, { ...REQUEST, pageSize: 1 });
    expect([evil.seen.length, most]).toEqual([4, 1]);
  });

  it('gives up the page beside one that is refused', async () => {
    const list = paged(netuids(10));
    let isGivenUp = false;
    evil.play((response, request, socket) => {
      const page = request.url.searchParams.get('page');
      if (page === '1') return list(response, request, socket);
      if (page === '3') return void response.once('close', () => (isGivenUp = true));
      void eventually(() => evil.seen.length === 3).then(() => json({ message: 'no' }, 404)(response, request, socket));
    });
    const rig = taostatsRig(evil.url);
    const walk = rig.client.fetchAll(ENDPOINTS.pools, { ...REQUEST, pageSize: 2 });
    await expect(walk).rejects.toMatchObject({ code: 'taostats/bad-request' });
    await eventually(() => isGivenUp);
    expect(rig.attempts.map(({ outcome }) => outcome).sort()).toEqual(['cancelled', 'ok', 'permanent']);
  });

  it('hands over every page as it arrived, with its digest', async () => {
    evil.play(paged(netuids(3)));
    const pages: FetchedPage[] = [];
    const fetched = await taostatsRig(evil.url).client.fetchAll(ENDPOINTS.pools, {
      ...REQUEST,
      pageSize: 2,
      onPage: (page) => void pages.push(page),
    });
    expect(pages.map((page) => page.page)).toEqual([1, 2]);
    expect(JSON.parse(String(pages[0]?.body))).toMatchObject({ pagination: { total_items: 3 } });
    expect(new Set([fetched.sha256, ...pages.map((page) => page.sha256)]).size).toBe(3);
  });

  it('sets bad rows apart and counts them as received', async () => {
    evil.play(paged([pool(0), pool(1, { price: 'NaN' })]));
    const fetched = await taostatsRig(evil.url).client.fetchAll(ENDPOINTS.pools, REQUEST);
    expect(fetched.rows).toHaveLength(1);
    expect(fetched.rejected).toMatchObject([{ key: '1', reason: expect.stringContaining('price') as string }]);
  });

  it('lets bad rows pass with ENABLE_RESPONSE_VALIDATION=false', async () => {
    evil.play(paged([pool(0), pool(1, { price: 'NaN', total_tao: 5 })]));
    const rig = taostatsRig(evil.url, { enableResponseValidation: false });
    const fetched = await rig.client.fetchAll(ENDPOINTS.pools, REQUEST);
    expect(fetched.rows[1]).toMatchObject({ price: 'NaN', total_tao: '5' });
  });

  it('walks once more when pages do not belong together, and takes the second answer', async () => {
    let isShifting = true;
    evil.play(
      paged(netuids(4), (page) => {
        if (page !== 2 || !isShifting) return {};
        isShifting = false;
        return { rows: [pool(1), pool(2)] };
      }),
    );
    const fetched = await taostatsRig(evil.url).client.fetchAll(ENDPOINTS.pools, { ...REQUEST, pageSize: 2 });
    expect(fetched.rows.map((row) => row.netuid)).toEqual([0, 1, 2, 3]);
    expect(fetched.calls).toBe(4);
  });

  it.each<[string, Act]>([
    ['rows are missing', paged(netuids(2), () => ({ total: 129 }))],
    ['the total moves with every page', paged(netuids(4), (page) => ({ total: 4 + page }))],
    ['rows repeat', paged([pool(1), pool(1)])],
    ['every page is page one', rows(netuids(2), { total_items: 400, total_pages: 200, next_page: 2 })],
  ])('gives up, as drifted, when %s in both walks', async (_name, act) => {
    evil.play(act);
    await expect(
      taostatsRig(evil.url).client.fetchAll(ENDPOINTS.pools, { ...REQUEST, pageSize: 2 }),
    ).rejects.toMatchObject({ code: 'taostats/drifted' });
  });

  it('refuses rows that the filter did not ask for, and counts the attempt as an error', async () => {
    evil.play(paged(netuids(5)));
    const rig = taostatsRig(evil.url);
    await expect(rig.client.fetchAll(ENDPOINTS.pools, { ...REQUEST, query: { netuid: 3 } })).rejects.toMatchObject({
      code: 'taostats/contract',
      message: expect.stringContaining('`netuid`') as string,
    });
    expect(rig.attempts).toMatchObject([{ outcome: 'contract', status: 200 }]);
  });

  it('takes an empty answer for an unknown wallet as it is', async () => {
    evil.play(rows([], { total_pages: 0 }));
    const fetched = await taostatsRig(evil.url).client.fetchAll(ENDPOINTS.accounts, {
      ...REQUEST,
      query: { address: account('C').ss58 },
    });
    expect(fetched).toMatchObject({ rows: [], totalItems: 0, upstreamAt: null });
  });

  it('stops after the pages that it was told to read', async () => {
    evil.play(paged(netuids(9)));
    const fetched = await taostatsRig(evil.url).client.fetchAll(ENDPOINTS.pools, {
      ...REQUEST,
      pageSize: 2,
      maxPages: 2,
    });
    expect(fetched).toMatchObject({ pages: 2, complete: false, totalItems: 9 });
  });

  it('asks for the yields of many positions in one POST', async () => {
    const row = { hotkey: account('H'), netuid: 1, block_number: 1, timestamp: '2026-01-11T03:41:48Z', stake: 5 };
    evil.play(rows([row]));
    const positions = [{ hotkey: row.hotkey.ss58, netuid: 1 }];
    const fetched = await taostatsRig(evil.url).client.fetchAll(ENDPOINTS.positionYields, {
      ...REQUEST,
      body: { positions },
    });
    expect(evil.seen[0]).toMatchObject({ method: 'POST' });
    expect(JSON.parse(evil.seen[0]?.body ?? '')).toEqual({ positions, page: 1, limit: 200, order: 'netuid_asc' });
    expect(fetched.rows[0]?.stake).toBe('5');
  });

  it('refuses yields of positions that the POST did not name', async () => {
    const row = { hotkey: account('H'), netuid: 2, block_number: 1, timestamp: '2026-01-11T03:41:48Z', stake: 5 };
    evil.play(rows([row]));
    await expect(
      taostatsRig(evil.url).client.fetchAll(ENDPOINTS.positionYields, {
        ...REQUEST,
        body: { positions: [{ hotkey: row.hotkey.ss58, netuid: 1 }] },
      }),
    ).rejects.toMatchObject({ code: 'taostats/contract' });
  });

  it('reads a bare object where there is no envelope', async () => {
    evil.play(json({ ok: true, version: '0.218.0', status: { timestamp: '2024-10-23T15:38:40.950575841Z' } }));
    const fetched = await taostatsRig(evil.url).client.fetchAll(ENDPOINTS.status, REQUEST);
    expect(fetched).toMatchObject({ rows: [{ ok: true, version: '0.218.0' }], totalItems: null });
  });

  describe('with the cache', () => {
    it('answers from it until its time is over, and asks anew when told to refresh', async () => {
      evil.play(paged(netuids(1)));
      const rig = taostatsRig(evil.url);
      const first = await rig.client.fetchAll(ENDPOINTS.pools, REQUEST);
      const again = await rig.client.fetchAll(ENDPOINTS.pools, REQUEST);
      expect(again).toMatchObject({ origin: 'cache', calls: 0, sha256: first.sha256, fetchedAt: first.fetchedAt });
      expect(again.rows).toEqual(first.rows);
      expect(await rig.client.fetchAll(ENDPOINTS.pools, { ...REQUEST, cache: 'refresh' })).toMatchObject({
        origin: 'network',
      });
      await rig.clock.advance(60_001);
      expect(await rig.client.fetchAll(ENDPOINTS.pools, REQUEST)).toMatchObject({ origin: 'network' });
      expect(evil.seen).toHaveLength(3);
    });

    it('never keeps an error', async () => {
      evil.play(json({}, 400), paged(netuids(1)));
      const rig = taostatsRig(evil.url);
      await expect(rig.client.fetchAll(ENDPOINTS.pools, REQUEST)).rejects.toThrow();
      await expect(rig.client.fetchAll(ENDPOINTS.pools, REQUEST)).resolves.toMatchObject({ origin: 'network' });
    });

    it('tells questions apart by every parameter, root from all', async () => {
      evil.play(rows([pool(0)]), rows([pool(7)]), rows([pool(0), pool(7)]));
      const rig = taostatsRig(evil.url);
      await rig.client.fetchAll(ENDPOINTS.pools, { ...REQUEST, query: { netuid: 0 } });
      await rig.client.fetchAll(ENDPOINTS.pools, { ...REQUEST, query: { netuid: 7 } });
      expect((await rig.client.fetchAll(ENDPOINTS.pools, REQUEST)).rows).toHaveLength(2);
    });

    it('asks once for two callers, each bound by its own deadline', async () => {
      evil.play(() => undefined);
      const rig = taostatsRig(evil.url);
      const slow = rig.client.fetchAll(ENDPOINTS.pools, REQUEST).catch((error: unknown) => error);
      await eventually(() => evil.seen.length === 1);
      const quick = rig.client.fetchAll(ENDPOINTS.pools, { ...REQUEST, deadlineMs: 3000 });
      const failed = expect(quick).rejects.toMatchObject({ code: 'taostats/deadline' });
      await rig.clock.advance(3000);
      await failed;
      expect(evil.seen).toHaveLength(1);
      await rig.clock.advance(200_000);
      await slow;
    });
  });
});
