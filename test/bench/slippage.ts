import { type PoolReserves, slippageSurface } from '../../src/analysis';
import { ERAS } from '../../src/analysis/amm/era';
import { type BenchContext, type Figure, compared } from './figure';
import { byTurns, timed } from './measure';

export const name = 'slippage';

const SUBNETS = 129;
const SIZES_RAO = [1n, 2n, 5n, 10n, 15n, 20n, 50n, 100n, 250n, 500n].map((tao) => tao * 1_000_000_000n);

/** Ten sizes in both directions on every subnet, under the rules of each era; the reference is the first era's arithmetic. */
export async function run({ runs }: BenchContext): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { fromBlock } of ERAS) {
    const pools = Array.from({ length: SUBNETS }, (_entry, index) => poolAt(fromBlock + 1, index + 1));
    const times = await byTurns(runs, {
      ours: () => timed(() => surfaces(pools)),
      plain: () => timed(() => pools.map(plainConstantProduct)),
    });
    figures.push(
      compared({
        group: name,
        name: `${SUBNETS} x ${SIZES_RAO.length} x 2 quotes with price, fee and slippage: ${methodOf(pools)}`,
        unit: 'ms',
        value: times.ours,
        reference: { name: 'the amounts alone, constant product in bigint', value: times.plain },
        note: `${((times.ours * 1000) / (SUBNETS * SIZES_RAO.length * 2)).toFixed(0)} µs a quote`,
      }),
    );
  }
  return figures;
}

function surfaces(pools: readonly PoolReserves[]): void {
  for (const pool of pools) {
    for (const { result } of slippageSurface(pool, SIZES_RAO)) {
      if (!result.ok) throw new Error(`netuid ${pool.netuid}: ${result.refusal.code}`);
    }
  }
}

function methodOf([pool]: readonly PoolReserves[]): string {
  const [point] = pool === undefined ? [] : slippageSurface(pool, SIZES_RAO);
  return point?.result.ok === true ? point.result.value.method : 'refused';
}

function plainConstantProduct({ taoReserveRao, alphaReserveRao }: PoolReserves): bigint {
  let sum = 0n;
  for (const sizeRao of SIZES_RAO) {
    sum += (alphaReserveRao * sizeRao) / (taoReserveRao + sizeRao);
    sum -= (taoReserveRao * sizeRao) / (alphaReserveRao + sizeRao);
  }
  return sum;
}

/** A pool of middle size. Its price is a little off the ratio of the reserves, as weights make it. */
function poolAt(blockNumber: number, netuid: number): PoolReserves {
  const taoReserveRao = 25_000_000_000_000n + BigInt(netuid) * 1_000_003n;
  const alphaReserveRao = 1_500_000_000_000_000n + BigInt(netuid) * 7_000_001n;
  return {
    netuid,
    blockNumber,
    taoReserveRao,
    alphaReserveRao,
    price: `0.01${String(700_000 + netuid)}`,
    feeRate: '0.00050354772259098192',
    startup: false,
    virtual: { liquidityRaw: '193649167310370', alphaSqrtPrice: '0.129099444873580562839' },
  };
}
