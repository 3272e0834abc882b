import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface SeenRequest {
  method: string;
  url: URL;
  headers: IncomingMessage['headers'];
  body: string;
}

export type Act = (response: ServerResponse, request: SeenRequest, socket: Socket) => void;

/** A server on loopback that does what it is told, request by request; the last act is repeated. */
export class EvilServer {
  readonly seen: SeenRequest[] = [];
  private acts: Act[] = [];
  connections = 0;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<EvilServer> {
    const server = createServer({ keepAliveTimeout: 60_000 });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const evil = new EvilServer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('connection', () => (evil.connections += 1));
    server.on('request', (request, response) => evil.serve(request, response));
    return evil;
  }

  /** Replaces the script and forgets what was seen. */
  play(...acts: Act[]): void {
    this.acts = acts;
    this.seen.length = 0;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const seen = {
        method: request.method ?? '',
        url: new URL(request.url ?? '/', this.url),
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      this.seen.push(seen);
      const act = this.acts.length > 1 ? this.acts.shift() : this.acts[0];
      act?.(response, seen, request.socket);
    });
  }
}

/** Answers with JSON; a text is sent as it is. */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Act {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** An envelope around rows, all on page 1 unless told otherwise. */
export function rows(data: unknown[], paging: Record<string, unknown> = {}): Act {
  const pagination = {
    current_page: 1,
    per_page: 200,
    total_items: data.length,
    total_pages: 1,
    next_page: null,
    prev_page: null,
    ...paging,
  };
  return json({ pagination, data });
}
