import type { NavRows } from '../../database';
import { ExactDecimal } from '../../common';
import { ROOT_NETUID } from '../amm/pool';
import { floorRao } from '../exact';

/** Hotkey of root stake that an account counts and does not list. */
const UNLISTED = '';

/**
 * The same rows with all root stake: upstream may count it in an account without listing it among the positions. Then the
 * account's figure is what the wallet has there, whatever was listed before; root is worth itself, so nothing is estimated.
 */
export function withUnlistedRoot(rows: NavRows): NavRows {
  const unlisted = rows.accounts.filter((account) => {
    const listed = rows.positions.filter((each) => each.coldkey === account.address && each.netuid === ROOT_NETUID);
    const listedRao = listed.reduce((sum, each) => sum + raoOf(each.balance), 0n);
    const rootRao = raoOf(account.balanceStakedRoot ?? '0');
    const difference = rootRao > listedRao ? rootRao - listedRao : listedRao - rootRao;
    return rootRao > 0n && difference > BigInt(listed.length);
  });
  if (unlisted.length === 0) return rows;
  const wallets = new Set(unlisted.map(({ address }) => address));
  return {
    ...rows,
    positions: [
      ...rows.positions.filter(({ coldkey, netuid }) => netuid !== ROOT_NETUID || !wallets.has(coldkey)),
      ...unlisted.map((account) => ({
        coldkey: account.address,
        hotkey: UNLISTED,
        netuid: ROOT_NETUID,
        registrationBlockNumber: null,
        blockNumber: account.blockNumber,
        upstreamAt: account.upstreamAt,
        balance: account.balanceStakedRoot ?? '0',
        balanceAsTao: account.balanceStakedRoot ?? '0',
        exitedAt: null,
        firstSeenAt: account.upstreamAt,
        runId: account.runId,
      })),
    ],
  };
}

function raoOf(text: string): bigint {
  return floorRao(new ExactDecimal(text));
}
