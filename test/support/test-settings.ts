import { type Environment, type Settings, loadSettings } from '../../src/config';

const ENVIRONMENT: Environment = { TAOSTATS_API_KEY: 'tao-test-key:00000000', LOG_LEVEL: 'silent' };

/** The defaults with a key, and with `overrides` laid over them unchecked. Nothing of the machine's environment. */
export function testSettings(overrides: Partial<Settings> = {}): Settings {
  return Object.assign(loadSettings(ENVIRONMENT), overrides);
}
