import fc from 'fast-check';
import type { AccountPayload, AlphaBalance } from '../../src/taostats';
import { ALICE, HOTKEYS, type Holding, accountPayload } from './wallet-world';

/** What upstream does next. `whole`, `shuffled` and `doubled` say the truth; the others must change nothing. */
export type StepKind = 'whole' | 'shuffled' | 'doubled' | 'partial' | 'emptied' | 'absent' | 'older' | 'lost';

export interface Step {
  kind: StepKind;
  holdings: readonly Holding[];
  /** Blocks since the newest true answer. */
  blocks: number;
  seed: number;
}

export interface SequenceAnswer {
  rows: AccountPayload[];
  step: Step;
  block: number;
}

const NETUIDS = [0, 7, 64, 103];
const FREE = 5_000_000_000n;

const holdings: fc.Arbitrary<Holding[]> = fc.uniqueArray(
  fc.record({
    hotkey: fc.constantFrom(...HOTKEYS),
    netuid: fc.constantFrom(...NETUIDS),
    balance: fc.bigInt(1n, 10n ** 18n),
    // Above what rounding may hide: a row that is missing is noticed.
    asTao: fc.bigInt(1_000n, 10n ** 15n),
  }),
  { selector: ({ hotkey, netuid }) => `${hotkey}/${netuid}`, maxLength: 6 },
);

/** Random sequences of answers for one wallet. True ones are the most frequent, or nothing would ever be at stake. */
export const walletSequences: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    kind: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom<StepKind>('whole', 'shuffled', 'doubled') },
      { weight: 4, arbitrary: fc.constantFrom<StepKind>('partial', 'emptied', 'absent', 'older', 'lost') },
    ),
    holdings,
    blocks: fc.integer({ min: 0, max: 9_000 }),
    seed: fc.integer({ min: 0, max: 1_000 }),
  }),
  { minLength: 1, maxLength: 12 },
);

/** Plays upstream and says, from how each answer was made and not from what it says, what has to be stored. */
export class WalletOracle {
  /** `hotkey/netuid` to balance, of the newest answer that must be believed. */
  held = new Map<string, bigint>();
  private block = 1_000_000;
  private oldestBlock = 1_000_000;
  private truth: readonly Holding[] = [];
  private answered = false;
  private lossesInARow = 0;

  /** The next answer; `held` is what is to be stored after it. */
  next(step: Step): SequenceAnswer {
    const { kind } = step;
    if (kind === 'whole' || kind === 'shuffled' || kind === 'doubled') return this.tell(step);
    if (kind === 'lost') return this.lose(step);
    this.lossesInARow = 0;
    if (kind === 'older') this.oldestBlock -= step.blocks + 1;
    else this.block += step.blocks;
    const block = kind === 'older' ? this.oldestBlock : this.block;
    const whole = accountPayload(ALICE, { block, holdings: kind === 'older' ? step.holdings : this.truth, free: FREE });
    if (!this.answered) return this.neverAnswered(step, whole, block);
    if (kind === 'older') return { rows: [whole], step, block };
    return { rows: spoil(whole, step), step, block };
  }

  private tell(step: Step): SequenceAnswer {
    this.block += step.blocks + 1;
    const rows = [accountPayload(ALICE, { block: this.block, holdings: step.holdings, free: FREE })];
    const list = rows[0]?.alpha_balances ?? [];
    if (step.kind === 'shuffled') list.sort((a, b) => order(a, step.seed) - order(b, step.seed));
    if (step.kind === 'doubled') list.push(...list.slice(0, 1 + (step.seed % 3)).map((balance) => ({ ...balance })));
    if (step.holdings.length === 0 && this.held.size > 0) this.sayEmpty();
    else this.believe(step.holdings);
    return { rows, step, block: this.block };
  }

  /** Stake that is gone without a trace, in an answer that adds up: an exit, or an index that lost its table. */
  private lose(step: Step): SequenceAnswer {
    this.block += step.blocks + 1;
    const rows = [accountPayload(ALICE, { block: this.block, holdings: [], free: FREE })];
    if (this.held.size > 0) this.sayEmpty();
    else this.believe([]);
    return { rows, step, block: this.block };
  }

  /** Believed when it is said twice in a row. */
  private sayEmpty(): void {
    this.lossesInARow += 1;
    if (this.lossesInARow >= 2) this.believe([]);
  }

  private believe(now: readonly Holding[]): void {
    this.answered = true;
    this.lossesInARow = 0;
    this.truth = now;
    this.held = new Map(now.map(({ hotkey, netuid, balance }) => [`${hotkey}/${netuid}`, balance]));
  }

  /** Before the first answer there is nothing to be older than, and no position that could be missing. */
  private neverAnswered(step: Step, whole: AccountPayload, block: number): SequenceAnswer {
    if (step.kind === 'absent') return { rows: [], step, block };
    this.believe(step.kind === 'older' ? step.holdings : this.truth);
    return { rows: [whole], step, block };
  }
}

/** The same account with part of its positions missing: the sums still speak of all of them. */
function spoil(whole: AccountPayload, { kind, seed }: Step): AccountPayload[] {
  const list = whole.alpha_balances ?? [];
  if (kind === 'absent') return [];
  if (list.length === 0) return [{ ...whole, balance_total: String(BigInt(whole.balance_total) + 1n) }];
  if (kind === 'emptied') return [{ ...whole, alpha_balances: seed % 2 === 0 ? [] : null }];
  return [{ ...whole, alpha_balances: list.filter((_, index) => index !== seed % list.length) }];
}

function order({ hotkey, netuid }: AlphaBalance, seed: number): number {
  return (netuid * 31 + hotkey.charCodeAt(5) * 17 + seed * 7) % 101;
}
