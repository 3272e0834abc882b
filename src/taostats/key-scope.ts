import { createHash } from 'node:crypto';
import type { Settings } from '../config';

/** Under which name limiter and budget keep what they know of the configured key: keys are told apart without being stored. */
export function keyScopeOf(settings: Pick<Settings, 'taostatsBaseUrl' | 'taostatsApiKey'>): string {
  return `key ${new URL(settings.taostatsBaseUrl).host} ${keyIdOf(settings)}`;
}

export function keyIdOf({ taostatsApiKey }: Pick<Settings, 'taostatsApiKey'>): string {
  return createHash('sha256')
    .update(taostatsApiKey ?? '')
    .digest('hex')
    .slice(0, 12);
}
