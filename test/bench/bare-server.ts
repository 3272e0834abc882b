import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';

/** What Node itself can serve: the bytes of BODY_FILE, with their length and type, to whoever asks. */
const body = readFileSync(process.env['BODY_FILE'] ?? '');
const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length };

const server = createServer((_request, response) => {
  response.writeHead(200, headers);
  response.end(body);
});
server.listen(Number(process.env['PORT']), '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
