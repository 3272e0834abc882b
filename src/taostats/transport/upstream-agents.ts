import { Agent as HttpAgent, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { type Resolve, judgedLookup } from '../../common';
import { isLoopback } from '../../config';

export const CONNECT_TIMEOUT = 'ERR_CONNECT_TIMEOUT';

/** Shorter than any load balancer keeps an idle connection, so that we rarely write to a closed one. */
const IDLE_MS = 4000;
const SOCKETS_PER_ORIGIN = 2;

const OPTIONS: AgentOptions = { keepAlive: true, maxSockets: SOCKETS_PER_ORIGIN, timeout: IDLE_MS };

type Connect = (...args: never[]) => Duplex | null | undefined;

/** Destroys a socket that is not connected (TLS included) within `timeoutMs`; axios itself has no such limit. */
function limitConnecting(socket: Duplex | null | undefined, ready: string, timeoutMs: number): void {
  if (!socket) return;
  const timer = setTimeout(() => {
    socket.destroy(Object.assign(new Error(`not connected within ${timeoutMs} ms`), { code: CONNECT_TIMEOUT }));
  }, timeoutMs);
  const stop = (): void => clearTimeout(timer);
  socket.once(ready, stop).once('close', stop).once('error', stop);
}

function withConnectLimit<A extends object>(agent: A, ready: string, timeoutMs: number): A {
  const connecting = agent as A & { createConnection: Connect };
  const connect = connecting.createConnection.bind(agent);
  connecting.createConnection = (...args) => {
    const socket = connect(...args);
    limitConnecting(socket, ready, timeoutMs);
    return socket;
  };
  return agent;
}

/**
 * Keep-alive agents, two sockets an origin, with a limit on connecting. Unless `origin` is loopback, which the settings
 * allow to a simulator alone, its name has to lead to public addresses: a name server that lies gets no connection.
 */
export function upstreamAgents(
  origin: URL,
  connectTimeoutMs: number,
  resolve?: Resolve,
): { httpAgent: HttpAgent; httpsAgent: HttpsAgent } {
  const judged = isLoopback(origin.hostname) ? {} : { lookup: judgedLookup(origin, { allowPrivate: false }, resolve) };
  const options = { ...OPTIONS, ...judged };
  return {
    httpAgent: withConnectLimit(new HttpAgent(options), 'connect', connectTimeoutMs),
    httpsAgent: withConnectLimit(new HttpsAgent(options), 'secureConnect', connectTimeoutMs),
  };
}
