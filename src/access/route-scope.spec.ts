import { requiredScope } from './route-scope';

describe('the scope of a route', () => {
  it.each([
    ['GET', '/livez', 'open'],
    ['GET', '/readyz', 'open'],
    ['GET', '/api/v1/health/startup', 'open'],
    ['GET', '/healthz/freshness', 'open'],
    ['GET', '/', 'open'],
    ['GET', '/assets/app-1f2e.js', 'open'],
    ['GET', '/assets/../api/v1/trust-pack', 'read'],
    ['GET', '/livez/more', 'read'],
    ['GET', '/api/v1/health', 'read'],
    ['GET', '/api/v1/trust-pack', 'read'],
    ['GET', '/metrics', 'read'],
    ['GET', '/docs', 'read'],
    ['GET', '/nothing/of/the/kind', 'read'],
    ['HEAD', '/api/v1/subnets', 'read'],
    ['POST', '/api/v1/tasks/sync', 'sync'],
    ['POST', '/api/v1/tasks/refresh', 'sync'],
    ['POST', '/api/v1/metrics/reset', 'admin'],
    ['DELETE', '/api/v1/wallets/1', 'admin'],
    ['PUT', '/livez', 'admin'],
    ['PATCH', '/nothing/of/the/kind', 'admin'],
  ] as const)('%s %s is %s', (method, path, scope) => {
    expect(requiredScope({ method, path })).toBe(scope);
  });

  it('is what the route itself declares, before any rule', () => {
    expect(requiredScope({ method: 'POST', path: '/api/v1/tasks/sync', declared: 'read' })).toBe('read');
  });
});
