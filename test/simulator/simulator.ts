import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { blockMs } from './chain';
import type { Fault } from './faults/fault';
import { FaultBook, type FaultRule } from './faults/fault-book';
import { errorBody, replacedAnswer } from './faults/replaced-answer';
import { answer, type Call, endpointOf, plain, viewBlock } from './http/answer';
import { control, type Controls, stateOf } from './http/control';
import { act, type ActionResult, type WalletAction } from './model/wallet-action';
import { deliver } from './http/delivery';
import { Plan, type PlanOptions } from './http/plan';
import type { Reply } from './http/reply';
import { hashOf, type LoggedRequest, RequestLog } from './http/request-log';
import { type Generation, World } from './model/world';
import { Replay } from './replay';
import { SimClock } from './sim-clock';

export interface SimulatorOptions extends PlanOptions {
  /** 0 takes a free port. */
  port?: number;
  seed?: number;
  /** Where the chain's clock stands at the start; the real time when absent. */
  startAt?: Date;
  /** Simulated seconds per real second; 0 stands still. */
  speed?: number;
  /** Real time in ms, for tests that hold a clock of their own. */
  now?: () => number;
  generation?: Generation;
  /** False: after the start the simulated wallets do only what `/__wallet` tells them. */
  activity?: boolean;
  /** Real seconds between actions of the simulated wallets, beside the few a week that their script holds. */
  busySeconds?: number;
  /** Directory of recorded answers. */
  replay?: string;
  /** Fault rules in force from the start. */
  faults?: readonly unknown[];
  /** Keys that are known; any key passes when absent. */
  keys?: readonly string[];
  /** The plan includes the paid endpoints. */
  paid?: boolean;
}

