import { estimateSeconds, Progress } from './progress';
import type { Terminal } from './terminal';

function terminal(isWatched: boolean): Terminal & { written: string } {
  return {
    written: '',
    isWatched,
    out: () => undefined,
    err(text) {
      this.written += text;
    },
  };
}

describe('progress', () => {
  it.each([
    [0, 4, 1_000, null],
    [1, 4, 1_000, 3],
    [4, 4, 9_000, 0],
    [5, 4, 9_000, 0],
  ])('with %s of %s done after %s ms says %s seconds are left', (done, total, elapsedMs, seconds) => {
    expect(estimateSeconds(done, total, elapsedMs)).toBe(seconds);
  });

  it('shows how far it is to who watches, and takes its line away at the end', () => {
    const watched = terminal(true);
    const progress = new Progress(watched);
    progress.show('runs', 1, 2);
    progress.end();
    expect(watched.written).toContain('runs: 1 of 2, 0 s so far, about 0 s left\r\u001b[K');
  });

  it('writes nothing into a file or a pipe', () => {
    const piped = terminal(false);
    const progress = new Progress(piped);
    progress.show('runs', 1, 2);
    progress.end();
    expect(piped.written).toBe('');
  });
});
