import { once } from 'node:events';
import { type Server, type Socket, connect, createServer } from 'node:net';
import { freePort } from './free-port';

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'redis:': 6379, 'postgres:': 5432, 'postgresql:': 5432 };

/**
 * What a network may do to the bytes that come back from the server: arrive late, slowly, in crumbs; stop in the middle
 * with or without the end of the connection; be cut off by RST; or never see the connection closed.
 */
export type Toxic =
  | { kind: 'latency'; ms: number }
  | { kind: 'bandwidth'; bytesPerSecond: number }
  | { kind: 'slicer'; bytes: number; everyMs: number }
  /** Passes so many bytes, then nothing more; the connection stays open. */
  | { kind: 'stall'; afterBytes: number }
  /** Passes so many bytes, then closes in order (FIN). */
  | { kind: 'limit_data'; bytes: number }
  /** Passes so many bytes, then RST. */
  | { kind: 'reset_peer'; afterBytes: number }
  | { kind: 'slow_close'; ms: number };

/** A loopback port that passes bytes to a server, and can be cut, frozen and poisoned without touching that server. */
export class TcpRelay {
  readonly url: string;
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private frozen = false;
  private toxic: Toxic | null = null;
  private severing: readonly string[] | null = null;
  private muting: string | null = null;
  /** Connections that were severed. */
  severed = 0;
  /** Connections taken so far. */
  connections = 0;

  private constructor(
    private readonly target: URL,
    readonly port: number,
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
    this.breakConnections();
    await once(server, 'close');
  }

  /** Ends the connections that are open now; new ones are taken. */
  breakConnections(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  /** Takes connections and bytes and passes nothing on. */
  freeze(): void {
    this.frozen = true;
    for (const socket of this.sockets) socket.pause();
  }

  thaw(): void {
    this.frozen = false;
    this.muting = null;
    for (const socket of this.sockets) socket.resume();
  }

  /** From now on answers suffer from `toxic`, those on open connections too; null ends it. */
  poison(toxic: Toxic | null): void {
    this.toxic = toxic;
  }

  /**
   * The first connection on which these texts are sent, in this order, is lost once the server has the last of them: the
   * client never hears what became of it.
   */
  severAfter(texts: readonly string[] | null): void {
    this.severing = texts;
  }

  /** The first connection on which this text is sent hears nothing more until `thaw`; the server has the text. */
  muteAfter(text: string): void {
    this.muting = text;
  }

  stop(): Promise<void> {
    return this.cut();
  }

  private pass(socket: Socket): void {
    this.connections += 1;
    const upstream = connect(
      Number(this.target.port) || (DEFAULT_PORTS[this.target.protocol] ?? 0),
      this.target.hostname,
    );
    const answer = new PoisonedAnswer(socket, () => this.toxic);
    let seen = 0;
    socket.on('data', (bytes) => {
      if (this.muting !== null && bytes.includes(this.muting)) {
        this.muting = null;
        upstream.pause();
      }
      const wanted = this.severing?.[seen];
      if (wanted !== undefined && bytes.includes(wanted)) seen += 1;
      if (this.severing === null || seen < this.severing.length) return upstream.write(bytes);
      this.severing = null;
      this.severed += 1;
      upstream.end(bytes);
      return socket.destroy();
    });
    upstream.on('data', (bytes) => answer.take(bytes));
    for (const [from, to] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      this.sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        this.sockets.delete(from);
        if (from === upstream) answer.end();
        else if (!to.writableEnded) to.destroy();
      });
      if (this.frozen) from.pause();
    }
  }
}

/** One connection's answers on their way to the client. */
class PoisonedAnswer {
  private passed = 0;
  private poisonedBy: Toxic | null = null;
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly client: Socket,
    private readonly toxicNow: () => Toxic | null,
  ) {}

  take(bytes: Buffer): void {
    const toxic = this.toxicNow();
    // The count of a limit begins when its toxic does.
    if (toxic !== this.poisonedBy) this.passed = 0;
    this.poisonedBy = toxic;
    this.last = this.last.then(() => this.send(bytes, toxic));
  }

  end(): void {
    const toxic = this.toxicNow();
    this.last = this.last.then(async () => {
      if (toxic?.kind === 'slow_close') await pause(toxic.ms);
      if (toxic?.kind !== 'stall') this.client.destroy();
    });
  }

  private async send(bytes: Buffer, toxic: Toxic | null): Promise<void> {
    switch (toxic?.kind) {
      case 'latency':
        await pause(toxic.ms);
        return this.write(bytes);
      case 'bandwidth':
        return this.crumble(bytes, Math.max(1, Math.ceil(toxic.bytesPerSecond / 50)), 20);
      case 'slicer':
        return this.crumble(bytes, toxic.bytes, toxic.everyMs);
      case 'stall':
        return this.write(this.upTo(bytes, toxic.afterBytes));
      case 'limit_data':
        this.write(this.upTo(bytes, toxic.bytes));
        if (this.passed >= toxic.bytes) this.client.end();
        return;
      case 'reset_peer':
        this.write(this.upTo(bytes, toxic.afterBytes));
        if (this.passed >= toxic.afterBytes) this.client.resetAndDestroy();
        return;
      default:
        return this.write(bytes);
    }
  }

  private upTo(bytes: Buffer, limit: number): Buffer {
    const part = bytes.subarray(0, Math.max(0, limit - this.passed));
    this.passed += bytes.length;
    return part;
  }

  private async crumble(bytes: Buffer, size: number, everyMs: number): Promise<void> {
    for (let sent = 0; sent < bytes.length && !this.client.destroyed; sent += size) {
      this.write(bytes.subarray(sent, sent + size));
      await pause(everyMs);
    }
  }

  private write(bytes: Buffer): void {
    if (bytes.length > 0 && !this.client.destroyed && this.client.writable) this.client.write(bytes);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, ms).unref());
}
