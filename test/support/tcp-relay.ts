import { once } from 'node:events';
import { type Server, type Socket, connect, createServer } from 'node:net';
import { freePort } from './free-port';

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'redis:': 6379, 'postgres:': 5432, 'postgresql:': 5432 };

/** A loopback port that passes bytes to a shared server, and can be cut and frozen without touching that server. */
export class TcpRelay {
  readonly url: string;
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private frozen = false;

  private constructor(
    private readonly target: URL,
    private readonly port: number,
  ) {
    const url = new URL(target);
    url.hostname = '127.0.0.1';
    url.port = String(port);
    this.url = url.href;
  }

  static async start(targetUrl: string): Promise<TcpRelay> {
    const relay = new TcpRelay(new URL(targetUrl), await freePort());
    await relay.restore();
    return relay;
  }

  /** Takes connections, at first and again after a cut. */
  async restore(): Promise<void> {
    this.server = createServer((socket) => this.pass(socket)).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  /** Breaks every connection and refuses new ones. */
  async cut(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    this.server = undefined;
    server.close();
    for (const socket of this.sockets) socket.destroy();
    await once(server, 'close');
  }

  /** Takes connections and bytes and passes nothing on. */
  freeze(): void {
    this.frozen = true;
    for (const socket of this.sockets) socket.pause();
  }

  thaw(): void {
    this.frozen = false;
    for (const socket of this.sockets) socket.resume();
  }

  stop(): Promise<void> {
    return this.cut();
  }

  private pass(socket: Socket): void {
    const upstream = connect(
      Number(this.target.port) || (DEFAULT_PORTS[this.target.protocol] ?? 0),
      this.target.hostname,
    );
    for (const [from, to] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      this.sockets.add(from);
      from.on('data', (bytes) => to.write(bytes));
      from.on('error', () => undefined);
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      if (this.frozen) from.pause();
    }
  }
}
