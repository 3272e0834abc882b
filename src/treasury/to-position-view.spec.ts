import fc from 'fast-check';
import { parseTokens } from '../common';
import type { Market, Pool, Position } from '../database';
import { NO_MARKET, type PositionStanding, toPositionView, toSubnetHoldingView } from './to-position-view';

const AT = new Date('2026-01-11T04:11:12.001Z');
const STANDING: PositionStanding = {
  age: { dataset: 'positions', trust: 'ok', asOf: AT, ageSeconds: 60, runId: null },
  confirmedBlock: 119,
};

function position(figures: Partial<Position> = {}): Position {
  return {
    coldkey: 'wallet',
    hotkey: 'validator',
    netuid: 64,
    registrationBlockNumber: 50,
    blockNumber: 100,
    upstreamAt: AT,
    balance: '1000000000',
    balanceAsTao: '85379776',
    exitedAt: null,
    firstSeenAt: AT,
    runId: 'run',
    ...figures,
  };
}

function market(pool: Partial<Pool> = {}, registrationBlock: number | null = 50): Market {
  const row = {
    netuid: 64,
    blockNumber: 120,
    timestamp: AT,
    name: 'Chutes',
    price: '0.5',
    startupMode: false,
    ...pool,
  };
  return { pool: row as Pool, registrationBlock };
}

describe('the value of a position', () => {
  it.each<[string, Partial<Position>, Market, string | null, string | null]>([
    ['at the pool’s price', {}, market(), '0.500000000', null],
    ['rounded down to a rao', { balance: '3' }, market({ price: '0.5' }), '0.000000001', null],
    ['of root: its TAO', { netuid: 0, registrationBlockNumber: null }, NO_MARKET, '1.000000000', null],
    ['without a pool', {}, NO_MARKET, null, 'no_pool'],
    ['before trading', {}, market({ startupMode: true }), null, 'startup'],
    ['of a netuid’s former user', {}, market({}, 110), null, 'former_generation'],
    ['of a generation that was not known', { registrationBlockNumber: null }, market(), '0.500000000', null],
    ['of nothing', { balance: '0', exitedAt: AT }, NO_MARKET, '0.000000000', null],
  ])('%s', (_, figures, of, value, reason) => {
    const view = toPositionView(position(figures), of, STANDING);
    expect([view.value_tao, view.unpriced_reason]).toEqual([value, reason]);
  });

  it('never says more for parts than for the whole, and is less than a rao a part below it', () => {
    const price = fc
      .tuple(fc.bigInt({ min: 0n, max: 1_000n }), fc.bigInt({ min: 1n, max: 10n ** 28n - 1n }))
      .map(([whole, fraction]) => `${whole}.${fraction.toString().padStart(28, '0')}`);
    const balances = fc.array(fc.bigInt({ min: 1n, max: 21_000_000n * 10n ** 9n }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(price, balances, (priceText, parts) => {
        const of = market({ price: priceText });
        const valueRao = (text: string | null): bigint => parseTokens(text ?? '') ?? -1n;
        const sum = parts
          .map((part) => toPositionView(position({ balance: String(part) }), of, STANDING).value_tao)
          .reduce((total, value) => total + valueRao(value), 0n);
        const balance = String(parts.reduce((total, part) => total + part, 0n));
        const whole = valueRao(toSubnetHoldingView(64, { positions: parts.length, balance }, of).value_tao);
        expect(sum <= whole && whole - sum < BigInt(parts.length)).toBe(true);
      }),
    );
  });
});
