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
  /** The id in `X-Request-Id` and in the log. */
  request_id?: string;
  errors?: readonly FieldError[];
  retry_after_seconds?: number;
}

/** What is used of a request; `id` is absent where there was none yet. */
interface FailedRequest {
  url: string;
  method: string;
  id?: string;
}

const TITLES: Record<number, string> = {
  400: 'The request is not valid',
  401: 'Credentials are missing or wrong',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'The request took too long',
  409: 'Conflict with the current state',
  413: 'The body is too large',
  414: 'The address is too long',
  415: 'The media type is not supported',
  417: 'The expectation cannot be met',
  422: 'The request cannot be carried out',
  429: 'Too many requests',
  431: 'The headers are too large',
  503: 'Not available at the moment',
};

/** The one place where an error becomes HTTP: RFC 9457 problem+json, no stack, no upstream text. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<Reply>();
    const request = http.getRequest<FailedRequest>();
    const problem = toProblem(error, request);
    if (problem.status >= 500)
      this.logger.error(
        { err: error, path: problem.instance, code: problem.code, request_id: request.id },
        messageOf(error),
      );
    if (reply.sent) return;
    reply.code(problem.status).header('content-type', 'application/problem+json; charset=utf-8');
    reply.header('cache-control', 'no-store');
    if (problem.retry_after_seconds !== undefined) reply.header('retry-after', String(problem.retry_after_seconds));
    reply.send(JSON.stringify(problem));
  }
}

/** Shape of an error as callers see it; exported for the framework's own errors that never reach the filter. */
export function toProblem(error: unknown, request: FailedRequest): Problem {
  const instance = request.url.split('?')[0] ?? '/';
  const problem = describe(error, request.method, instance);
  const fields = error instanceof AppError ? error.fields : fieldsAtFault(error);
  const wait = retryAfterSeconds(error, problem.status);
  return {
    ...problem,
    ...(request.id === undefined ? {} : { request_id: request.id }),
    ...(fields.length > 0 ? { errors: fields } : {}),
    ...(wait === undefined ? {} : { retry_after_seconds: wait }),
  };
}

function describe(error: unknown, method: string, instance: string): Problem {
  if (error instanceof AppError) {
    const isOurFault = error.status >= 500 && error.status !== 503;
    return problemOf(error.status, error.code, isOurFault ? INTERNAL : error.message, instance);
  }
  const status = statusOf(error);
  if (status === 404) {
    const detail = `No route ${method} ${instance}; see /docs for all of them`;
    return problemOf(404, 'http/no-such-route', detail, instance);
  }
  const detail = status >= 500 ? INTERNAL : messageOf(error);
  return problemOf(status, status >= 500 ? 'http/internal' : `http/${status}`, detail, instance);
}

/** The part of a request that the framework refused, by the status that it refused with. */
const PARTS_AT_FAULT: Record<number, string> = {
  400: 'body',
  403: 'url',
  404: 'url',
  413: 'body',
  414: 'url',
  415: 'content-type',
};

function fieldsAtFault(error: unknown): readonly FieldError[] {
  const isBadUrl = (error as { code?: unknown } | null)?.code === 'FST_ERR_BAD_URL';
  const field = isBadUrl ? 'url' : PARTS_AT_FAULT[statusOf(error)];
  return field === undefined ? [] : [{ field, message: messageOf(error) }];
}

/** Both 429 and 503 always say when to ask again. */
const DEFAULT_WAIT_SECONDS = 5;

function retryAfterSeconds(error: unknown, status: number): number | undefined {
  const given = error instanceof AppError ? error.retryAfterSeconds : undefined;
  return given ?? (status === 429 || status === 503 ? DEFAULT_WAIT_SECONDS : undefined);
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
