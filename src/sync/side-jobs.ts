/** Work beside the datasets that asks TaoStats in an interval of its own, and takes part in the budget. */
export const RECONCILIATION_JOB = 'reconciliation';

/** Calls of one reconciliation: the pools, and of each wallet its stake balances and its account. */
export function reconciliationCalls(wallets: number): number {
  return 1 + 2 * wallets;
}
