import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppError, isId, newId, toProblem } from './common';
import { securityHeaders } from './security-headers';

/** What one client may cost us before its request is even understood. */
export interface HttpLimits {
  /** Request line and headers must be there by then: who sends a byte a second is cut. */
  headersTimeoutMs: number;
  /** The whole request, body included. */
  requestTimeoutMs: number;
  /** How often the two above are enforced. */
  checkIntervalMs: number;
  /** A connection on which nothing happens between two requests. */
  keepAliveTimeoutMs: number;
  maxHeaderBytes: number;
  maxBodyBytes: number;
  /** Further connections are closed at once, so that there are descriptors left for PostgreSQL and TaoStats. */
  maxConnections: number;
  /** At shutdown: how long answers under way may still take. A connection that never asked anything would be waited for for ever. */
  lingerMs: number;
  /** A connection is closed after that many, so that load balancers spread long-lived clients anew. */
  maxRequestsPerConnection: number;
}

export const HTTP_LIMITS: HttpLimits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  checkIntervalMs: 1_000,
  keepAliveTimeoutMs: 65_000,
  maxHeaderBytes: 16 * 1024,
  maxBodyBytes: 16 * 1024,
  maxConnections: 2_000,
  lingerMs: 5_000,
  maxRequestsPerConnection: 100_000,
};

interface UnroutedRequest {
  url: string;
  method: string;
  id: string;
}

/** Node's own response, below Fastify's. */
interface UnroutedReply {
  raw: {
    statusCode: number;
    setHeader(name: string, value: string): unknown;
    end(body: string): unknown;
  };
}

/** Fastify under Nest with every limit set, and with problem+json also where no handler of ours is reached. */
export function buildAdapter(limits: HttpLimits, trustedProxyHops: number): FastifyAdapter {
  const adapter = new FastifyAdapter({
    // There is no Nest middleware here, and the layer for it would cost every request.
    skipMiddie: true,
    bodyLimit: limits.maxBodyBytes,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    maxRequestsPerSocket: limits.maxRequestsPerConnection,
    trustProxy: trustedProxyHops === 0 ? false : trustedProxyHops,
    requestIdHeader: false,
    genReqId: (request: { headers: Record<string, unknown> }) => requestIdOf(request.headers['x-request-id']),
    http: {
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: limits.checkIntervalMs,
      maxHeaderSize: limits.maxHeaderBytes,
      // Node's own answer to that is an empty one; ours is the access gate's.
      requireHostHeader: false,
    },
    clientErrorHandler: answerUnreadable,
    frameworkErrors: answerUnrouted,
  });
  // Bodies are JSON: a text would be refused by the route as no object, instead of as the wrong type.
  adapter.getInstance().removeContentTypeParser('text/plain');
  const server: Server = adapter.getHttpServer();
  server.maxConnections = limits.maxConnections;
  server.on('checkExpectation', refuseExpectation);
  adapter.getInstance().addHook('preClose', (done) => {
    setTimeout(() => server.closeAllConnections(), limits.lingerMs).unref();
    done();
  });
  return adapter;
}

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

const SECURITY_HEADERS = securityHeaders();

/** Any `Expect` but `100-continue`, to which Node answers by itself. */
function refuseExpectation(request: IncomingMessage, raw: ServerResponse): void {
  const message = 'expected 100-continue, or none';
  const refusal = new AppError('http/417', `Expect: ${message}`, {
    status: 417,
    fields: [{ field: 'expect', message }],
  });
  const id = requestIdOf(request.headers['x-request-id']);
  answerUnrouted(refusal, { url: request.url ?? '/', method: request.method ?? '', id }, { raw });
}

/** Answers what was not routed, a malformed address for one: neither hooks nor filters see it. */
function answerUnrouted(error: unknown, request: UnroutedRequest, { raw }: UnroutedReply): void {
  const problem = toProblem(error, request);
  raw.statusCode = problem.status;
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) raw.setHeader(name, value);
  raw.setHeader('x-request-id', request.id);
  raw.setHeader('content-type', PROBLEM_TYPE);
  raw.setHeader('cache-control', 'no-store');
  raw.end(JSON.stringify(problem));
}

/** A caller's own id goes through all logs when it is a UUID; anything else could be made to look like a log line. */
function requestIdOf(sent: unknown): string {
  return typeof sent === 'string' && isId(sent) ? sent.toLowerCase() : randomUUID();
}

const UNREADABLE: Readonly<Record<string, { status: number; reason: string; field: string; message: string }>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    reason: 'Request Header Fields Too Large',
    field: 'headers',
    message: 'expected at most 16 KiB of headers',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    reason: 'Request Timeout',
    field: 'request',
    message: 'the request did not arrive in time',
  },
};
const NO_HTTP = { status: 400, reason: 'Bad Request', field: 'request', message: 'this is not HTTP/1.1' };

/** Answers what never became a request, by hand: there is no reply object yet. */
function answerUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, reason, field, message } = UNREADABLE[error.code ?? ''] ?? NO_HTTP;
  const refusal = new AppError(`http/${status}`, message, { status, fields: [{ field, message }] });
  const problem = toProblem(refusal, { url: '/', method: '', id: newId() });
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
