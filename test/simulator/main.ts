import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DEMO_WALLETS, type SimulatorOptions, startSimulator } from './index';

const USAGE = `Simulated TaoStats upstream, on 127.0.0.1 only.
  --port N          port to listen on (8051; 0 takes a free one)
  --seed N          equal seeds tell equal stories (1)
  --start ISO       where the chain's clock starts (now)
  --speed N         simulated seconds per real second (1; 0 stands still)
  --generation G    string or number: how upstream writes the fields that changed type (number)
  --rate N          requests a minute and key (60)
  --credits N       requests a month and key (unlimited)
  --quiet           the simulated wallets do nothing of their own after the start
  --busy N          the simulated wallets do something every N seconds
  --paid            the plan includes the paid endpoints
  --replay DIR      recorded answers, one file per endpoint; the rest comes from the model
  --faults FILE     JSON array of {match, times?, skip?, probability?, query?, fault}
Steer it: GET|POST|DELETE /__faults, GET|DELETE /__log, GET /__state, POST /__clock, /__wallet, /__habits, /__plan.
`;

function readOptions(): SimulatorOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      port: text,
      seed: text,
      start: text,
      speed: text,
      generation: text,
      rate: text,
      credits: text,
      busy: text,
      replay: text,
      faults: text,
      paid: { type: 'boolean' },
      quiet: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    process.stdout.write(USAGE);
    process.exit(0);
  }
  return {
    port: number('port', values.port, 8051),
    seed: number('seed', values.seed, 1),
    speed: number('speed', values.speed, 1),
    ratePerMinute: number('rate', values.rate, 60),
    generation: values.generation === 'string' ? 'string' : 'number',
    paid: values.paid ?? false,
    activity: values.quiet !== true,
    ...(values.credits === undefined ? {} : { monthlyCredits: number('credits', values.credits, 0) }),
    ...(values.busy === undefined ? {} : { busySeconds: number('busy', values.busy, 60) }),
    ...(values.start === undefined ? {} : { startAt: moment(values.start) }),
    ...(values.replay === undefined ? {} : { replay: resolve(values.replay) }),
    ...(values.faults === undefined ? {} : { faults: JSON.parse(readFileSync(values.faults, 'utf8')) as unknown[] }),
  };
}

function number(name: string, text: string | undefined, fallback: number): number {
  const value = text === undefined ? fallback : Number(text);
  if (!Number.isFinite(value) || value < 0) throw new Error(`--${name} ${text}: expected a number, 0 or more`);
  return value;
}

function moment(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new Error(`--start ${text}: expected an ISO date`);
  return date;
}

async function main(): Promise<void> {
  const simulator = await startSimulator(readOptions());
  process.stdout.write(`simulated TaoStats on ${simulator.url}\nwallets: ${DEMO_WALLETS.join(' ')}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void simulator.close().then(() => process.exit(0)));
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(64);
});
