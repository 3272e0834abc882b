import { join } from 'node:path';
import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { NotFoundError } from '../common';
import { type BuiltPage, encodingFor, type PageFile, readBuiltPage } from './built-page';

/** The same folder seen from `src/dashboard` and from `dist/dashboard`. */
const PAGE_DIRECTORY = join(__dirname, '../../dist/public');

/** Nothing but our own files: no inline script, no inline style, no frame, no form, no foreign host. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const YEAR = 'public, max-age=31536000, immutable';

const NOT_BUILT = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>TAO Treasury</title></head><body>
<h1>TAO Treasury runs; its page is not built</h1>
<p>Build it with <code>npm run build:web</code> and start the service again.</p>
<p>Everything it would show is served already:
<a href="/api/v1/trust-pack">trust pack</a>, <a href="/api/v1/health">health</a>, <a href="/docs">every endpoint</a>.</p>
</body></html>
`;

/** What is used of Fastify's reply. */
interface Reply {
  code(status: number): Reply;
  header(name: string, value: string): Reply;
  send(body?: Buffer | string): unknown;
}

/** Serves the page and its hashed files from memory; nothing is read from disk after the start. */
@ApiExcludeController()
@Controller()
export class PageController {
  private readonly page: BuiltPage | null = readBuiltPage(PAGE_DIRECTORY);

  @Get()
  index(@Headers() headers: Record<string, string | undefined>, @Res() reply: Reply): void {
    reply.header('content-security-policy', CONTENT_SECURITY_POLICY).header('cache-control', 'no-cache');
    if (this.page === null) reply.header('content-type', 'text/html; charset=utf-8').send(NOT_BUILT);
    else sendFile(this.page.index, headers, reply);
  }

  @Get('assets/:file')
  asset(
    @Param('file') file: string,
    @Headers() headers: Record<string, string | undefined>,
    @Res() reply: Reply,
  ): void {
    const found = this.page?.assets.get(file);
    if (found === undefined) {
      const message = 'No such file; the page may have been built again: reload it';
      throw new NotFoundError('dashboard/no-such-file', 'file', message);
    }
    reply.header('content-security-policy', CONTENT_SECURITY_POLICY).header('cache-control', YEAR);
    sendFile(found, headers, reply);
  }
}

function sendFile(file: PageFile, headers: Record<string, string | undefined>, reply: Reply): void {
  reply.header('etag', file.etag).header('vary', 'accept-encoding');
  if (headers['if-none-match'] === file.etag) {
    reply.code(304).send();
    return;
  }
  const encoding = encodingFor(headers['accept-encoding']);
  if (encoding !== 'identity') reply.header('content-encoding', encoding);
  reply.header('content-type', file.contentType).send(file[encoding]);
}
