import { FakeClock } from '../../test/support/fake-clock';
import { Circuit } from './circuit';

const LIMIT_MS = 100;

function circuit(clock: FakeClock, probe: () => Promise<unknown>): Circuit {
  return new Circuit(clock, LIMIT_MS, probe);
}

const never = (): Promise<never> => new Promise(() => undefined);

describe('a circuit', () => {
  it('waits for an operation as long as its limit and no longer', async () => {
    const clock = new FakeClock();
    const waiting = expect(circuit(clock, never).within(never)).rejects.toThrow('no answer within 100 ms');
    await clock.advance(LIMIT_MS);
    await waiting;
    expect(clock.sleeping).toBe(0);
  });

  it('hands answers and errors on, and leaves no timer', async () => {
    const clock = new FakeClock();
    const guarded = circuit(clock, never);
    await expect(guarded.within(() => Promise.resolve(7))).resolves.toBe(7);
    await expect(guarded.within(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await clock.advance(0);
    expect([clock.sleeping, guarded.isOpen]).toEqual([0, false]);
  });

  it('stays open until a probe is answered, and asks in growing pauses', async () => {
    const clock = new FakeClock();
    const probedAtMs: number[] = [];
    const guarded = circuit(clock, () => {
      probedAtMs.push(clock.monotonicMs());
      return probedAtMs.length < 6 ? Promise.reject(new Error('away')) : Promise.resolve('PONG');
    });
    guarded.trip(new Error('first'));
    guarded.trip(new Error('second'));
    await clock.advance(34_999);
    expect([guarded.isOpen, guarded.reason]).toEqual([true, 'away']);
    await clock.advance(1);
    expect([guarded.isOpen, guarded.reason]).toEqual([false, null]);
    expect(probedAtMs).toEqual([1_000, 3_000, 7_000, 15_000, 25_000, 35_000]);
    expect(clock.sleeping).toBe(0);
  });

  it('probes no more once it is closed for good', async () => {
    const clock = new FakeClock();
    const probe = jest.fn(never);
    const guarded = circuit(clock, probe);
    guarded.trip(new Error('away'));
    guarded.close();
    await clock.advance(60_000);
    expect(probe).not.toHaveBeenCalled();
    expect(clock.sleeping).toBe(0);
  });
});
