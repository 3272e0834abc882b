import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ExactDecimal } from '../common';
import { spotPrice } from './amm/curve';
import { curveOf } from './amm/era';
import { feeOn } from './amm/fee';
import type { PoolReserves } from './amm/pool';
import { exact } from './exact';
import { computeAverageCost } from './ledger/average-cost';
import type { BasisEntry } from './ledger/basis-entry';
import { checkPool } from './reconciliation/pool-checks';
import { checkAccountIdentity } from './reconciliation/quantities';

const RECORDED = resolve(__dirname, '../../../shared/recorded');
const present = existsSync(RECORDED);
const whenRecorded = present ? describe : describe.skip;
if (!present) console.log('recorded answers are not at ../shared/recorded: the checks against them are skipped');

type Row = Record<string, string | number | boolean | null>;

function rows(file: string): Row[] {
  return (JSON.parse(readFileSync(resolve(RECORDED, file), 'utf8')) as { data: Row[] }).data;
}
/** Whole rao of a field; recordings carry amounts as text. */
function rao(row: Row, field: string): bigint {
  return BigInt(String(row[field]));
}
function optionalRao(row: Row, field: string): bigint | null {
  return row[field] === null || row[field] === undefined ? null : rao(row, field);
}
function text(row: Row, field: string): string | null {
  return row[field] === null || row[field] === undefined ? null : String(row[field]);
}
function reserves(row: Row): PoolReserves {
  const liquidityRaw = text(row, 'liquidity_raw');
  const alphaSqrtPrice = text(row, 'alpha_sqrt_price');
  return {
    netuid: Number(row['netuid']),
    blockNumber: Number(row['block_number']),
    taoReserveRao: rao(row, 'total_tao'),
    alphaReserveRao: rao(row, 'alpha_in_pool'),
    price: text(row, 'price'),
    feeRate: text(row, 'fee_rate'),
    startup: row['startup_mode'] === true,
    virtual: liquidityRaw === null || alphaSqrtPrice === null ? null : { liquidityRaw, alphaSqrtPrice },
  };
}

whenRecorded('recorded answers', () => {
  const APRIL_2025 = '2025-official-examples/api-dtao-pool-latest-v1.json';
  const JANUARY_2026 = '2026-01-full-snapshot/api-dtao-pool-latest-v1.json';

  it('show a pure constant product in April 2025: the price is T / A to the printed digits', () => {
    for (const pool of rows(APRIL_2025).map(reserves)) {
      const curve = curveOf(pool);
      if (!curve || pool.netuid === 0) continue;
      expect(curve.method).toBe('constant_product');
      expect(
        spotPrice(curve)
          .div(pool.price ?? '0')
          .minus(1)
          .abs()
          .lt('1e-17'),
      ).toBe(true);
    }
  });

  it('show virtual reserves in January 2026: their ratio is the price where the real one is off by up to 11 %', () => {
    const pools = rows(JANUARY_2026)
      .map(reserves)
      .filter((pool) => pool.netuid !== 0);
    const deviations = pools.map((pool) => {
      const curve = curveOf(pool);
      if (!curve) throw new Error('this block has pools');
      expect(curve.notes).not.toContain('virtual_reserves_missing');
      expect(
        spotPrice(curve)
          .div(pool.price ?? '0')
          .minus(1)
          .abs()
          .lt('1e-8'),
      ).toBe(true);
      return exact(pool.taoReserveRao)
        .div(exact(pool.alphaReserveRao))
        .div(pool.price ?? '0')
        .minus(1)
        .abs()
        .toNumber();
    });
    expect(Math.max(...deviations)).toBeGreaterThan(0.1);
    const unusual = pools.filter((pool) => curveOf(pool)?.notes.includes('fee_unusual'));
    expect(unusual.map((pool) => pool.netuid)).toEqual([104]);
  });

  it.each([APRIL_2025, JANUARY_2026])('hold the identities of a pool row (%s)', (file) => {
    const failures = rows(file).flatMap((row) =>
      checkPool({
        pool: reserves(row),
        alphaStakedRao: optionalRao(row, 'alpha_staked'),
        marketCap: row['netuid'] === 0 ? null : text(row, 'market_cap'),
        liquidity: text(row, 'liquidity'),
        protocolTaoRao: optionalRao(row, 'protocol_provided_tao'),
        userTaoRao: optionalRao(row, 'user_provided_tao'),
        protocolAlphaRao: optionalRao(row, 'protocol_provided_alpha'),
        userAlphaRao: optionalRao(row, 'user_provided_alpha'),
      }).filter((result) => result.severity === 'fail'),
    );
    expect(failures).toEqual([]);
  });

  it.each(['api-account-latest-v1.json', 'api-account-history-v1.json'])(
    'hold the identities of an account (%s)',
    (file) => {
      for (const row of rows(`2025-official-examples/${file}`)) {
        const results = checkAccountIdentity({
          coldkey: 'recorded',
          freeRao: rao(row, 'balance_free'),
          reservedRao: rao(row, 'balance_reserved'),
          stakedRao: rao(row, 'balance_staked'),
          stakedAlphaAsTaoRao: rao(row, 'balance_staked_alpha_as_tao'),
          stakedRootRao: rao(row, 'balance_staked_root'),
          liquidityRao: rao(row, 'balance_liquidity'),
          totalRao: rao(row, 'balance_total'),
        });
        expect(results.map((result) => result.severity)).toEqual(['pass', 'pass']);
      }
    },
  );

  it('charge the fee that we compute, in the token that pays it', () => {
    for (const row of rows('2025-official-examples/api-delegation-v1.json')) {
      const feeRao = rao(row, 'fee');
      if (feeRao === 0n) continue;
      expect(feeOn(rao(row, row['action'] === 'DELEGATE' ? 'amount' : 'alpha'), 33n)).toBe(feeRao);
    }
  });

  it('compute realised profit and earned alpha by average cost as we do', () => {
    for (const row of rows('2025-official-examples/api-dtao-stake_balance-portfolio-v1.json')) {
      const entry = (kind: BasisEntry['kind'], field: string): BasisEntry => ({
        id: field,
        kind,
        alphaRao: rao(row, `total_${field}_alpha`),
        taoRao: rao(row, `total_${field}_alpha_as_tao`),
      });
      const result = computeAverageCost(
        [
          entry('buy', 'bought'),
          entry('sell', 'sold'),
          entry('transfer_in', 'transferred_in'),
          entry('transfer_out', 'transferred_out'),
        ],
        { alphaRao: rao(row, 'balance'), valueRao: rao(row, 'balance_as_tao') },
      );
      const offRao = exact(result.realisedRao)
        .minus(new ExactDecimal(String(row['realised_profit_tao'])))
        .abs();
      expect(offRao.lte(1)).toBe(true);
      expect(result.earnedAlphaRao).toBe(rao(row, 'total_earned_alpha'));
    }
  });
});
