/** One server-sent event. JSON holds no line break, so one `data` line is enough. */
export function eventFrame(kind: string, body: unknown, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${kind}\ndata: ${JSON.stringify(body)}\n\n`;
}

/** How long a browser waits before it comes back, in ms. */
export const RETRY_FRAME = 'retry: 5000\n\n';
/** A comment: keeps proxies from closing a quiet stream. */
export const PING_FRAME = ': ping\n\n';

/** True when the caller asks for a stream by name: wildcards are satisfied by JSON. */
export function wantsEventStream(accept: string | undefined): boolean {
  return (accept ?? '')
    .toLowerCase()
    .split(',')
    .some((range) => range.split(';')[0]?.trim() === 'text/event-stream' && !/;\s*q=0(\.0*)?\s*$/.test(range));
}
