import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { messageOf } from '../../src/common';
import { createTestDatabase } from '../support/test-database';
import { type BenchContext, type BenchGroup, meetsFloor } from './figure';
import { GROUPS } from './groups';
import { describeMachine } from './machine';
import { openServer } from './server';
import { type Report, toMarkdown, writeMarkdown } from './report';

const USAGE = `Measures the service, each figure beside a reference of the same run. Exits with 1 when a floor is missed.
  --quick           fewer runs and less data, at most two minutes; floors are shown, but none is enforced
  --only A,B        these groups: ${GROUPS.map(({ name }) => name).join(', ')}
  --json FILE       writes everything as JSON
  --markdown FILE   writes the table between the markers <!-- bench:begin --> and <!-- bench:end --> of the file
BENCH_DATABASE_URL  a PostgreSQL to use instead of the embedded one; its role must be allowed to create databases
`;
const FULL_RUNS = 7;
const QUICK_RUNS = 3;
const EXIT_USAGE = 64;

interface Options {
  groups: readonly BenchGroup[];
  quick: boolean;
  json: string | undefined;
  markdown: string | undefined;
}

/** Throws on an option or a group that does not exist. */
function readOptions(): Options {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { quick: { type: 'boolean' }, help: { type: 'boolean' }, only: text, json: text, markdown: text },
  });
  if (values.help === true) {
    process.stdout.write(USAGE);
    process.exit(0);
  }
  const names = values.only?.split(',') ?? GROUPS.map(({ name }) => name);
  const groups = names.map((name) => {
    const group = GROUPS.find((candidate) => candidate.name === name);
    if (group === undefined) throw new Error(`--only ${name}: expected ${GROUPS.map((one) => one.name).join(', ')}`);
    return group;
  });
  return { groups, quick: values.quick ?? false, json: values.json, markdown: values.markdown };
}

async function measure({ groups, quick }: Options): Promise<Report> {
  const begun = new Date();
  const server = await openServer(process.env['BENCH_DATABASE_URL']);
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const runs = quick ? QUICK_RUNS : FULL_RUNS;
  const context: BenchContext = { quick, runs, createDatabase: () => createTestDatabase(), say };
  const report: Report = {
    machine: await describeMachine(server.url),
    at: `${begun.toISOString().slice(0, 16)}Z`,
    command: `npm run bench${process.argv.length > 2 ? ` -- ${process.argv.slice(2).join(' ')}` : ''}`,
    seconds: 0,
    figures: [],
    crashed: {},
  };
  try {
    for (const group of groups) {
      say(`== ${group.name}`);
      try {
        report.figures.push(...(await group.run(context)));
      } catch (error) {
        say(error instanceof Error && error.stack !== undefined ? error.stack : messageOf(error));
        report.crashed[group.name] = messageOf(error);
      }
    }
  } finally {
    await server.close();
  }
  report.seconds = (Date.now() - begun.getTime()) / 1000;
  return report;
}

/** A group that crashed fails every mode; a missed floor only the full one. */
function exitCodeOf({ figures, crashed }: Report, quick: boolean): number {
  if (Object.keys(crashed).length > 0) return 1;
  return quick || figures.every(meetsFloor) ? 0 : 1;
}

async function main(): Promise<void> {
  let options: Options;
  try {
    options = readOptions();
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(EXIT_USAGE);
  }
  const report = await measure(options);
  const markdown = toMarkdown(report);
  process.stdout.write(markdown);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  if (options.markdown !== undefined) writeMarkdown(options.markdown, markdown);
  process.exitCode = exitCodeOf(report, options.quick);
}

void main();
