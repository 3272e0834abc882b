import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { DEMO_WALLETS } from '../simulator';
import { freePort } from '../support/free-port';
import { ROOT } from '../support/source-files';
import { TreasuryWorld } from '../support/treasury-world';

interface Told {
  refused: boolean;
  text: string;
  body: Record<string, unknown>;
}

interface Nav {
  data: { nav: { mid_tao: string | null } };
  meta: { as_of: string; trust: string };
}

const QUOTE = { netuid: 1, direction: 'unstake', amount: '5' };

/** Speaks the protocol with the command line as an assistant does: a process of its own, over its stdin and stdout. */
async function connect(port: string): Promise<{ client: Client; failures: Error[] }> {
  const { PATH = '', HOME = '' } = process.env;
  const client = new Client({ name: 'test', version: '1' });
  const failures: Error[] = [];
  client.onerror = (error) => failures.push(error);
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: ['-r', require.resolve('@swc-node/register'), join(ROOT, 'src/cli.ts'), 'mcp'],
      env: { PATH, HOME, PORT: port, SWC_NODE_PROJECT: join(ROOT, 'tsconfig.json') },
    }),
  );
  return { client, failures };
}

async function ask(client: Client, name: string, input: Record<string, unknown> = {}): Promise<Told> {
  const { content, structuredContent, isError } = await client.callTool({ name, arguments: input });
  const [first] = content as { text: string }[];
  return {
    refused: isError === true,
    text: first?.text ?? '',
    body: (structuredContent ?? {}) as Record<string, unknown>,
  };
}

describe('an assistant that speaks the Model Context Protocol', () => {
  let world: TreasuryWorld;
  let client: Client;
  let failures: Error[];

  beforeAll(async () => {
    world = await TreasuryWorld.start({ WALLET_ADDRESSES: DEMO_WALLETS.join(',') });
    await world.firstSync();
    ({ client, failures } = await connect(new URL(world.service.url).port));
  });

  afterAll(async () => {
    await client.close();
    await world.stop();
  });

  it('is offered questions, each with its meaning, and nothing that changes anything', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'trust',
        'nav',
        'positions',
        'slippage',
        'exit_curve',
        'earnings',
        'changes',
        'cost_basis',
      ]),
    );
    for (const { annotations, description } of tools) {
      expect(annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false });
      expect(description?.length).toBeGreaterThan(40);
    }
  });

  it('hears how old a figure is and how far it can be trusted before the figure, which is that of the REST answer', async () => {
    const rest = await world.service.json<Nav>('/api/v1/portfolio');
    const { refused, text, body } = await ask(client, 'nav');
    expect(refused).toBe(false);
    expect(text).toMatch(/^As of \d{4}-\d\d-\d\dT.+ old\), trust ok\..* The data is simulated/);
    expect((body as unknown as Nav).data.nav).toEqual(rest.data.nav);
    expect(body['data']).not.toHaveProperty('holdings');
  });

  it.each([
    ['trust', {}],
    ['positions', { limit: 2 }],
    ['slippage', QUOTE],
    ['exit_curve', { netuid: 1, amount: '100' }],
    ['earnings', {}],
    ['changes', {}],
    ['cost_basis', { limit: 2, method: 'average' }],
  ])('is answered by %s', async (name, input) => {
    const { refused, text, body } = await ask(client, name, input);
    expect({ name, refused, text: refused ? text : '' }).toEqual({ name, refused: false, text: '' });
    expect(text).toContain(JSON.stringify(body, null, 2));
  });

  it('is refused a figure that is not fit, with the reason, and gets it only when it says what it accepts', async () => {
    await world.fault({ match: '/api/dtao/pool/latest', times: 1, fault: { kind: 'empty_data' } });
    await world.sync('pools', 'protected');
    const refusal = await ask(client, 'slippage', QUOTE);
    expect(refusal).toMatchObject({ refused: true, body: { error: { code: 'trust/too-low' } } });
    expect(refusal.text).toMatch(/trust is protected, asked for ok: pools is protected as of/);
    const told = await ask(client, 'slippage', { ...QUOTE, min_trust: 'protected' });
    expect(told.refused).toBe(false);
    expect(told.text).toContain('trust protected');
    // The trust pack is assembled in the background.
    await world.service.until<{ overall_health: { issues: { code: string }[] } }>('/api/v1/trust-pack', (pack) =>
      pack.overall_health.issues.some(({ code }) => code === 'dataset_protected'),
    );
    expect((await ask(client, 'trust')).text).toContain('dataset_protected');
  });

  it('hears that a cost basis is not complete, and is refused one whose positions are in doubt', async () => {
    await world.rows(
      `INSERT INTO event_gaps (dataset, wallet, gap_from, gap_to, reason_code, reason)
       SELECT dataset, wallet, complete_from, complete_from + interval '1 day', 'taostats/contract', 'unreadable'
         FROM event_cursors WHERE dataset = 'delegation_events'`,
    );
    const told = await ask(client, 'cost_basis');
    expect(told.text).toMatch(/^As of .+ Not complete: see `missing` before you repeat a figure\./);
    const doubt = (isDoubted: boolean) =>
      world.rows("UPDATE dataset_states SET has_drift = $1 WHERE dataset = 'positions'", [isDoubted]);
    await doubt(true);
    const refusal = await ask(client, 'cost_basis');
    await doubt(false);
    expect(refusal).toMatchObject({ refused: true, body: { error: { code: 'trust/too-low' } } });
    expect(refusal.text).toContain('positions is drift');
  });

  it.each([
    ['slippage', { ...QUOTE, amount: '0' }, /amount: must be a decimal number above zero/],
    ['slippage', { ...QUOTE, netuid: 9999 }, /no subnet 9999/],
    ['slippage', { ...QUOTE, direction: 'sell' }, /"stake"\|"unstake"/],
    ['positions', { wallet: 'nobody' }, /wallet: must be an ss58 address/],
    ['nav', { wallets: 'all' }, /wallets/],
    ['nothing', {}, /nothing/],
  ])('learns what is wrong with %s %j', async (name, input, said) => {
    const { refused, text } = await ask(client, name, input);
    expect(refused).toBe(true);
    expect(text).toMatch(said);
  });

  it('learns that the service does not answer, and where it was looked for', async () => {
    const port = String(await freePort());
    const { client: lost } = await connect(port);
    const { refused, text } = await ask(lost, 'nav');
    await lost.close();
    expect(refused).toBe(true);
    expect(text).toMatch(new RegExp(`cli/unreachable.*127\\.0\\.0\\.1:${port}[^]*npm start`));
  });

  it('reads nothing but the protocol', () => {
    expect(failures).toEqual([]);
  });
});
