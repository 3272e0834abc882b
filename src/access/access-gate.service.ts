import { Injectable } from '@nestjs/common';
import { AppError, type Caller, includesScope, type Scope } from '../common';
import { Settings } from '../config';
import { PrometheusMetrics } from '../metrics';
import {
  CredentialsMissingError,
  CredentialsWrongError,
  ForeignHostError,
  ForeignPageError,
  HostMissingError,
  ScopeTooSmallError,
  TOO_MANY_REQUESTS,
} from './access-errors';
import { CallerLimits, type LimitedRequest } from './caller-limits.service';
import { isFromForeignPage, isKnownHost, type RequestHeaders } from './foreign-page';
import { isReading, pathOf, requiredScope } from './route-scope';
import { presentedToken, TokenSet } from './tokens';

/** What the gate needs to know of a request; the rest of Fastify is not its business. */
export interface GateRequest extends LimitedRequest {
  headers: RequestHeaders & { authorization?: string | undefined; host?: string | undefined };
  raw: { httpVersion: string };
  /** True when no route matches. */
  is404: boolean;
}

export interface GateReply {
  header(name: string, value: string | string[]): unknown;
}

/** 127.0.0.0/8 with a port each are more names than anybody needs. */
const KNOWN_HOSTS_LIMIT = 100;
const REALM = 'realm="tao-treasury", charset="UTF-8"';

/**
 * Decides, before a body is read and a route is entered, whether a request goes on. Without AUTH_TOKENS the service is bound
 * to loopback and open to this machine, yet not to foreign web pages in its browsers. With them, everything but probes and
 * the static page needs a token of sufficient scope.
 */
@Injectable()
export class AccessGate {
  private readonly tokens: TokenSet;
  /** Hosts that were found to name this machine: there are a handful, and each request names one. */
  private readonly knownHosts = new Set<string | undefined>();

  constructor(
    private readonly settings: Settings,
    private readonly limits: CallerLimits,
    private readonly metrics: PrometheusMetrics,
  ) {
    this.tokens = new TokenSet(settings.authTokens);
  }

  /** Throws the refusal: 400, 401, 403, or 429 for a caller who keeps being refused. Sets `request.caller`. */
  check(request: GateRequest, reply: GateReply): void {
    try {
      this.decide(request, reply);
    } catch (error) {
      // Those over their limit are counted where limits are kept.
      if (error instanceof AppError && error.code !== TOO_MANY_REQUESTS) {
        this.metrics.accessRefusals.inc({ code: error.code });
      }
      throw error;
    }
  }

  private decide(request: GateRequest, reply: GateReply): void {
    const { headers, method } = request;
    if (headers.host === undefined && request.raw.httpVersion === '1.1') throw new HostMissingError();
    const path = pathOf(request.url);
    const needed = requiredScope({ method, path, declared: request.routeOptions.config?.requiredScope });
    if (needed === 'open' || isPreflight(request)) return;
    if (!isReading(method) && isFromForeignPage(headers, this.settings.corsOrigins)) throw new ForeignPageError();
    if (this.tokens.isEmpty) this.checkHost(headers.host);
    else request.caller = this.authenticate(request, reply, needed);
    // What no controller answers meets no guard, so it is counted here.
    if (request.is404) this.limits.check(request);
  }

  private checkHost(host: string | undefined): void {
    if (this.settings.trustedProxyHops > 0 || this.knownHosts.has(host)) return;
    if (!isKnownHost(host, this.settings.corsOrigins)) throw new ForeignHostError();
    if (this.knownHosts.size < KNOWN_HOSTS_LIMIT) this.knownHosts.add(host);
  }

  private authenticate(request: GateRequest, reply: GateReply, needed: Scope): Caller {
    const token = presentedToken(request.headers.authorization);
    const caller = token === null ? null : this.tokens.find(token);
    if (caller === null) {
      this.limits.check(request);
      const detail = token === null ? '' : ', error="invalid_token"';
      // A line each: browsers overlook what stands second in one line.
      reply.header('www-authenticate', [`Bearer ${REALM}${detail}`, `Basic ${REALM}`]);
      throw token === null ? new CredentialsMissingError() : new CredentialsWrongError();
    }
    if (!includesScope(caller.scope, needed)) {
      request.caller = caller;
      this.limits.check(request);
      reply.header('www-authenticate', `Bearer ${REALM}, error="insufficient_scope", scope="${needed}"`);
      throw new ScopeTooSmallError(caller.scope, needed);
    }
    return caller;
  }
}

/** A browser asks whether it may ask; it never shows credentials with that. */
function isPreflight({ method, headers }: GateRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}
