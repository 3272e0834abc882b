import { redactText } from '../../common';
import { ConfigError, type Environment, loadSettings, rawValue, type Variable, variables } from '../../config';
import { EXIT } from '../exit';
import type { Report } from '../status';
import { type CommandContext, plain, table } from '../terminal';
import { environmentOf } from './environment';

/** `env`: the environment. `file`: `.env`, or the file that `<VARIABLE>_FILE` names. */
type Source = 'env' | 'file' | 'default';

interface Entry {
  name: string;
  value: string | null;
  default: string | null;
  source: Source;
  range: string;
  meaning: string;
}

/** Every variable as the service would read it. Exit code 78 and all problems when it would not start. */
export function showConfiguration(context: CommandContext): Report {
  const environment = environmentOf(context);
  const problems = problemsOf(environment);
  const entries = variables().map((variable) => entryOf(variable, environment, context));
  const rows = entries.map((entry) => [entry.name, entry.value ?? '', entry.default ?? '', entry.source]);
  const lines = [
    table(['variable', 'value', 'default', 'source'], rows),
    ...(problems.length === 0 ? [] : ['', `The service would not start (${problems.length}):`]),
    ...problems.map((problem) => `  ${plain(problem)}`),
  ];
  return {
    text: lines.join('\n'),
    json: { variables: entries, problems },
    exitCode: problems.length === 0 ? EXIT.ok : EXIT.configuration,
  };
}

/** Loads the settings, which also makes their secrets known to the redaction. */
function problemsOf(environment: Environment): readonly string[] {
  try {
    loadSettings(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

function entryOf(variable: Variable, environment: Environment, { environment: own }: CommandContext): Entry {
  const { name, range, sentence } = variable;
  const common = { name, default: shown(variable.defaultValue), range, meaning: sentence };
  try {
    const { value, source } = rawValue(variable, environment);
    const isSet = value !== undefined && value !== '';
    return {
      ...common,
      value: variable.secret && isSet ? '[redacted]' : shown(value),
      source: source === 'environment' ? (own[name] === undefined ? 'file' : 'env') : source,
    };
  } catch {
    // Given twice, or in a file that cannot be read: the problems say so.
    return { ...common, value: '[unreadable]', source: 'file' };
  }
}

function shown(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return redactText(typeof value === 'string' ? value : JSON.stringify(value));
}