/** A simulator that listens on 127.0.0.1. */
export interface RunningSimulator {
  url: string;
  port: number;
  world: World;
  faults: FaultBook;
  log(pathPrefix?: string): readonly LoggedRequest[];
  clearLog(): void;
  addFault(rule: unknown): FaultRule;
  clearFaults(): void;
  /** Moves the chain's clock forward. */
  advance(seconds: number): void;
  /** What `POST /__wallet` does: one action of a wallet, in a block of its own. */
  act(action: WalletAction): ActionResult;
  state(): Record<string, unknown>;
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 1_000_000;

/** Starts the simulated upstream in this process. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const now = options.now ?? Date.now;
  const clock = new SimClock({ startMs: options.startAt?.getTime() ?? now(), speed: options.speed ?? 1, now });
  const seed = options.seed ?? 1;
  const { generation = 'number', activity = true } = options;
  const world = new World({ seed, clock, generation, activity });
  const replay = options.replay === undefined ? undefined : new Replay(options.replay);
  replay?.priceWallets(world);
  const controls: Controls = {
    world,
    faults: new FaultBook(seed),
    log: new RequestLog(),
    plan: new Plan(planOf(options), now),
  };
  for (const rule of options.faults ?? []) controls.faults.add(rule);
  const front = new Front(controls, replay, options);
  const server = createServer((request, response) => void front.handle(request, response));
  server.keepAliveTimeout = 65_000;
  await listen(server, options.port ?? 0);
  const busy = options.busySeconds === undefined ? undefined : keepBusy(world, options.busySeconds, options.speed ?? 1);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    world,
    faults: controls.faults,
    log: (prefix) => controls.log.list(prefix),
    clearLog: () => controls.log.clear(),
    addFault: (rule) => controls.faults.add(rule),
    clearFaults: () => controls.faults.clear(),
    act: (action) => act(world, action),
    advance: (seconds) => clock.advance(seconds * 1000),
    state: () => stateOf(controls),
    close: () => {
      busy?.();
      return close(server);
    },
  };
}

/** Takes each request through key, plan, fault, model and delivery, and writes it down. */
class Front {
  constructor(
    private readonly controls: Controls,
    private readonly replay: Replay | undefined,
    private readonly options: SimulatorOptions,
  ) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams: search } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const method = request.method ?? 'GET';
    const body = await readBody(request);
    const steered = control({ method, path, search, body }, this.controls);
    if (steered !== null) return deliver(response, steered, undefined);
    const struck = this.controls.faults.strike({ method, path, search: search.toString() });
    const call: Call = { method, path, search, body, fault: struck?.fault, acceptsGzip: acceptsGzip(request) };
    const key = request.headers.authorization;
    const entry = this.write(call, key);
    const delayMs = latencyOf(struck?.fault);
    if (delayMs > 0) await new Promise((wake) => setTimeout(wake, delayMs).unref());
    if (response.destroyed) return;
    entry.block = viewBlock(this.controls.world, call.fault);
    const reply = this.reply(call, key);
    entry.sha256 = reply.sha256 ?? null;
    entry.status = ['hang', 'reset'].includes(struck?.fault.kind ?? '') ? 0 : reply.status;
    response.setHeader('date', new Date().toUTCString());
    await deliver(response, reply, struck?.fault);
  }

  private reply(call: Call, key: string | undefined): Reply {
    const { fault } = call;
    const replaced = fault === undefined ? undefined : replacedAnswer(fault, key ?? '');
    if (replaced !== undefined) return replaced;
    if (call.path === '/api/v1/key/validate') {
      return plain(200, JSON.stringify(this.controls.plan.usage(call.search.get('apiKeyId') ?? '')));
    }
    const endpoint = endpointOf(call);
    if (endpoint?.open !== true) {
      if (!this.knows(key)) return plain(401, errorBody(401, 'Unauthorized'));
      const lowered = fault?.kind === 'limit_lowered' ? fault.perMinute : undefined;
      const refusal = this.controls.plan.refusal(key ?? '', lowered);
      if (refusal !== null) return plain(429, refusal);
    }
    if (endpoint === null) return plain(404, errorBody(404, 'Not Found'));
    const { world } = this.controls;
    return answer(call, endpoint, { world, replay: this.replay, paid: this.options.paid ?? false });
  }

  private knows(key: string | undefined): boolean {
    if (key === undefined || key === '' || key.toLowerCase().startsWith('bearer ')) return false;
    return this.options.keys?.includes(key) ?? true;
  }

  private write(call: Call, key: string | undefined): LoggedRequest {
    const atMs = (this.options.now ?? Date.now)();
    const entry: LoggedRequest = {
      at: new Date(atMs).toISOString(),
      atMs,
      block: this.controls.world.head(),
      method: call.method,
      path: call.path,
      query: call.search.toString(),
      status: 0,
      sha256: null,
      keyHash: hashOf(key),
      fault: call.fault?.kind ?? null,
    };
    this.controls.log.add(entry);
    return entry;
  }
}

/** Stirs a wallet at the beginning of a block, so that no answer about that block has left yet. Returns the stop. */
function keepBusy(world: World, seconds: number, speed: number): () => void {
  let count = 0;
  let onBlock: NodeJS.Timeout | undefined;
  const timer = setInterval(() => {
    const simulatedMs = blockMs(world.head() + 1) - world.clock.nowMs();
    const waitMs = speed === 0 ? 0 : simulatedMs / speed;
    onBlock = setTimeout(() => world.stir(count++), Math.max(0, waitMs)).unref();
  }, seconds * 1000).unref();
  return () => {
    clearInterval(timer);
    clearTimeout(onBlock);
  };
}

function planOf({ ratePerMinute, monthlyCredits }: SimulatorOptions): PlanOptions {
  return {
    ...(ratePerMinute === undefined ? {} : { ratePerMinute }),
    ...(monthlyCredits === undefined ? {} : { monthlyCredits }),
  };
}

function latencyOf(fault: Fault | undefined): number {
  return (fault?.delayMs ?? 0) + (fault?.kind === 'latency' ? fault.ms : 0);
}

function acceptsGzip(request: IncomingMessage): boolean {
  return String(request.headers['accept-encoding'] ?? '').includes('gzip');
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) break;
    chunks.push(chunk);
  }
  if (chunks.length === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
