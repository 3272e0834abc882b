import type { EntityManager } from 'typeorm';
import { HoldingRepository, type WalletHoldings, WalletStateRepository } from '../../database';
import { type AccountPayload, ENDPOINTS, type Fetched, type RejectedRow } from '../../taostats';
import type { Setback, WorkContext } from '../dataset';
import { type StepFailure, stepFailure } from '../step-failure';
import { type StoredWallet, type WalletVerdict, judgeWallet } from './wallet-answer';
import { planWallet } from './wallet-plan';

/** What became of one wallet in a run. */
export interface WalletStep {
  rowsSeen: number;
  rowsChanged: number;
  rejected: readonly RejectedRow[];
  setback: Setback | null;
  /** Set when the remaining wallets would fail for the same reason. */
  ending: StepFailure | null;
}

type Generations = ReadonlyMap<number, readonly number[]>;

const NOTHING: WalletStep = { rowsSeen: 0, rowsChanged: 0, rejected: [], setback: null, ending: null };

/** Asks for one wallet and stores its account and positions in one transaction, or says why they stay as they are. */
export async function syncWallet(context: WorkContext, address: string, generations: Generations): Promise<WalletStep> {
  try {
    const fetched = await context.ask(ENDPOINTS.accounts, { query: { address } });
    return await context.write((manager) => storeWallet(manager, context, { address, fetched, generations }));
  } catch (error) {
    const failure = stepFailure(error);
    if (failure === null) throw error;
    return failWallet(context, address, failure);
  }
}

/** Keeps what is stored of a wallet, and why it is not newer. */
export async function failWallet(context: WorkContext, address: string, failure: StepFailure): Promise<WalletStep> {
  const { code, reason } = failure;
  await context.write((manager) =>
    context.repository(WalletStateRepository).recordSetback(manager, address, { state: 'failed', code, reason }),
  );
  const setback = { ...failure, reason: `${address}: ${reason}` };
  return { ...NOTHING, setback, ending: failure.endsRun ? failure : null };
}

interface WalletFetch {
  address: string;
  fetched: Fetched<AccountPayload>;
  generations: Generations;
}

async function storeWallet(
  manager: EntityManager,
  context: WorkContext,
  { address, fetched, generations }: WalletFetch,
): Promise<WalletStep> {
  const holdings = context.repository(HoldingRepository);
  await holdings.lock(manager, address);
  const stored = await readStored(manager, context, address);
  const { verdict, plan } = decide(context, { address, fetched, generations }, stored);
  const { rejected } = fetched;
  if ('reason' in verdict) {
    return { ...NOTHING, rejected, setback: await recordRefusal(manager, context, address, verdict) };
  }
  const { account } = verdict;
  const rowsSeen = 1 + (account.alpha_balances?.length ?? 0);
  let rowsChanged = 0;
  if (plan !== null) rowsChanged = await holdings.store(manager, plan);
  await context.repository(WalletStateRepository).recordSuccess(manager, address, {
    upstreamBlock: account.block_number,
    upstreamAt: new Date(account.timestamp),
    answerSha256: fetched.sha256,
  });
  return { ...NOTHING, rowsSeen, rowsChanged };
}

interface Decision {
  verdict: WalletVerdict;
  /** What is to be stored; null when nothing is. */
  plan: WalletHoldings | null;
}

/** With ENABLE_RESPONSE_VALIDATION=false a figure may be no figure: then this wallet is refused, and the others go on. */
function decide(context: WorkContext, { address, fetched, generations }: WalletFetch, stored: StoredWallet): Decision {
  const isProtected = context.settings.enablePartialFailureProtection;
  try {
    const verdict = judgeWallet({ address, answer: fetched, stored, isProtected });
    if (verdict.kind !== 'accepted') return { verdict, plan: null };
    const plan = planWallet({ address, accepted: verdict, stored, generations, runId: context.runId });
    return { verdict, plan };
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof SyntaxError || error instanceof RangeError)) throw error;
    const reason = 'a figure of the account cannot be read';
    return { verdict: { kind: 'refused', code: 'sync/invalid-row', reason }, plan: null };
  }
}

/** A wallet that TaoStats does not know yet is an answer, not a setback. */
async function recordRefusal(
  manager: EntityManager,
  context: WorkContext,
  address: string,
  { kind, code, reason }: Extract<WalletVerdict, { kind: 'refused' | 'not_indexed' }>,
): Promise<Setback | null> {
  const state = kind === 'refused' ? 'protected' : 'not_indexed';
  await context.repository(WalletStateRepository).recordSetback(manager, address, { state, code, reason });
  return kind === 'refused' ? { state: 'protected', code, reason: `${address}: ${reason}`, retryAt: null } : null;
}

async function readStored(manager: EntityManager, context: WorkContext, address: string): Promise<StoredWallet> {
  const holdings = context.repository(HoldingRepository);
  const state = await context.repository(WalletStateRepository).findPositions(manager, address);
  const code = state?.state === 'protected' ? state.reasonCode : null;
  return {
    account: await holdings.findAccount(manager, address),
    positions: await holdings.findPositions(manager, address),
    answerSha256: state?.answerSha256 ?? null,
    refused: code === null ? null : { code, count: state?.refusedCount ?? 0 },
  };
}
