import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { SnapshotHolding } from './nav-snapshot.entity';

/** A wallet's free and reserved TAO, as it was recorded before or after a block. Rao. */
export interface StateAround {
  wallet: string;
  /** The block asked about. */
  endBlock: number;
  side: 'before' | 'after';
  at: Date;
  block: number;
  cash: string;
  /** Null where only the account was recorded. */
  holdings: SnapshotHolding[] | null;
}

/** A position's newest balance of a day. */
export interface RecordedBalance {
  wallet: string;
  netuid: number;
  hotkey: string;
  /** The block asked about. */
  endBlock: number;
  block: number;
  /** Rao of alpha. */
  alpha: string;
}

/** Reads what wallets had around the blocks at which subnets ended. */
@Injectable()
export class SubnetEndRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** `coldkey/netuid` of everything that the wallets were ever seen to hold on these netuids. */
  async everHeld(wallets: readonly string[], netuids: readonly number[]): Promise<Set<string>> {
    if (netuids.length === 0) return new Set();
    const rows = await this.dataSource.query<{ held: string }[]>(
      `SELECT DISTINCT coldkey || '/' || netuid AS held FROM positions WHERE coldkey = ANY($1) AND netuid = ANY($2)`,
      [wallets, netuids],
    );
    return new Set(rows.map(({ held }) => held));
  }

  /** The nearest states before each block and from `settleBlocks` behind it on: of the values recorded and of the days. */
  async around(ends: readonly { wallet: string; block: number }[], settleBlocks: number): Promise<StateAround[]> {
    if (ends.length === 0) return [];
    return this.dataSource.query(
      `SELECT e.wallet, e.block::float8 AS "endBlock", s.side, s.at, s.block::float8 AS block, s.cash, s.holdings
         FROM unnest($1::text[], $2::bigint[]) AS e (wallet, block)
        CROSS JOIN LATERAL (
          (SELECT 'before' AS side, at, block_number AS block, free + reserved AS cash, holdings FROM nav_snapshots
            WHERE scope = e.wallet AND block_number < e.block AND ${KNOWS_BALANCES}
            ORDER BY block_number DESC LIMIT 1)
          UNION ALL
          (SELECT 'after', at, block_number, free + reserved, holdings FROM nav_snapshots
            WHERE scope = e.wallet AND block_number >= e.block + $3 AND ${KNOWS_BALANCES}
            ORDER BY block_number LIMIT 1)
          UNION ALL
          (SELECT 'before', upstream_at, block_number, balance_free + balance_reserved, NULL FROM account_history
            WHERE address = e.wallet AND block_number < e.block AND balance_reserved IS NOT NULL
            ORDER BY block_number DESC LIMIT 1)
          UNION ALL
          (SELECT 'after', upstream_at, block_number, balance_free + balance_reserved, NULL FROM account_history
            WHERE address = e.wallet AND block_number >= e.block + $3 AND balance_reserved IS NOT NULL
            ORDER BY block_number LIMIT 1)
        ) AS s`,
      [ends.map(({ wallet }) => wallet), ends.map(({ block }) => block), settleBlocks],
    );
  }

  /** The newest balance of each hotkey before each block, of the days. */
  async balances(ends: readonly { wallet: string; netuid: number; block: number }[]): Promise<RecordedBalance[]> {
    if (ends.length === 0) return [];
    return this.dataSource.query(
      `SELECT DISTINCT ON (e.wallet, e.netuid, e.block, p.hotkey)
              e.wallet, e.netuid, p.hotkey, e.block::float8 AS "endBlock", p.block_number::float8 AS block, p.balance AS alpha
         FROM unnest($1::text[], $2::integer[], $3::bigint[]) AS e (wallet, netuid, block)
         JOIN position_history p ON p.coldkey = e.wallet AND p.netuid = e.netuid AND p.block_number < e.block
        ORDER BY e.wallet, e.netuid, e.block, p.hotkey, p.day DESC`,
      [ends.map(({ wallet }) => wallet), ends.map(({ netuid }) => netuid), ends.map(({ block }) => block)],
    );
  }
}

const KNOWS_BALANCES = `NOT missing @? '$[*] ? (@.input starts with "account ")'`;
