import { makeToken } from './access';
import { SCOPES, type Scope } from './common';

const USAGE = `usage: make-token [${SCOPES.join('|')}] [label]   (label: lower-case letters, digits, hyphens)`;

/** Prints a new token, shown once and stored nowhere, and its entry for AUTH_TOKENS. Exit code 2 on wrong usage. */
function main(scope = 'read', label?: string): void {
  const isUsable = label === undefined || /^[a-z0-9][a-z0-9-]{0,31}$/.test(label);
  if (!(SCOPES as readonly string[]).includes(scope) || !isUsable) {
    process.stderr.write(`${USAGE}\n`);
    process.exitCode = 2;
    return;
  }
  const { token, entry } = makeToken(scope as Scope, label);
  process.stdout.write(`token        ${token}\nAUTH_TOKENS  ${entry}\n`);
}

main(...process.argv.slice(2));
