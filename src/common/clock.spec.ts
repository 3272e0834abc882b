import { SystemClock } from './clock';

describe('SystemClock', () => {
  it('ends a sleep longer than a Node timer can hold as soon as it is aborted', async () => {
    const controller = new AbortController();
    const sleep = new SystemClock().sleep(2 ** 40, controller.signal);
    controller.abort(new Error('stop'));
    await expect(sleep).rejects.toThrow('stop');
  });

  it('rejects at once when the signal is already aborted', async () => {
    await expect(new SystemClock().sleep(0, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  });
});
