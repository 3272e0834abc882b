import { DEMO_WALLETS } from '../demo-wallets';
import type { FaultBook } from '../faults/fault-book';
import { act, parseAction } from '../model/wallet-action';
import type { World } from '../model/world';
import { plain } from './answer';
import type { Plan } from './plan';
import type { Reply } from './reply';
import type { RequestLog } from './request-log';

export interface Controls {
  world: World;
  faults: FaultBook;
  log: RequestLog;
  plan: Plan;
}

interface ControlCall {
  method: string;
  path: string;
  search: URLSearchParams;
  body: unknown;
}

/** The paths that steer the simulator; the real upstream has none of them. Null for any other path. */
export function control(call: ControlCall, controls: Controls): Reply | null {
  const route = ROUTES[`${call.method} ${call.path}`];
  if (route === undefined) {
    return call.path.startsWith('/__') ? json(404, { error: `known: ${Object.keys(ROUTES).join(', ')}` }) : null;
  }
  try {
    return json(200, route(call, controls));
  } catch (error) {
    return json(400, { error: error instanceof Error ? error.message : String(error) });
  }
}

type Route = (call: ControlCall, controls: Controls) => unknown;

const ROUTES: Readonly<Record<string, Route>> = {
  'GET /__faults': (_call, { faults }) => faults.list(),
  'POST /__faults': ({ body }, { faults }) => (Array.isArray(body) ? body : [body]).map((rule) => faults.add(rule)),
  'DELETE /__faults': ({ search }, { faults }) => {
    const id = search.get('id');
    faults.clear(id === null ? undefined : Number(id));
    return faults.list();
  },
  'GET /__log': ({ search }, { log }) => log.list(search.get('path') ?? ''),
  'DELETE /__log': (_call, { log }) => {
    log.clear();
    return [];
  },
  'GET /__state': (_call, controls) => stateOf(controls),
  'POST /__clock': ({ body }, controls) => {
    const seconds = (body as { advanceSeconds?: unknown } | null)?.advanceSeconds;
    if (typeof seconds !== 'number' || !(seconds >= 0))
      throw new TypeError('advanceSeconds: expected a number, 0 or more');
    controls.world.clock.advance(seconds * 1000);
    return stateOf(controls);
  },
  'POST /__wallet': ({ body }, { world }) => act(world, parseAction(body)),
  'POST /__habits': ({ body }, { world }) => Object.assign(world.habits, body),
  'POST /__plan': ({ body }, { plan }) => {
    plan.options = { ...plan.options, ...(body as object) };
    return plan.options;
  },
};

/** Where the simulated chain stands. */
export function stateOf({ world, faults, log, plan }: Controls): Record<string, unknown> {
  return {
    now: new Date(world.clock.nowMs()).toISOString(),
    head: world.head(),
    genesis: world.genesis,
    seed: world.seed,
    generation: world.generation,
    habits: world.habits,
    wallets: DEMO_WALLETS.map((address) => walletOf(world, address)),
    plan: plan.options,
    faults: faults.list().length,
    requests: log.list().length,
  };
}

function walletOf(world: World, address: string): Record<string, unknown> {
  const block = world.head();
  const account = world.ledger.accounts.get(address);
  return {
    address,
    free: account?.freeAt(block),
    positions: account?.held(block).map((position) => ({
      netuid: position.netuid,
      hotkey: position.hotkey.ss58,
      balance: position.balance(block),
    })),
  };
}

function json(status: number, value: unknown): Reply {
  return plain(
    status,
    JSON.stringify(value, (_key, entry: unknown) => (typeof entry === 'bigint' ? entry.toString() : entry)),
  );
}
