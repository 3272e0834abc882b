import { NotFoundException } from '@nestjs/common';
import { AppError, InvalidInputError } from './app-error';
import { toProblem } from './problem.filter';

const REQUEST = { url: '/api/v1/x?token=abc', method: 'GET' };

describe('toProblem', () => {
  it('names every field at fault in a 400', () => {
    const problem = toProblem(
      new InvalidInputError('subnets/bad-query', [{ field: 'limit', message: '1 to 200' }]),
      REQUEST,
    );
    expect(problem).toMatchObject({
      status: 400,
      code: 'subnets/bad-query',
      errors: [{ field: 'limit', message: '1 to 200' }],
    });
  });

  it('points to /docs on an unknown route and drops the query string', () => {
    const problem = toProblem(new NotFoundException(), REQUEST);
    expect(problem).toMatchObject({ status: 404, code: 'http/no-such-route', instance: '/api/v1/x' });
    expect(problem.detail).toContain('/docs');
  });

  it('tells nothing about an unexpected error', () => {
    const problem = toProblem(new Error('password is hunter2'), REQUEST);
    expect(problem.status).toBe(500);
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });

  it('carries the wait of a temporary refusal', () => {
    const error = new AppError('taostats/rate-limited', 'TaoStats asked us to wait', {
      status: 503,
      retryAfterSeconds: 42,
    });
    expect(toProblem(error, REQUEST)).toMatchObject({ status: 503, retry_after_seconds: 42 });
  });
});
