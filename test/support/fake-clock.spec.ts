import { FakeClock } from './fake-clock';

describe('FakeClock', () => {
  it('wakes sleepers in the order of their times, each at its own time', async () => {
    const clock = new FakeClock();
    const woken: [string, number][] = [];
    const sleep = async (name: string, ms: number): Promise<void> => {
      await clock.sleep(ms);
      woken.push([name, clock.monotonicMs()]);
    };
    void sleep('late', 300);
    void sleep('early', 100).then(() => sleep('again', 50));
    await clock.advance(200);
    expect(woken).toEqual([
      ['early', 100],
      ['again', 150],
    ]);
    expect([clock.monotonicMs(), clock.sleeping]).toEqual([200, 1]);
  });

  it('rejects an aborted sleep with the reason of the signal and forgets the sleeper', async () => {
    const clock = new FakeClock();
    const ending = new AbortController();
    const sleeping = clock.sleep(1_000, ending.signal);
    ending.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
    expect(clock.sleeping).toBe(0);
  });

  it('moves wall time without waking anybody', () => {
    const clock = new FakeClock(1_000);
    clock.setWallTime(500);
    expect([clock.nowMs(), clock.monotonicMs()]).toEqual([500, 0]);
  });
});
