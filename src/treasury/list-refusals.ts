import { applyDecorators } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiNotFoundResponse,
  ApiNotModifiedResponse,
  ApiServiceUnavailableResponse,
} from '@nestjs/swagger';

/** What every list may answer instead of rows. */
export function ListRefusals(): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ApiNotModifiedResponse({ description: 'The reader of If-None-Match has the same rows already.' }),
    ApiBadRequestResponse({ description: 'A problem that names the parameter.' }),
    ApiNotFoundResponse({ description: 'The wallet is not followed.' }),
    ApiServiceUnavailableResponse({
      description: 'PostgreSQL is away, or the trust is below `min_trust`; see Retry-After.',
    }),
  );
}
