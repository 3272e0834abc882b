import { ArgumentsHost, Catch, ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import { AppError, type FieldError, messageOf } from './app-error';

interface Reply {
  sent: boolean;
  code(status: number): Reply;
  header(name: string, value: string): Reply;
  send(body: string): unknown;
}

interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  instance: string;
  errors?: readonly FieldError[];
  retry_after_seconds?: number;
}

const TITLES: Record<number, string> = {
  400: 'The request is not valid',
  401: 'Credentials are missing or wrong',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict with the current state',
  413: 'The body is too large',
  415: 'The media type is not supported',
  422: 'The request cannot be carried out',
  429: 'Too many requests',
  503: 'Not available at the moment',
};

/** The one place where an error becomes HTTP: RFC 9457 problem+json, no stack, no upstream text. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<Reply>();
    const request = http.getRequest<{ url: string; method: string }>();
    const problem = toProblem(error, request);
    if (problem.status >= 500)
      this.logger.error({ err: error, path: request.url, code: problem.code }, messageOf(error));
    if (reply.sent) return;
    reply.code(problem.status).header('content-type', 'application/problem+json; charset=utf-8');
    reply.header('cache-control', 'no-store');
    if (problem.retry_after_seconds !== undefined) reply.header('retry-after', String(problem.retry_after_seconds));
    reply.send(JSON.stringify(problem));
  }
}

/** Shape of an error as callers see it; exported for the framework's own errors that never reach the filter. */
export function toProblem(error: unknown, request: { url: string; method: string }): Problem {
  const instance = request.url.split('?')[0] ?? '/';
  if (error instanceof AppError) {
    return {
      ...problemOf(
        error.status,
        error.code,
        error.status >= 500 && error.status !== 503 ? INTERNAL : error.message,
        instance,
      ),
      ...(error.fields.length > 0 ? { errors: error.fields } : {}),
      ...(error.retryAfterSeconds === undefined ? {} : { retry_after_seconds: error.retryAfterSeconds }),
    };
  }
  const status = statusOf(error);
  if (status === 404) {
    return problemOf(
      404,
      'http/no-such-route',
      `No route ${request.method} ${instance}; see /docs for all of them`,
      instance,
    );
  }
  const detail = status >= 500 ? INTERNAL : messageOf(error);
  return problemOf(status, status >= 500 ? 'http/internal' : `http/${status}`, detail, instance);
}

const INTERNAL = 'An internal error; the log has the details';

function problemOf(status: number, code: string, detail: string, instance: string): Problem {
  return {
    type: `urn:tao-treasury:problem:${code}`,
    title: TITLES[status] ?? 'Internal error',
    status,
    code,
    detail,
    instance,
  };
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  // Fastify's own errors (bad JSON, body over the limit, wrong media type) carry their status here.
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status >= 400 && status <= 599 ? status : 500;
}
