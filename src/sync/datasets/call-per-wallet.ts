import { WalletRepository } from '../../database';
import type { PlanContext } from '../dataset';

/** What a run costs that asks once for each active wallet. */
export async function callPerWallet({ manager, repository }: PlanContext): Promise<number> {
  return (await repository(WalletRepository).active(manager)).length;
}
