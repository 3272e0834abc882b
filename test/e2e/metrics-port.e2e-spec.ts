import { makeToken } from '../../src/access';
import { freePort } from '../support/free-port';
import { TreasuryWorld } from '../support/treasury-world';

describe('with METRICS_PORT', () => {
  const { token, entry } = makeToken('read', 'prometheus');
  let world: TreasuryWorld;
  let url: string;

  beforeAll(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    world = await TreasuryWorld.start({ METRICS_PORT: String(port), AUTH_TOKENS: entry });
  });

  afterAll(() => world.stop());

  const withToken = { headers: { authorization: `Bearer ${token}` } };

  it('serves the metrics there and says on the main port where they are', async () => {
    const there = await fetch(`${url}/metrics`, withToken);
    expect(there.status).toBe(200);
    expect(await there.text()).toContain('tao_build_info{');
    const here = await fetch(`${world.service.url}/metrics`, withToken);
    expect(here.status).toBe(404);
    expect(await here.json()).toMatchObject({
      code: 'metrics/other-port',
      detail: expect.stringContaining(url.slice(-5)),
    });
  });

  it('asks for a token there too', async () => {
    const refused = await fetch(`${url}/metrics`);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('Bearer');
  });

  it('serves nothing else there', async () => {
    const other = await fetch(`${url}/api/v1/trust-pack`, withToken);
    expect(other.status).toBe(404);
    expect(await other.json()).toMatchObject({ detail: 'Only /metrics is served on this port.' });
  });

  it('ends with its port closed', async () => {
    expect(await world.service.stop()).toBe(0);
    await expect(fetch(`${url}/metrics`)).rejects.toThrow();
  });
});
