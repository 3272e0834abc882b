import { encodeAddress } from '@dedot/utils';
import { TreasuryService } from './treasury-service';

const DAY_BLOCKS = 7_200;
const RAO = 1_000_000_000;
/** Netuids and the registration blocks of the subnets that have them first; others begin at block 0. */
const GENERATIONS: Record<number, number> = { 1: 50, 2: 60 };

export const addressOf = (first: number): string =>
  encodeAddress(
    Uint8Array.from({ length: 32 }, (_, index) => (index === 0 ? first : 9)),
    42,
  );
export const [ALICE, BOB] = [addressOf(1), addressOf(2)].sort() as [string, string];
export const HOTKEY = addressOf(3);
export const STRANGER = addressOf(5);
export const BLOCK = 9_000_000;

/** The midnight that begins a day, and its block. */
export const day = (number: number): Date => new Date(Date.UTC(2026, 9, 1) + number * 86_400_000);
export const blockOf = (number: number): number => Math.round(BLOCK + number * DAY_BLOCKS);
export const raoText = (tokens: number): string => String(Math.round(tokens * RAO));
/** Decimal tokens of an answer as rao. */
export const rao = (text: string | boolean | null | undefined): bigint => BigInt(String(text).replace('.', ''));

export interface StakeRow {
  wallet?: string;
  action: string;
  netuid: number | null;
  tao: number;
  alpha: number | null;
  hotkey?: string;
  /** Rao of alpha on UNDELEGATE, of TAO on DELEGATE. */
  fee?: number;
  transferTo?: string;
  extrinsic?: string;
}

/** Wallets with recorded states and events, days counted from 2026-10-01. */
export class EarningsWorld {
  private ids = 0;

  private constructor(readonly service: TreasuryService) {}

  static async start(): Promise<EarningsWorld> {
    return new EarningsWorld(await TreasuryService.start());
  }

  stop(): Promise<void> {
    return this.service.stop();
  }

  async clear(): Promise<void> {
    await this.query(
      `TRUNCATE wallets, dataset_states, subnets, subnet_generations, nav_snapshots, delegation_events, transfers,
         event_cursors, event_gaps, backfills, positions, position_history, account_history CASCADE`,
    );
    for (const dataset of ['positions', 'accounts', 'delegation_events', 'transfers'])
      await this.service.synced(dataset);
    await this.query(
      'INSERT INTO subnet_generations (netuid, registration_block_number) VALUES (0, 0), (1, 50), (2, 60)',
    );
  }

  /** Changes rows as a sync does, which moves the cursors with whatever it stores. */
  async query(sql: string, parameters: unknown[] = []): Promise<unknown> {
    const result: unknown = await this.service.dataSource.query(sql, parameters);
    await this.service.dataSource.query('UPDATE event_cursors SET updated_at = clock_timestamp()');
    return result;
  }

  newId(): string {
    return `018f0000-0000-7000-8000-${String((this.ids += 1)).padStart(12, '0')}`;
  }

  /** A wallet whose events are known up to the end of that day. */
  async follow(address: string, knownToDay: number, from = '2025-02-13'): Promise<void> {
    await this.query(`INSERT INTO wallets (address, origin) VALUES ($1, 'request') ON CONFLICT DO NOTHING`, [address]);
    for (const dataset of ['positions', 'accounts']) {
      await this.query(
        `INSERT INTO wallet_states (address, dataset, state, last_attempt_at, last_success_at, upstream_at)
         VALUES ($1, $2, 'synced', now(), now(), now())`,
        [address, dataset],
      );
    }
    for (const dataset of ['delegation_events', 'transfers']) {
      await this.query(
        `INSERT INTO event_cursors (dataset, wallet, complete_from, complete_to, wanted_to, state)
         VALUES ($1, $2, $3, $4, $4, 'current')`,
        [dataset, address, from, day(knownToDay)],
      );
    }
  }

  /** What a wallet held on a day: cash, and alpha with its value on subnets. */
  async state(
    address: string,
    number: number,
    cash: number,
    holdings: Record<number, { alpha: number; value: number }>,
  ): Promise<void> {
    await this.query(
      `INSERT INTO nav_snapshots (scope, run_id, at, block_number, complete, missing, mid, exec_50, exec_100, free,
         reserved, root, alpha_mid, wallets, holdings)
       VALUES ($1, $2, $3, $4, true, '[]', 0, 0, 0, $5, 0, 0, 0, '{}', $6)`,
      [
        address,
        this.newId(),
        day(number),
        blockOf(number),
        raoText(cash),
        JSON.stringify(
          Object.entries(holdings).map(([netuid, { alpha, value }]) => ({
            netuid: Number(netuid),
            generation: GENERATIONS[Number(netuid)] ?? null,
            alpha: raoText(alpha),
            value: raoText(value),
          })),
        ),
      ],
    );
  }

  /** Answers the id. */
  async event(at: number, row: StakeRow): Promise<string> {
    const id = this.newId();
    await this.query(
      `INSERT INTO delegation_events (id, block_number, timestamp, action, nominator, delegate, netuid, amount, alpha,
         slippage, fee, extrinsic_id, is_transfer, transfer_address, run_id)
       VALUES ($1::text, $2, $3, $4, $5, $6, $7, $8, $9, '0', $12, $13, $10, $11, $1::text::uuid)`,
      [
        id,
        blockOf(at),
        day(at),
        row.action,
        row.wallet ?? ALICE,
        row.hotkey ?? HOTKEY,
        row.netuid,
        raoText(row.tao),
        row.alpha === null ? null : raoText(row.alpha),
        row.transferTo === undefined ? null : true,
        row.transferTo ?? null,
        row.fee ?? 0,
        row.extrinsic ?? id,
      ],
    );
    return id;
  }

  async transfer(at: number, from: string, to: string, tao: number, fee = 0): Promise<void> {
    await this.query(
      `INSERT INTO transfers (id, block_number, timestamp, from_address, to_address, amount, fee, run_id)
       VALUES ($1::text, $2, $3, $4, $5, $6, $7, $1::text::uuid)`,
      [this.newId(), blockOf(at), day(at), from, to, raoText(tao), raoText(fee)],
    );
  }

  /** Events that could not be read, from a day to another. */
  async gap(
    dataset: 'delegation_events' | 'transfers',
    from: number,
    to: number,
    { netuid = null, reason = 'unreadable' }: { netuid?: number | null; reason?: string } = {},
  ): Promise<void> {
    await this.query(
      `INSERT INTO event_gaps (dataset, wallet, gap_from, gap_to, reason_code, reason, netuid)
       VALUES ($1, $2, $3, $4, 'taostats/contract', $5, $6)`,
      [dataset, ALICE, day(from), day(to), reason, netuid],
    );
  }

  /** Two days: 11 TAO staked at 0.011, 4 TAO sent away, 10 alpha emitted, and the price from 0.01 to 0.012. */
  async twoDays(): Promise<void> {
    await this.follow(ALICE, 3);
    await this.state(ALICE, 0, 100, { 1: { alpha: 1_000, value: 10 } });
    await this.event(0.5, { action: 'DELEGATE', netuid: 1, tao: 11, alpha: 1_000 });
    await this.state(ALICE, 1, 89, { 1: { alpha: 2_005, value: 22.055 } });
    await this.transfer(1.5, ALICE, STRANGER, 4, 0.001);
    await this.state(ALICE, 2, 84.999, { 1: { alpha: 2_010, value: 24.12 } });
  }
}
