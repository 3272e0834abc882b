import type { ServerResponse } from 'node:http';
import type { Fault } from '../faults/fault';
import type { Reply } from './reply';

/** Sends an answer the way its fault wants it, over a connection that may not survive it. */
export async function deliver(response: ServerResponse, reply: Reply, fault: Fault | undefined): Promise<void> {
  switch (fault?.kind) {
    case 'hang':
      return;
    case 'drip':
      return drip(response, reply, fault.bytesPerSecond);
    case 'stall':
      head(response, reply, reply.body.length);
      response.write(reply.body.subarray(0, fault.afterBytes ?? Math.floor(reply.body.length / 2)));
      return;
    case 'truncate':
      return truncate(response, reply, fault);
    case 'reset':
      return reset(response, reply, fault.afterBytes);
    default:
      head(response, reply, reply.status === 204 ? undefined : reply.body.length);
      response.end(reply.body);
  }
}

function head(response: ServerResponse, reply: Reply, length: number | undefined): void {
  response.writeHead(reply.status, { ...reply.headers, ...(length === undefined ? {} : { 'content-length': length }) });
}

async function drip(response: ServerResponse, reply: Reply, bytesPerSecond: number): Promise<void> {
  head(response, reply, reply.body.length);
  const intervalMs = Math.max(10, 1000 / bytesPerSecond);
  const chunk = Math.max(1, Math.round((bytesPerSecond * intervalMs) / 1000));
  for (let sent = 0; sent < reply.body.length && !response.destroyed; sent += chunk) {
    response.write(reply.body.subarray(sent, sent + chunk));
    await new Promise((wake) => setTimeout(wake, intervalMs).unref());
  }
  response.end();
}

/** `content_length`: fewer bytes than announced; `chunked`: half a document, closed cleanly; `complete`: still valid JSON. */
function truncate(response: ServerResponse, reply: Reply, fault: Fault & { kind: 'truncate' }): void {
  const kept = reply.body.subarray(0, Math.floor(reply.body.length * (fault.fraction ?? 0.5)));
  const mode = fault.mode ?? 'content_length';
  if (mode === 'complete') {
    const body = Buffer.from('{"data":[]}');
    head(response, { ...reply, headers: { 'content-type': 'application/json' } }, body.length);
    response.end(body);
    return;
  }
  if (mode === 'chunked') {
    head(response, { ...reply, headers: { ...reply.headers, connection: 'close' } }, undefined);
    response.end(kept);
    return;
  }
  head(response, reply, reply.body.length);
  response.write(kept, () => response.destroy());
}

/** RST, before the answer or in the middle of it. */
function reset(response: ServerResponse, reply: Reply, afterBytes: number | undefined): void {
  const { socket } = response;
  if (afterBytes === undefined) {
    socket?.resetAndDestroy();
    return;
  }
  head(response, reply, reply.body.length);
  response.write(reply.body.subarray(0, afterBytes), () => socket?.resetAndDestroy());
}
