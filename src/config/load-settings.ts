import { readFileSync } from 'node:fs';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { redactText, registerSecret } from '../common';
import { channelProblems, channelSecrets } from './alert-channels';
import { isLoopback } from './setting-checks';
import { Settings } from './settings';
import { type Variable, variables } from './variable';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Exit code of a refused configuration (sysexits EX_CONFIG). */
export const EXIT_CONFIG = 78;

/** All that is wrong with the configuration, one line each; never only the first. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not valid (${problems.length}):\n${problems.map((line) => `  ${line}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** Where a value came from: its variable, the file that `<VARIABLE>_FILE` names, or the default. */
export type SettingSource = 'environment' | 'file' | 'default';

interface RawValue {
  value: unknown;
  source: SettingSource;
}

/**
 * Reads, converts and checks every variable. Secrets may come from `X_FILE` instead of `X`, never from both.
 * Throws `ConfigError` with every problem at once. Reads no variable that `Settings` does not declare.
 */
export function loadSettings(environment: Environment): Settings {
  const problems: string[] = [];
  const raw: Record<string, unknown> = {};
  for (const variable of variables()) {
    try {
      raw[variable.property] = rawValue(variable, environment).value;
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  const settings = plainToInstance(Settings, raw);
  for (const secret of [settings.taostatsApiKey, passwordOf(settings.databaseUrl), passwordOf(settings.redisUrl)]) {
    registerSecret(secret);
  }
  for (const entry of settings.authTokens ?? []) registerSecret(entry.split(':')[1]);
  for (const secret of channelSecrets(settings)) registerSecret(secret);
  problems.push(...checkSettings(settings, raw));
  if (problems.length > 0) throw new ConfigError(problems);
  return settings;
}

/** The value as text, before conversion, with its source. Throws a line for the operator when both forms are set. */
export function rawValue(variable: Variable, environment: Environment): RawValue {
  const direct = environment[variable.name];
  const file = variable.secret ? environment[`${variable.name}_FILE`] : undefined;
  if (direct !== undefined && file !== undefined && file !== '') {
    throw new Error(`${variable.name}: set either ${variable.name} or ${variable.name}_FILE, not both`);
  }
  if (file !== undefined && file !== '') return { value: readSecret(variable.name, file), source: 'file' };
  if (direct !== undefined) return { value: direct.trim(), source: 'environment' };
  return { value: variable.defaultValue, source: 'default' };
}

function readSecret(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    throw new Error(`${name}_FILE: cannot read ${path}`);
  }
}

function checkSettings(settings: Settings, raw: Record<string, unknown>): string[] {
  const problems = validateSync(settings).map((failure) => {
    const variable = variables().find((entry) => entry.property === failure.property);
    const relation = failure.constraints?.['AtLeast'];
    const expected = relation ?? `expected ${variable?.range ?? 'another value'}`;
    return `${variable?.name ?? failure.property}=${shown(variable, raw[failure.property])}: ${expected}`;
  });
  if (settings.taostatsApiKey === undefined) problems.push(MISSING_KEY);
  if (settings.metricsPort !== 0 && settings.metricsPort === settings.port) {
    problems.push(
      `METRICS_PORT=${settings.metricsPort}: expected another port than PORT, or 0 to serve /metrics there`,
    );
  }
  problems.push(...channelProblems(settings));
  const hasNoTokens = Array.isArray(settings.authTokens) && settings.authTokens.length === 0;
  if (hasNoTokens && typeof settings.host === 'string' && settings.host !== '' && !isLoopback(settings.host)) {
    problems.push(`HOST=${settings.host}: ${OPEN_TO_OTHERS}`);
  }
  return problems;
}

const MISSING_KEY =
  'TAOSTATS_API_KEY is not set: get a key at https://dash.taostats.io and set it, ' +
  'or run `npm run demo`, which needs no key and serves simulated data';

const OPEN_TO_OTHERS =
  'other machines can reach this address, so AUTH_TOKENS is needed: `npm run token` (or `node dist/make-token.js`) makes ' +
  'a token and its entry for AUTH_TOKENS; or bind to HOST=127.0.0.1';

function shown(variable: Variable | undefined, value: unknown): string {
  if (variable?.secret) return '[redacted]';
  const text = redactText(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
  return text === '' ? "''" : text.slice(0, 120);
}

function passwordOf(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { password } = new URL(url);
  try {
    return decodeURIComponent(password) || undefined;
  } catch {
    return password;
  }
}
