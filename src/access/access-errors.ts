import { AppError, InvalidInputError, type Scope } from '../common';

/** No token where one is needed: 401. */
export class CredentialsMissingError extends AppError {
  constructor() {
    const message = 'a token is needed: Authorization: Bearer <token>';
    super('access/credentials-missing', `This service asks for a token (${message})`, {
      status: 401,
      fields: [{ field: 'authorization', message }],
    });
  }
}

/** A token that is not, or no longer, valid: 401. */
export class CredentialsWrongError extends AppError {
  constructor() {
    super('access/credentials-wrong', 'The token is not valid, or no longer', {
      status: 401,
      fields: [{ field: 'authorization', message: 'expected Bearer and a token whose hash AUTH_TOKENS lists' }],
    });
  }
}

/** A valid token that does not permit this: 403. */
export class ScopeTooSmallError extends AppError {
  constructor(held: Scope, needed: Scope) {
    const message = `this needs the scope ${needed}, the token has ${held}`;
    super('access/scope-too-small', `The token does not permit it: ${message}`, {
      status: 403,
      fields: [{ field: 'authorization', message }],
    });
  }
}

/** A browser asks for a change on behalf of another site: 403. */
export class ForeignPageError extends AppError {
  constructor() {
    super('access/foreign-page', 'A page of another origin may not change anything here; CORS_ORIGINS lists who may', {
      status: 403,
      fields: [{ field: 'origin', message: 'expected our own origin or one of CORS_ORIGINS' }],
    });
  }
}

/** HTTP/1.1 asks for a Host (RFC 9112 §3.2), and without tokens it tells whom a browser meant: 400. */
export class HostMissingError extends InvalidInputError {
  constructor() {
    super('access/host-missing', [{ field: 'host', message: 'expected once in every HTTP/1.1 request' }]);
  }
}

/** A foreign name was pointed at this machine's loopback address: 403. */
export class ForeignHostError extends AppError {
  constructor() {
    super(
      'access/foreign-host',
      'Without AUTH_TOKENS only this machine is answered, under its own name: ask 127.0.0.1 or localhost, ' +
        'list the origin in CORS_ORIGINS, or say with TRUSTED_PROXY_HOPS that a proxy stands in front',
      { status: 403, fields: [{ field: 'host', message: 'expected 127.0.0.1 or localhost' }] },
    );
  }
}

export const TOO_MANY_REQUESTS = 'access/too-many-requests';

/** More requests than the caller's limit: 429. */
export class TooManyRequestsError extends AppError {
  constructor(limitPerMinute: number, waitSeconds: number) {
    super(TOO_MANY_REQUESTS, `More than ${limitPerMinute} requests a minute: ask again in ${waitSeconds} s`, {
      status: 429,
      retryAfterSeconds: waitSeconds,
    });
  }
}
