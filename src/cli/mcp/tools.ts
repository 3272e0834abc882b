import { z } from 'zod';

/** What every tool takes, once its `input` has let it through. */
export type Given = Record<string, string | number | undefined>;

/** One question that an assistant may ask: what it takes, and the read that answers it. */
export interface Tool {
  name: string;
  title: string;
  description: string;
  input: z.ZodObject;
  /** Path and query under `/api/v1`, from input that has passed `input`. */
  pathOf(input: Given): string;
  /** What of the answer's `data` is told; absent: all of it. */
  tell?(answer: Record<string, unknown>): Record<string, unknown>;
}

const ADDRESS_LENGTH = 64;
const MAX_NETUID = 65_535;
const MAX_PAGE = 200;

const wallet = z.string().max(ADDRESS_LENGTH).optional().describe('Coldkey, ss58. Without it all wallets together.');
const netuid = z.int().min(0).max(MAX_NETUID).describe('Number of the subnet; 0 is root.');
const amount = z.string().describe('Whole tokens as decimal text, for example "10.5".');
const moment = (meaning: string) => z.string().optional().describe(`${meaning} ISO 8601, for example 2026-01-01.`);
const page = {
  limit: z.int().min(1).max(MAX_PAGE).default(50),
  cursor: z.string().optional().describe('`next_cursor` of the page before.'),
};

/** Answers below it are refused: an assistant repeats figures without their footnotes. */
const minTrust = z
  .enum(['ok', 'stale', 'protected', 'drift'])
  .default('ok')
  .describe(
    'Worst trust that is acceptable. Leave it out; lower it only when the user was told why a figure is refused and asks for it all the same.',
  );

const derived = (shape: z.ZodRawShape) => z.strictObject({ ...shape, min_trust: minTrust });

function withQuery(path: string, query: Given): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value));
  return given.size === 0 ? path : `${path}?${given.toString()}`;
}

/** A read of `path` whose query is the input as it came; `netuid` goes into the path where it stands there. */
function readOf(path: string): Tool['pathOf'] {
  if (!path.includes(':netuid')) return (input) => withQuery(path, input);
  return ({ netuid: subnet, ...query }) => withQuery(path.replace(':netuid', String(subnet)), query);
}

/** All of them only read. Amounts are TAO or alpha as decimal text, exact to the rao. */
export const TOOLS: readonly Tool[] = [
  {
    name: 'trust',
    title: 'How far the data can be trusted',
    description:
      'Overall status in a sentence, every standing issue with its runbook section, and age and trust of each dataset. Ask it first when another answer was refused.',
    input: z.strictObject({}),
    pathOf: () => '/trust-pack',
    tell: ({ generated_at, simulated, overall_health, datasets }) => ({
      generated_at,
      simulated,
      overall_health,
      datasets,
    }),
  },
  {
    name: 'nav',
    title: 'What the treasury is worth',
    description:
      'Net asset value in TAO and USD: mid (at the price), and executable when half or all of every position is sold into its pool, with drawdown and concentration. An incomplete NAV is null and says what is missing.',
    input: derived({ wallet }),
    pathOf: readOf('/portfolio'),
    tell: ({ data, ...rest }) => ({ ...rest, data: withoutHoldings(data) }),
  },
  {
    name: 'positions',
    title: 'What is staked where',
    description:
      'Stake positions by coldkey, hotkey and netuid: alpha, price, value in TAO. Page by page with `cursor`.',
    input: derived({
      wallet,
      netuid: netuid.optional(),
      ...page,
    }),
    pathOf: readOf('/positions'),
  },
  {
    name: 'slippage',
    title: 'What a trade would yield',
    description: 'Quote for one stake (TAO in) or unstake (alpha in) on a subnet, with fee and price impact apart.',
    input: derived({ netuid, direction: z.enum(['stake', 'unstake']), amount }),
    pathOf: readOf('/subnets/:netuid/slippage'),
  },
  {
    name: 'exit_curve',
    title: 'What selling more and more would yield',
    description:
      'TAO received and slippage for growing parts of `amount` alpha, and the largest sale under 1, 2, 5 and 10 %.',
    input: derived({ netuid, amount, steps: z.int().min(1).max(100).default(10) }),
    pathOf: readOf('/subnets/:netuid/exit-curve'),
  },
  {
    name: 'earnings',
    title: 'What was earned',
    description:
      'Earnings of a window in TAO, in total and by subnet: price effect, emission, trading cost; flows are not earnings. Closes to the rao; what is not known is null and named in `missing`.',
    input: derived({
      wallet,
      from: moment('Start. Default: 30 days before the end.'),
      to: moment('End. Default: now.'),
    }),
    pathOf: readOf('/earnings/summary'),
  },
  {
    name: 'changes',
    title: 'What changed, and why',
    description: 'One line a cause since a moment; the lines add up to the difference of the value.',
    input: derived({ wallet, since: moment('Default: a day ago.') }),
    pathOf: readOf('/changes'),
  },
  {
    name: 'cost_basis',
    title: 'What positions cost',
    description:
      'Cost and gains of each position in TAO, realised, unrealised and by emission, with a total. `fifo`: first in, first out; `average`: over all time, as TaoStats does. `basis_complete` is false where a purchase may be missing. Page by page with `cursor`.',
    input: derived({
      wallet,
      netuid: netuid.optional(),
      method: z.enum(['fifo', 'average']).default('fifo'),
      emission: z
        .enum(['gain', 'income'])
        .default('gain')
        .describe('Whether emission costs nothing until it is sold, or is income at its value when it accrues.'),
      ...page,
    }),
    pathOf: readOf('/cost-basis'),
  },
];

function withoutHoldings(data: unknown): unknown {
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).filter(([name]) => name !== 'holdings'));
}
