import type { HttpModuleOptions } from '@nestjs/axios';
import type { Resolve } from '../../common';
import type { Settings } from '../../config';
import { SERVICE_VERSION } from '../../metrics';
import { MAX_BODY_BYTES } from '../wire/decode';
import { upstreamAgents } from './upstream-agents';

/** How every request to TaoStats is made. Paths come from the endpoint table only, so the key stays with one origin. */
export function httpOptions(settings: Settings, resolve?: Resolve): HttpModuleOptions {
  return {
    baseURL: settings.taostatsBaseUrl.replace(/\/+$/, ''),
    ...upstreamAgents(new URL(settings.taostatsBaseUrl), settings.apiConnectTimeoutSeconds * 1000, resolve),
    // Idle timeout of the socket: the longest silence, not the length of the answer. See `attemptLimitMs`.
    timeout: settings.apiReadTimeoutSeconds * 1000,
    transitional: { clarifyTimeoutError: true },
    // A redirect is an answer that we refuse; followed, it would carry the key to another place.
    maxRedirects: 0,
    proxy: false,
    // Counted after decompression.
    maxContentLength: MAX_BODY_BYTES,
    responseType: 'arraybuffer',
    validateStatus: () => true,
    transformResponse: (body: unknown) => body,
    headers: {
      // The raw key: TaoStats answers 401 to "Bearer".
      ...(settings.taostatsApiKey === undefined ? {} : { Authorization: settings.taostatsApiKey }),
      Accept: 'application/json',
      'Accept-Encoding': 'gzip',
      'User-Agent': `tao-treasury/${SERVICE_VERSION}`,
    },
  };
}

/**
 * Bound of one attempt, whatever trickles in: connecting plus one longest silence. An answer of a megabyte takes a
 * second; one that needs longer than this is being dripped.
 */
export function attemptLimitMs(settings: Settings): number {
  return (settings.apiConnectTimeoutSeconds + settings.apiReadTimeoutSeconds) * 1000;
}
