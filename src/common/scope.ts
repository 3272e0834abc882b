import { RouteConfig } from '@nestjs/platform-fastify';

/** What a caller may do, weakest first; each includes those before it. */
export const SCOPES = ['read', 'sync', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** True when `held` permits what `needed` permits. */
export function includesScope(held: Scope, needed: Scope): boolean {
  return SCOPES.indexOf(held) >= SCOPES.indexOf(needed);
}

/** Who asks, as the access gate has found out; absent while the service is open to this machine only. */
export interface Caller {
  /** Name of the token; safe to log. */
  label: string;
  scope: Scope;
}

/**
 * The scope that a route needs where the rule by method is wrong: reads need `read`, sync triggers `sync`, every other
 * change `admin`; `open` needs none. For methods of controllers, not for classes.
 */
export function RequiresScope(scope: Scope | 'open'): MethodDecorator {
  return RouteConfig({ requiredScope: scope });
}
