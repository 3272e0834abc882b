import { splitRao } from '../exact';

/** From this registration block on, the pool's own alpha shares in the pot of a dissolved subnet. */
export const POOL_ALPHA_SHARES_FROM_BLOCK = 8_334_450;

export interface DissolvedSubnet {
  /** The subnet's TAO reserve at dissolution. */
  potRao: bigint;
  registrationBlock: number;
  stakerAlphaRao: readonly bigint[];
  /** Alpha owned by the protocol; its share of the pot is recycled, nobody receives it. */
  protocolAlphaRao: bigint;
  poolAlphaRao: bigint;
}

/**
 * Free TAO that each staker receives when a subnet is pruned: pot * alpha / (stakers + protocol, and the pool's alpha for
 * subnets registered after block 8,334,450), whole rao by largest remainder. Usually 0.35 to 0.65 of the spot value.
 */
export function dissolutionPayouts(subnet: DissolvedSubnet): bigint[] {
  const poolSharesRao = subnet.registrationBlock > POOL_ALPHA_SHARES_FROM_BLOCK ? subnet.poolAlphaRao : 0n;
  const shares = splitRao(subnet.potRao, [...subnet.stakerAlphaRao, subnet.protocolAlphaRao + poolSharesRao]);
  return shares.slice(0, subnet.stakerAlphaRao.length);
}
