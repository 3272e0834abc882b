import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedPost {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

interface ScriptedAnswer {
  /** 0: none, ever. */
  status: number;
  headers?: Record<string, string>;
}

/** An HTTP server on loopback that keeps what it is sent. */
export class AlertReceiver {
  readonly received: ReceivedPost[] = [];
  private readonly answers: ScriptedAnswer[] = [];
  private readonly waiting: (() => void)[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<AlertReceiver> {
    const server = createServer();
    const receiver = new AlertReceiver(server);
    server.on('request', (request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      request.on('end', () => {
        receiver.received.push({ path: request.url ?? '', headers: request.headers, body });
        for (const wake of receiver.waiting.splice(0)) wake();
        const { status, headers = {} } = receiver.answers.shift() ?? { status: 200 };
        if (status === 0) return;
        response.writeHead(status, headers).end('noted');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  url(path = '/in'): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** The answers to the next requests, in order; 200 after them. */
  answerNext(...answers: ScriptedAnswer[]): void {
    this.answers.push(...answers);
  }

  /** The next request that comes, or the first that nobody has taken yet. */
  async next(): Promise<ReceivedPost> {
    for (;;) {
      const post = this.received.shift();
      if (post !== undefined) return post;
      await new Promise<void>((wake) => this.waiting.push(wake));
    }
  }

  /** What came since the last call. */
  take(): ReceivedPost[] {
    return this.received.splice(0);
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}
