import { ExactDecimal, parseRao, type Trust } from '../../common';
import type { NavRows, NavSnapshot, SnapshotHolding } from '../../database';
import { floorRao } from '../exact';
import { trustOf, type StalenessSettings } from '../freshness';
import { toPoolReserves } from '../pool-reserves';
import { attributeWallets } from './attribution';
import type { HeldPosition } from './holding';
import { withUnlistedRoot } from './unlisted-root';
import { computeNav, type MissingInput, type NavInputs, type WalletBalance } from './nav';

/** Scope of all followed wallets together; any other scope is a wallet's address. */
export const ALL_WALLETS = 'all';

/** Stored rows as the valuation reads them. What the rows themselves lack is named in `refusedInputs`. */
export function toNavInputs(stored: NavRows): NavInputs {
  const rows = withUnlistedRoot(stored);
  const accounts = new Map(rows.accounts.map((account) => [account.address, account]));
  const wallets = rows.standings.map(({ wallet }): WalletBalance => {
    const account = accounts.get(wallet.address);
    return {
      coldkey: wallet.address,
      freeRao: raoOf(account?.balanceFree ?? null),
      reservedRao: raoOf(account?.balanceReserved ?? null),
      rootBasketRao: raoOf(account?.rootBasketClaimableTao ?? null),
    };
  });
  return {
    wallets,
    positions: rows.positions.map((position): HeldPosition => ({
      coldkey: position.coldkey,
      hotkey: position.hotkey,
      netuid: position.netuid,
      generation: position.registrationBlockNumber ?? registrationAt(rows, position),
      alphaRao: raoOf(position.balance) ?? 0n,
    })),
    pools: rows.pools.map((pool) => ({
      generation: pool.registrationBlockNumber ?? registrationAt(rows, pool),
      pool: toPoolReserves(pool),
    })),
    refusedInputs: [...noWallets(rows), ...unvaluedLiquidity(rows)],
  };
}

/** Inputs that a recorded value must not be made of: anything that is stale, refused, doubted or was never synced. */
export function untrustedInputs(rows: NavRows, settings: StalenessSettings): MissingInput[] {
  const { now, states } = rows.dated;
  const pools = states.get('pools');
  const poolsTrust: Trust = pools === undefined ? 'unknown' : trustOf(pools, settings, now).trust;
  const positions = states.get('positions');
  const wallets = rows.standings.flatMap(({ wallet, states: own }): MissingInput[] => {
    const state = own.find((entry) => entry.dataset === 'positions');
    if (state?.state === 'synced') return [];
    return [{ input: `wallet ${wallet.address}`, reason: `its positions are ${state?.state ?? 'pending'}` }];
  });
  return [
    ...(poolsTrust === 'ok' ? [] : [{ input: 'pools', reason: `the pools are ${poolsTrust}` }]),
    ...(positions?.hasDrift === true ? [{ input: 'positions', reason: 'reconciliation disagrees with them' }] : []),
    ...wallets,
  ];
}

/**
 * The snapshots of one moment: all wallets together, with each one's share of that, and each wallet by itself, whose exit
 * alone brings more than its share of everybody's. A wallet that never had an answer has none of its own.
 */
export function toNavSnapshots(rows: NavRows, run: { runId: string; settings: StalenessSettings }): NavSnapshot[] {
  const own = rows.standings.flatMap(({ wallet }) => {
    const { address } = wallet;
    return toNavSnapshot(address, ofWallet(rows, address), run) ?? [];
  });
  const all = toNavSnapshot(ALL_WALLETS, rows, run);
  return all === null ? own : [all, ...own];
}

function toNavSnapshot(
  scope: string,
  rows: NavRows,
  { runId, settings }: { runId: string; settings: StalenessSettings },
): NavSnapshot | null {
  const newest = rows.accounts.reduce<NavRows['accounts'][number] | null>(
    (best, account) => (best === null || account.blockNumber > best.blockNumber ? account : best),
    null,
  );
  if (newest === null) return null;
  const inputs = toNavInputs(rows);
  const refusedInputs = [...(inputs.refusedInputs ?? []), ...untrustedInputs(rows, settings)];
  const nav = computeNav({ ...inputs, refusedInputs });
  const shares = new Map(attributeWallets(nav, inputs.wallets).map((share) => [share.coldkey, share]));
  return {
    scope,
    runId,
    at: newest.upstreamAt,
    blockNumber: newest.blockNumber,
    poolsBlock: rows.pools.length === 0 ? null : Math.max(...rows.pools.map((pool) => pool.blockNumber)),
    complete: nav.complete,
    missing: nav.missing.map(({ input, reason }) => ({ input, reason })),
    mid: nav.midRao?.toString() ?? null,
    exec50: nav.exec50Rao?.toString() ?? null,
    exec100: nav.exec100Rao?.toString() ?? null,
    free: nav.known.freeRao.toString(),
    reserved: nav.known.reservedRao.toString(),
    root: nav.known.rootRao.toString(),
    alphaMid: nav.known.alphaMidRao.toString(),
    usdPerTao: rows.taoPrice?.price ?? null,
    wallets: Object.fromEntries(
      rows.accounts.map(({ address, blockNumber }) => {
        const share = shares.get(address);
        const mid = share?.midRao?.toString() ?? null;
        return [address, { block: blockNumber, mid, exec100: share?.exec100Rao?.toString() ?? null }];
      }),
    ),
    holdings: scope === ALL_WALLETS ? [] : holdingsOf(rows),
  };
}

/** The rows of one wallet among those of all. */
function ofWallet(rows: NavRows, address: string): NavRows {
  return {
    ...rows,
    standings: rows.standings.filter(({ wallet }) => wallet.address === address),
    accounts: rows.accounts.filter((account) => account.address === address),
    positions: rows.positions.filter((position) => position.coldkey === address),
  };
}

function holdingsOf(rows: NavRows): SnapshotHolding[] {
  const held = new Map<string, SnapshotHolding>();
  for (const position of withUnlistedRoot(rows).positions) {
    const generation = position.registrationBlockNumber ?? registrationAt(rows, position);
    const key = `${position.netuid}/${generation ?? ''}`;
    const before = held.get(key);
    held.set(key, {
      netuid: position.netuid,
      generation,
      alpha: sumText(before?.alpha, position.balance),
      value: sumText(before?.value, position.balanceAsTao),
    });
  }
  return [...held.values()];
}

function sumText(before: string | undefined, added: string): string {
  return (BigInt(before ?? '0') + (raoOf(added) ?? 0n)).toString();
}

function noWallets({ standings }: NavRows): MissingInput[] {
  return standings.length > 0 ? [] : [{ input: 'wallets', reason: 'no wallet is followed' }];
}

/** TAO and alpha that a wallet has put into pools itself; its worth is not among the answers that we read. */
function unvaluedLiquidity({ accounts }: NavRows): MissingInput[] {
  return accounts
    .filter((account) => (raoOf(account.balanceLiquidity) ?? 0n) > 0n)
    .map(({ address }) => ({ input: `account ${address}`, reason: 'it provides liquidity that cannot be valued' }));
}

function registrationAt(
  { registrations }: NavRows,
  { netuid, blockNumber }: { netuid: number; blockNumber: number },
): number | null {
  const registration = registrations.get(netuid) ?? null;
  return registration !== null && registration <= blockNumber ? registration : null;
}

function raoOf(text: string | null): bigint | null {
  if (text === null) return null;
  return parseRao(text) ?? floorRao(new ExactDecimal(text));
}
