import type { PoolReserves } from './pool';
import { quoteTrade, type SwapQuote } from './quote';
import type { Refusable } from './refusal';

const TAO = 10n ** 9n;
const FEE_RATE = '0.00050354772259098192';

/** Subnet A of the worked treasury: 1,000 TAO against 100,000 alpha at equal weights. */
const POOL_A: PoolReserves = {
  netuid: 7,
  blockNumber: 9_000_000,
  taoReserveRao: 1_000n * TAO,
  alphaReserveRao: 100_000n * TAO,
  price: '0.01',
  feeRate: FEE_RATE,
  startup: false,
};

/** Main-net storage at block 9,240,388; prices follow from the stored weights ...964641764870 and ...996087712508. */
const SUBNET_92: PoolReserves = {
  ...POOL_A,
  netuid: 92,
  blockNumber: 9_240_388,
  taoReserveRao: 587_199_047_950n,
  alphaReserveRao: 435_539_509_978_376n,
  price: '0.0013482109373462986363167744302669035733915027',
};
const SUBNET_1: PoolReserves = {
  ...SUBNET_92,
  netuid: 1,
  taoReserveRao: 23_027_286_571_256n,
  alphaReserveRao: 3_508_759_482_573_826n,
  price: '0.0065628000568229197375162773761196976473335054',
};
/** Main-net storage at block 7,000,020 (swap v3): sqrt(P) = 1781045380923513843 / 2^64. */
const SUBNET_1_V3: PoolReserves = {
  ...SUBNET_1,
  blockNumber: 7_000_020,
  virtual: {
    liquidityRaw: '239996554252700',
    alphaSqrtPrice: '0.0965506635646273252029762879100616146388347260653972625732421875',
  },
};

function value(result: Refusable<SwapQuote>): SwapQuote {
  if (!result.ok) throw new Error(result.refusal.code);
  return result.value;
}
function refusal(result: Refusable<SwapQuote>): string {
  return result.ok ? 'accepted' : result.refusal.code;
}

