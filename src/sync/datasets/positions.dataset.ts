import {
  BackfillRepository,
  DatasetStateRepository,
  HoldingRepository,
  SubnetGenerationRepository,
  WalletRepository,
  WalletStateRepository,
} from '../../database';
import type { FedDataset, StepwiseDataset, WorkContext, WorkOutcome } from '../dataset';
import { recordNav } from '../nav-recorder';
import { type StepFailure, worstSetback } from '../step-failure';
import { callPerWallet } from './call-per-wallet';
import { type WalletStep, failWallet, syncWallet } from './wallet-step';

/** They ask about what the positions find: a new wallet, or a new position, should not wait for their intervals. */
const FOLLOWERS = [
  'account_history',
  'position_history',
  'pool_history',
  'validator_yields',
  'delegation_events',
  'transfers',
];

/** What the treasury holds: one call for each active wallet answers its positions and its account. */
export const POSITIONS: StepwiseDataset = {
  name: 'positions',
  title: 'Position',
  tiers: ['refresh', 'full', 'deep'],
  isCore: false,
  intervalMinutes: (settings) => settings.walletRefreshMinutes,
  plannedCalls: callPerWallet,
  work: syncWallets,
  async settle(manager, outcome, context) {
    const { runId, repository } = context;
    await repository(WalletStateRepository).dateDatasets(manager, outcome.rowsChanged > 0 ? runId : null);
    if (outcome.rowsChanged === 0) return;
    if (await repository(BackfillRepository).lacksWalks(manager)) {
      await repository(DatasetStateRepository).hasten(manager, FOLLOWERS, 0);
    }
    await recordNav(manager, context);
  },
};

/** Balances of the wallets, from the same answers as their positions, so that the two cannot disagree. */
export const ACCOUNTS: FedDataset = {
  name: 'accounts',
  title: 'Account',
  tiers: ['refresh', 'full', 'deep'],
  isCore: false,
  intervalMinutes: (settings) => settings.walletRefreshMinutes,
  fedBy: 'positions',
};

async function syncWallets(context: WorkContext): Promise<WorkOutcome> {
  const { manager, repository } = context;
  const wallets = await repository(WalletRepository).active(manager);
  const generations = await repository(SubnetGenerationRepository).allRegistrations(manager);
  const steps: WalletStep[] = [];
  let ending: StepFailure | null = null;
  for (const { address } of wallets) {
    const step: WalletStep =
      ending === null ? await syncWallet(context, address, generations) : await failWallet(context, address, ending);
    ending = step.ending;
    if (step.setback !== null) context.warn(step.setback.reason);
    steps.push(step);
  }
  const known = new Set(wallets.map(({ address }) => address));
  const added = (await repository(WalletRepository).active(manager)).filter(({ address }) => !known.has(address));
  return {
    recordCount: await repository(HoldingRepository).countHeld(manager),
    rowsSeen: sum(steps.map((step) => step.rowsSeen)),
    rowsChanged: sum(steps.map((step) => step.rowsChanged)),
    rejected: steps.flatMap((step) => step.rejected),
    // The wallets' own states date the dataset, see `settle`.
    upstreamAt: null,
    upstreamBlock: null,
    setback: worstSetback(steps.flatMap((step) => step.setback ?? [])),
    // Wallets that were added meanwhile should not wait for an interval.
    ...(added.length === 0 ? {} : { againInSeconds: 1 }),
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
