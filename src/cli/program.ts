import { createRequire } from 'node:module';
import { Argument, Command, CommanderError, Option } from 'commander';
import { listAlerts, testChannel } from './alerts';
import { CommandError, EXIT, type ExitCode } from './exit';
import { EXPORTS, exportList, FORMATS, type Format } from './export';
import { ServiceClient } from './service-client';
import { readStatus, readTrust, type Report } from './status';
import { requestSync } from './sync';
import { type CommandContext, plain, toJson } from './terminal';
import { addWallet, listWallets, removeWallet } from './wallet';

/** The service's own modes; it checks them too. */
const MODES = ['refresh', 'full', 'deep'];
const EVERYWHERE = new Set(['0.0.0.0', '::', '[::]']);

interface CommonOptions {
  json?: boolean;
  url?: string;
  token?: string;
}

/** Runs one command line and resolves to its exit code; never rejects for what a user can do wrong. */
export async function runCommand(words: readonly string[], context: CommandContext): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const asJson = words.includes('--json');
  let usage = '';
  const program = buildProgram(context, {
    end: (code) => (exitCode = code),
    complain: (text) => (asJson ? (usage += text) : context.terminal.err(text)),
  });
  try {
    await program.parseAsync([...words], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportFailure(error, context, asJson);
    if (error.exitCode === 0) return EXIT.ok;
    return asJson ? reportFailure(usageError(usage), context, asJson) : EXIT.usage;
  }
}

interface Outcome {
  end: (code: ExitCode) => void;
  /** Takes what commander says of a line that it does not understand. */
  complain: (text: string) => void;
}

function buildProgram(context: CommandContext, { end, complain }: Outcome): Command {
  const { terminal } = context;
  const program = new Command('tao-treasury')
    .description('Bittensor treasury data that is guarded, dated and exact: checks, syncs and exports.')
    .option('--json', 'answer as JSON')
    .option('--url <url>', 'where the service is (default: http://127.0.0.1:8050, or HOST and PORT)')
    .option('--token <token>', 'token of the service; TAO_TREASURY_TOKEN keeps it out of the list of processes')
    .exitOverride()
    .showHelpAfterError()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: complain })
    .addHelpText('after', EXIT_CODES);
  const serviceOf = (command: Command): ServiceClient => serviceFor(command.optsWithGlobals(), context);
  const tell = (command: Command, report: Report): void => {
    const { json } = command.optsWithGlobals<CommonOptions>();
    terminal.out(`${json === true ? toJson(report.json) : report.text}\n`);
    end(report.exitCode);
  };
  addReadings(program, serviceOf, tell);
  addChanges(program, context, { serviceOf, tell });
  addLocal(program, context, { serviceOf, tell });
  return program;
}

type ServiceOf = (command: Command) => ServiceClient;
type Tell = (command: Command, report: Report) => void;

interface Tools {
  serviceOf: ServiceOf;
  tell: Tell;
}

function addReadings(program: Command, serviceOf: ServiceOf, tell: Tell): void {
  program
    .command('status')
    .description('how the service is; exit code 3 when degraded, 4 when critical')
    .action(async (_options, command: Command) => tell(command, await readStatus(serviceOf(command))));
  program
    .command('trust')
    .description('every dataset with its age and trust, every issue with its runbook section; exit codes as status')
    .action(async (_options, command: Command) => tell(command, await readTrust(serviceOf(command))));
}

