import { DEMO_WALLETS } from '../simulator';
import { TreasuryWorld } from '../support/treasury-world';

jest.setTimeout(180_000);

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  example?: string | number | boolean;
  schema?: { enum?: string[] };
}

interface OpenApi {
  paths: Record<string, { get?: { parameters?: Parameter[]; responses: Record<string, object> } }>;
}

interface Problem {
  code: string;
  status: number;
  detail: string;
}

/** Every answer with a figure that was computed from others, or that a value is read from. */
const DERIVED = [
  '/api/v1/portfolio',
  '/api/v1/portfolio/history',
  '/api/v1/positions',
  '/api/v1/positions/{netuid}',
  '/api/v1/positions/{netuid}/history',
  '/api/v1/accounts',
  '/api/v1/earnings/summary',
  '/api/v1/earnings/timeseries',
  '/api/v1/changes',
  '/api/v1/cost-basis',
  '/api/v1/cost-basis/lots',
  '/api/v1/subnets/{netuid}/slippage',
  '/api/v1/subnets/{netuid}/exit-curve',
  '/api/v1/slippage/surface',
];

describe('trust that is not there', () => {
  let world: TreasuryWorld;
  /** Paths of the document whose answers can be refused for their trust, ready to be asked. */
  let routes: Map<string, string>;

  beforeAll(async () => {
    world = await TreasuryWorld.start({ WALLET_ADDRESSES: DEMO_WALLETS.join(','), WALLET_REFRESH_MINUTES: '60' });
    await world.firstSync();
    const { paths } = await world.service.json<OpenApi>('/openapi.json');
    routes = new Map(
      Object.entries(paths).flatMap(([path, { get }]) =>
        get?.parameters?.some(({ name }) => name === 'min_trust') === true ? [[path, askOf(path, get.parameters)]] : [],
      ),
    );
  });

  afterAll(() => world?.stop());

  const ask = async (path: string): Promise<{ status: number; body: Problem; headers: Headers }> => {
    const answer = await fetch(world.service.url + path);
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json') === true;
    const body = (isJson ? JSON.parse(text) : {}) as Problem;
    return { status: answer.status, body, headers: answer.headers };
  };

  it('can be asked of every derived figure, and the document says so', async () => {
    expect([...routes.keys()]).toEqual(expect.arrayContaining(DERIVED));
    const { paths } = await world.service.json<OpenApi>('/openapi.json');
    for (const path of routes.keys()) expect(Object.keys(paths[path]?.get?.responses ?? {})).toContain('503');
  });

  it('is there while everything is fresh: every figure is answered', async () => {
    // Datasets are read one after the other; the slowest of them decides.
    for (const [path, asked] of routes) {
      await world.service
        .until(`${asked}&min_trust=ok`, () => true)
        .catch((error: unknown) => {
          throw new Error(`${path} is refused`, { cause: error });
        });
    }
  });

  it('is refused on every route with 503, a problem that names the dataset at fault, and when to ask again', async () => {
    await world.fault({ match: '/api', fault: { kind: 'status', status: 500 } });
    for (const table of ['dataset_states', 'wallet_states']) {
      await world.rows(
        `UPDATE ${table} SET last_success_at = last_success_at - interval '30 days', upstream_at = upstream_at - interval '30 days'`,
      );
    }
    for (const [path, asked] of routes) {
      const { status, body, headers } = await ask(`${asked}&min_trust=ok`);
      expect([path, status, body.code]).toEqual([path, 503, 'trust/too-low']);
      expect(body.detail).toMatch(/^trust is \w+, asked for ok: \w+ is \w+ as of 20/);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(headers.get('content-type')).toContain('application/problem+json');
    }
  });

  it('does not hold the figures back from those who do not ask for it: they are marked', async () => {
    for (const [path, asked] of routes) {
      const { status, headers } = await ask(asked);
      expect([path, status]).toEqual([path, 200]);
      expect([path, headers.get('x-data-trust')]).not.toEqual([path, 'ok']);
    }
  });
});

/** A path with the examples of the document in it, and a query that asks for something. */
function askOf(path: string, parameters: readonly Parameter[]): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => exampleOf(name, parameters));
  const query = new URLSearchParams(
    parameters
      .filter((parameter) => parameter.in === 'query' && parameter.required === true)
      .map(({ name }): [string, string] => [name, exampleOf(name, parameters)]),
  );
  return `${filled}?${query.toString()}`;
}

function exampleOf(name: string, parameters: readonly Parameter[]): string {
  if (name === 'address') return DEMO_WALLETS[0] ?? '';
  const found = parameters.find((parameter) => parameter.name === name);
  return String(found?.example ?? found?.schema?.enum?.[0] ?? (name === 'netuid' ? 64 : 1));
}
