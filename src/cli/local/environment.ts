import { messageOf, redactText } from '../../common';
import { ConfigError, type Environment, loadSettings, type Settings } from '../../config';
import { CommandError, EXIT } from '../exit';
import type { CommandContext } from '../terminal';

/** The environment as the service would see it: `.env` is read, and what is set already wins. */
export function environmentOf({ environment, envFile }: CommandContext): Environment {
  return { ...envFile, ...environment };
}

/** The checked settings. Throws with every problem at once and exit code 78. */
export function settingsOf(context: CommandContext): Settings {
  try {
    return loadSettings(environmentOf(context));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new CommandError('config/invalid', error.message, EXIT.configuration, 'see .env.example');
  }
}

/** Why something failed, in one line and without a secret. */
export function reasonOf(error: unknown): string {
  const text = error instanceof AggregateError ? error.errors.map(messageOf).join('; ') : messageOf(error);
  return redactText(text.trim() === '' ? 'no reason was given' : text).split('\n')[0] ?? '';
}