describe('swap quote', () => {
  // Answers of the chain's own simulated swap at those blocks; the last column is its slippage including the fee.
  it.each([
    [SUBNET_92, 10n * TAO, 5_035_477n, 7_289_425_629_146n, 127_811_335_036n],
    [SUBNET_92, 100n * TAO, 50_354_772n, 63_351_665_005_924n, 10_820_704_635_900n],
    [SUBNET_1, TAO, 503_547n, 152_290_647_774n, 83_337_619n],
  ])(
    'agrees with the chain to the rao on a weighted pool (case %#)',
    (pool, amountRao, feeRao, outRao, shortfallRao) => {
      const quote = value(quoteTrade(pool, { direction: 'stake', amountRao }));
      expect(quote).toMatchObject({ method: 'balancer_weighted', feeRao, feeToken: 'tao', outRao });
      expect(quote.expectedOutRao - quote.outRao).toBe(shortfallRao);
      expect(quote.feeCostRao + quote.impactCostRao).toBe(shortfallRao);
    },
  );

  it.each([
    [107_272_764_827n, 54_016_956n, 999_453_341n],
    [1_072_727_648_276n, 540_169_564n, 9_990_655_141n],
    [10_727_276_482_766n, 5_401_695_642n, 99_520_372_812n],
  ])(
    'agrees with the chain to the rao on the virtual reserves of 2025 for %s alpha rao',
    (amountRao, feeRao, outRao) => {
      const quote = value(quoteTrade(SUBNET_1_V3, { direction: 'unstake', amountRao }));
      expect(quote).toMatchObject({ method: 'virtual_reserves', feeRao, feeToken: 'alpha', outRao });
    },
  );

  // Computed independently with 100-digit binary arithmetic (mpmath): T = 1,000 TAO, A = 100,000 alpha, fee 33/65535.
  it.each([
    ['0.0300000000', 330_962_614_649n, 29_395_334_943n],
    ['0.0400000000', 248_324_793_098n, 39_000_490_943n],
    ['0.0025000000', 3_900_049_094_397n, 2_483_247_930n],
    ['0.0900000000', 110_442_802_771n, 85_619_147_770n],
  ])('follows the weighted curve far from equal weights (price %s)', (price, alphaRao, taoRao) => {
    const pool = { ...POOL_A, price };
    expect(value(quoteTrade(pool, { direction: 'stake', amountRao: 10n * TAO })).outRao).toBe(alphaRao);
    expect(value(quoteTrade(pool, { direction: 'unstake', amountRao: 1_000n * TAO })).outRao).toBe(taoRao);
  });

  it('sells the worked position of 10,000 alpha for 90.867473489 TAO and splits the shortfall into fee and impact', () => {
    const quote = value(quoteTrade(POOL_A, { direction: 'unstake', amountRao: 10_000n * TAO }));
    expect(quote).toMatchObject({
      method: 'balancer_equal_weights',
      outRao: 90_867_473_489n,
      expectedOutRao: 100n * TAO,
      feeCostRao: 50_354_773n,
      impactCostRao: 9_082_171_738n,
      spotPrice: '0.01',
      averagePrice: '0.0090867473489',
      slippage: '0.09132526511',
      notes: [],
    });
    // k = 1e17 and the whole 10,000 alpha end in the pool, fee included: (1000 * 100000) / 110000^2.
    expect(quote.postPrice).toMatch(/^0\.00826446/);
  });

  it('excludes the fee from the impact and includes it in the slippage', () => {
    const quote = value(
      quoteTrade(
        { ...POOL_A, taoReserveRao: 10n ** 18n, alphaReserveRao: 10n ** 20n },
        {
          direction: 'stake',
          amountRao: TAO,
        },
      ),
    );
    expect(quote.slippage).toMatch(/^0\.0005035/);
    expect(Number(quote.impact)).toBeLessThan(2e-9);
  });

  it('charges the flat fee of 2025 on the way in and on the way out', () => {
    const pool = { ...POOL_A, blockNumber: 5_012_782, feeRate: null };
    const stake = value(quoteTrade(pool, { direction: 'stake', amountRao: TAO }));
    expect(stake).toMatchObject({ method: 'constant_product', feeRao: 50_000n, netInRao: 999_950_000n });
    expect(stake.outRao).toBe((100_000n * TAO * 999_950_000n) / (1_000n * TAO + 999_950_000n));
    const unstake = value(quoteTrade(pool, { direction: 'unstake', amountRao: 100n * TAO }));
    expect(unstake).toMatchObject({ feeRao: 50_000n, feeToken: 'tao', feeCostRao: 50_000n });
    expect(unstake.expectedOutRao).toBe(unstake.outRao + unstake.feeCostRao + unstake.impactCostRao);
  });

  it('trades root one to one without fee or slippage in both directions', () => {
    for (const direction of ['stake', 'unstake'] as const) {
      const quote = value(quoteTrade({ ...POOL_A, netuid: 0, price: null }, { direction, amountRao: 5n * TAO }));
      expect(quote).toMatchObject({ method: 'root', outRao: 5n * TAO, feeRao: 0n, slippage: '0', postPrice: '1' });
    }
  });

  it.each([
    ['no_market', { ...POOL_A, blockNumber: 4_900_000 }, 'stake', TAO],
    ['amount_not_positive', POOL_A, 'stake', 0n],
    ['amount_not_positive', POOL_A, 'unstake', -1n],
    ['startup_pool', { ...POOL_A, startup: true }, 'stake', TAO],
    ['reserves_too_low', { ...POOL_A, alphaReserveRao: 999_999n }, 'stake', TAO],
    ['reserves_too_low', { ...POOL_A, taoReserveRao: 0n }, 'unstake', TAO],
    [
      'price_out_of_range',
      { ...POOL_A, taoReserveRao: 10n ** 7n, alphaReserveRao: 10n ** 17n, price: null },
      'unstake',
      TAO,
    ],
    ['above_max_swap', POOL_A, 'stake', 1_001_000n * TAO],
    ['above_max_swap', POOL_A, 'unstake', 10n ** 24n],
    ['zero_output', POOL_A, 'unstake', 99n],
    ['below_minimum', POOL_A, 'stake', 2_001_000n],
    ['below_minimum', POOL_A, 'unstake', 200_000_000n],
  ] as const)('refuses with %s (case %#)', (code, pool, direction, amountRao) => {
    expect(refusal(quoteTrade(pool, { direction, amountRao }))).toBe(code);
  });

  it('lets a trade that empties the position fall below the minimum', () => {
    const order = { direction: 'unstake', amountRao: 150_000_000n, emptiesPosition: true } as const;
    expect(refusal(quoteTrade(POOL_A, order))).toBe('accepted');
    expect(refusal(quoteTrade(POOL_A, { ...order, emptiesPosition: false }))).toBe('below_minimum');
  });

  it('accepts exactly 1000 times the input reserve', () => {
    const order = { direction: 'stake', amountRao: 1_000_000n * TAO, waiveFee: true } as const;
    expect(refusal(quoteTrade(POOL_A, order))).toBe('accepted');
    expect(refusal(quoteTrade(POOL_A, { ...order, amountRao: order.amountRao + 1n }))).toBe('above_max_swap');
  });
});