function addChanges(program: Command, { terminal }: CommandContext, { serviceOf, tell }: Tools): void {
  program
    .command('sync')
    .description('sync datasets now; without names all of the mode')
    .argument('[datasets...]', 'names of datasets')
    .addOption(new Option('--mode <mode>', 'how much').choices(MODES).default('full'))
    .option('--wait', 'until every run has ended; exit code 3 when an answer was refused, 1 when a run failed')
    .action(async (datasets: string[], options: { mode: string; wait?: boolean }, command: Command) => {
      const wish = { datasets, mode: options.mode, wait: options.wait === true };
      tell(command, await requestSync(serviceOf(command), wish, terminal));
    });
  program
    .command('export')
    .description('write a whole list')
    .addArgument(new Argument('<what>', 'the list').choices(EXPORTS))
    .addOption(new Option('--format <format>', 'csv, or json as with --json').choices(FORMATS))
    .option('--filter <name=value...>', 'parameters of the list, see /docs', [])
    .option('--out <file>', 'a file instead of stdout')
    .action(async (what: string, options: { format?: Format; filter: string[]; out?: string }, command: Command) => {
      const format = options.format ?? (command.optsWithGlobals<CommonOptions>().json === true ? 'json' : 'csv');
      const wish = { what, format, filters: options.filter, file: options.out };
      await exportList(serviceOf(command), wish, terminal);
    });
  const alerts = program.command('alerts').description('what is wrong, and who is told');
  alerts
    .command('list', { isDefault: true })
    .description('the alerts that stand')
    .action(async (_options, command: Command) => tell(command, await listAlerts(serviceOf(command))));
  alerts
    .command('test')
    .description('send a test to a channel; exit code 1 when it does not arrive')
    .argument('<channel>', 'its name')
    .action(async (name: string, _options, command: Command) => {
      tell(command, await testChannel(serviceOf(command), name));
    });
  const wallet = program.command('wallet').description('the wallets that are followed');
  wallet
    .command('list')
    .description('list them')
    .action(async (_options, command: Command) => tell(command, await listWallets(serviceOf(command))));
  wallet
    .command('add')
    .description('follow a wallet')
    .argument('<address>', 'its coldkey, ss58')
    .option('--label <label>', 'a name for people')
    .action(async (address: string, options: { label?: string }, command: Command) => {
      tell(command, await addWallet(serviceOf(command), address, options.label));
    });
  wallet
    .command('rm')
    .description('stop following a wallet; what is known of it stays')
    .argument('<address>', 'its coldkey, ss58')
    .action(async (address: string, _options, command: Command) => {
      tell(command, await removeWallet(serviceOf(command), address));
    });
}

function addLocal(program: Command, context: CommandContext, { serviceOf, tell }: Tools): void {
  program
    .command('doctor')
    .description(
      'check configuration, key, plan, clock, database, migrations, Redis, alerts and wallets, each with its fix',
    )
    .action(async (_options, command: Command) => {
      tell(command, await local().examine(context, serviceOf(command)));
    });
  program
    .command('migrate')
    .description("bring DATABASE_URL to this build's schema; safe beside running replicas")
    .action(async (_options, command: Command) => tell(command, await local().runMigrations(context)));
  program
    .command('config')
    .description('every variable with its value, default and source; secrets are redacted')
    .action((_options, command: Command) => tell(command, local().showConfiguration(context)));
  program
    .command('mcp')
    .description('answer an assistant over stdin and stdout (Model Context Protocol); it can read and nothing else')
    .action(async (_options, command: Command) => protocol().serveMcp(serviceOf(command)));
}

/** Loaded when asked for: the framework and the database take a second that the other commands do not need. */
function local(): typeof import('./local/commands') {
  const require = createRequire(__filename);
  return require('./local/commands') as typeof import('./local/commands');
}

/** Loaded when asked for, as above. */
function protocol(): typeof import('./mcp/serve') {
  const require = createRequire(__filename);
  return require('./mcp/serve') as typeof import('./mcp/serve');
}

function serviceFor({ url, token }: CommonOptions, { environment, envFile }: CommandContext): ServiceClient {
  const { HOST = '127.0.0.1', PORT = '8050', TAO_TREASURY_TOKEN } = { ...envFile, ...environment };
  const host = EVERYWHERE.has(HOST) ? '127.0.0.1' : HOST;
  const address = url ?? `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${PORT}`;
  if (!/^https?:/.test(address) || !URL.canParse(address)) {
    throw new CommandError('cli/url', `--url ${plain(address)}: expected http://host:port or https://host`, EXIT.usage);
  }
  return new ServiceClient(address.replace(/\/+$/, ''), token ?? TAO_TREASURY_TOKEN);
}

/** What was wrong is the first line of what commander says; the rest is what is accepted. */
function usageError(said: string): CommandError {
  const [, wrong = 'no command was given', accepted = ''] = /^(?:error: (.*)\n)?([^]*)$/.exec(said) ?? [];
  return new CommandError('cli/usage', wrong, EXIT.usage, accepted.trim());
}

function reportFailure(error: unknown, { terminal }: CommandContext, asJson: boolean): ExitCode {
  if (!(error instanceof CommandError)) throw error;
  const { code, message, fix, exitCode } = error;
  if (asJson) terminal.err(`${toJson({ error: { code, message, fix } })}\n`);
  else terminal.err(`error: ${message}\n${fix === null ? '' : `  to fix: ${fix}\n`}`);
  return exitCode;
}

const EXIT_CODES = `
Exit codes: 0 ok, 1 error, 2 usage, 3 degraded, 4 critical, 78 configuration.`;
