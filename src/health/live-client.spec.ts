import { LiveClient, type LiveSocket } from './live-client';

class Socket implements LiveSocket {
  readonly written: string[] = [];
  ended = false;
  accepting = true;
  private drained: () => void = () => undefined;

  write(text: string): boolean {
    this.written.push(text);
    return this.accepting;
  }

  end(): void {
    this.ended = true;
  }

  on(event: 'drain' | 'close', listener: () => void): void {
    if (event === 'drain') this.drained = listener;
  }

  drain(): void {
    this.accepting = true;
    this.drained();
  }
}

describe('one open stream', () => {
  it('keeps the order while the caller is slow', () => {
    const socket = new Socket();
    const client = new LiveClient(socket);
    socket.accepting = false;
    for (const frame of ['a', 'b', 'c']) client.send(frame);
    expect(socket.written).toEqual(['a']);
    socket.drain();
    expect(socket.written).toEqual(['a', 'b', 'c']);
  });

  it('drops the oldest of a caller who does not read, and says how many', () => {
    const socket = new Socket();
    const client = new LiveClient(socket);
    socket.accepting = false;
    for (let frame = 0; frame <= 300; frame += 1) client.send(String(frame));
    socket.drain();
    expect(socket.written[1]).toBe('event: reset\ndata: {"reason":"too_slow","dropped":44}\n\n');
    expect(socket.written.slice(2)).toEqual(Array.from({ length: 256 }, (_, index) => String(45 + index)));
  });

  it('sends no event twice and none backwards', () => {
    const socket = new Socket();
    const client = new LiveClient(socket);
    client.sendEvent({ tx: 5n, id: 1n }, 'first');
    client.sendEvent({ tx: 5n, id: 1n }, 'again');
    client.sendEvent({ tx: 4n, id: 9n }, 'older');
    client.sendEvent({ tx: 5n, id: 2n }, 'second');
    expect(socket.written).toEqual(['first', 'second']);
  });
});
