import { eventFrame, wantsEventStream } from './live-frame';

describe('an event on the wire', () => {
  it('is one data line, whatever its text holds', () => {
    expect(eventFrame('run', { reason: 'two\nlines' }, '7-1')).toBe(
      'id: 7-1\nevent: run\ndata: {"reason":"two\\nlines"}\n\n',
    );
    expect(eventFrame('hello', {})).toBe('event: hello\ndata: {}\n\n');
  });

  it.each([
    ['text/event-stream', true],
    ['application/json, Text/Event-Stream;q=0.5', true],
    ['text/event-stream;q=0', false],
    ['text/event-stream;q=0.0, */*', false],
    ['*/*', false],
    ['text/*', false],
    ['application/json', false],
    [undefined, false],
  ])('is streamed to who accepts %s: %s', (accept, wanted) => {
    expect(wantsEventStream(accept)).toBe(wanted);
  });
});
