import { SharedReading } from './shared-reading';

interface Pending {
  resolve(value: string): void;
  reject(error: Error): void;
}

function source(): { reading: SharedReading<string>; begun: Pending[] } {
  const begun: Pending[] = [];
  const reading = new SharedReading(() => new Promise<string>((resolve, reject) => begun.push({ resolve, reject })));
  return { reading, begun };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a shared reading', () => {
  it('is one for all who ask while another is under way, and begins after they asked', async () => {
    const { reading, begun } = source();
    const first = reading.get();
    const crowd = [reading.get(), reading.get(), reading.get()];
    expect(begun).toHaveLength(1);
    begun[0]?.resolve('old');
    await expect(first).resolves.toBe('old');
    await settle();
    expect(begun).toHaveLength(2);
    begun[1]?.resolve('new');
    await expect(Promise.all(crowd)).resolves.toEqual(['new', 'new', 'new']);
  });

  it('tells a failure to those who shared it, and to nobody after them', async () => {
    const { reading, begun } = source();
    const first = reading.get();
    const second = reading.get();
    begun[0]?.reject(new Error('away'));
    await expect(first).rejects.toThrow('away');
    await settle();
    begun[1]?.resolve('back');
    await expect(second).resolves.toBe('back');
    const third = reading.get();
    expect(begun).toHaveLength(3);
    begun[2]?.resolve('still there');
    await expect(third).resolves.toBe('still there');
  });
});
