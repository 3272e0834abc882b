import { computeConcentration } from './concentration';
import { dissolutionPayouts } from './dissolution';
import { computeDrawdown, drawdownState, type NavPoint } from './drawdown';
import { annualize, chainLink, dailyReturn, dietzReturn, totalReturn } from './returns';

const TAO = 10n ** 9n;

describe('drawdown', () => {
  const day = (index: number, nav: bigint, flow = 0n): NavPoint => ({
    at: new Date(Date.UTC(2026, 0, index)),
    navRao: nav * TAO,
    flowRao: flow * TAO,
  });

  it('does not take a withdrawal for a crash: 200, 180, withdraw 90 is 10 %', () => {
    const summary = computeDrawdown([day(1, 200n), day(2, 180n), day(3, 90n, -90n)]);
    expect(summary).toMatchObject({ current: '0.1', maximum: '0.1', maximumAt: new Date(Date.UTC(2026, 0, 2)) });
    expect(summary?.points.map((point) => point.unitPrice)).toEqual(['1', '0.9', '0.9']);
  });

  it('does not take a deposit for a recovery', () => {
    const summary = computeDrawdown([day(1, 100n), day(2, 50n), day(3, 150n, 100n), day(4, 300n)]);
    expect(summary?.points.map((point) => point.drawdown)).toEqual(['0', '0.5', '0.5', '0']);
    expect(summary).toMatchObject({ current: '0', maximum: '0.5' });
  });

  it('starts with the first value there is and survives an empty stretch', () => {
    const summary = computeDrawdown([day(1, 0n), day(2, 100n, 100n), day(3, 0n, -100n), day(4, 80n, 80n), day(5, 72n)]);
    expect(summary?.points.map((point) => point.unitPrice)).toEqual([null, '1', '1', '1', '0.9']);
    expect(computeDrawdown([])).toBeNull();
  });

  it.each([
    ['0.149999', 'within'],
    ['0.15', 'soft'],
    ['0.2', 'hard'],
  ])('judges %s against 15 % and 20 % as %s', (drawdown, state) => {
    expect(drawdownState(drawdown, { soft: '0.15', hard: '0.20' })).toBe(state);
  });
});

describe('concentration', () => {
  it('counts the worked treasury as 2.92 positions, its alpha as 1.8', () => {
    expect(computeConcentration([10n, 50n, 100n, 50n])).toEqual({
      hhi: '3424.04',
      effectiveCount: '2.92',
      band: 'concentrated',
    });
    expect(computeConcentration([100n, 50n])).toMatchObject({ hhi: '5555.56', effectiveCount: '1.80' });
    expect(computeConcentration(Array.from({ length: 25 }, () => 1n))).toMatchObject({ band: 'spread' });
    expect(computeConcentration([1n, 1n, 1n, 1n, 1n])).toMatchObject({ hhi: '2000.00', band: 'moderate' });
  });

  it('says nothing about an empty portfolio', () => {
    expect(computeConcentration([])).toBeNull();
    expect(computeConcentration([0n, 0n])).toBeNull();
  });
});

describe('returns', () => {
  it('turns 1 % in 30 days into 12.1667 % simple and 12.8696 % compound', () => {
    const rate = annualize('0.01', 30);
    expect(rate?.apr).toMatch(/^0\.121666/);
    expect(rate?.apy).toMatch(/^0\.12869/);
    expect(rate?.indicative).toBe(false);
  });

  it('marks less than a week as indicative and refuses less than a day', () => {
    expect(annualize('0.01', 3)?.indicative).toBe(true);
    expect(annualize('0.01', 0.99)).toBeNull();
    expect(annualize('0.01', Number.NaN)).toBeNull();
    expect(annualize('-1', 30)?.apy).toBe('-1');
  });

  it('weighs flows by the time they were there', () => {
    const flows = [{ rao: 100n, remaining: '0.5' }];
    expect(dietzReturn({ earningsRao: 15n, startRao: 100n, flows })).toBe('0.1');
    expect(dietzReturn({ earningsRao: 15n, startRao: 0n, flows: [] })).toBeNull();
  });

  it('has no percentage for a day without money, and does not call a deposit a profit', () => {
    expect(dailyReturn({ earningsRao: 5n, startRao: 0n, flowRao: 0n })).toBeNull();
    expect(dailyReturn({ earningsRao: 5n, startRao: 50n, flowRao: 50n })).toBe('0.05');
    expect(dailyReturn({ earningsRao: 5n, startRao: 50n, flowRao: -20n })).toBe('0.1');
  });

  it('links periods by multiplication and skips those without a return', () => {
    expect(chainLink(['0.1', null, '-0.1'])).toBe('-0.01');
    expect(chainLink([null])).toBeNull();
  });

  it('combines price, alpha yield and costs', () => {
    expect(totalReturn({ startPrice: '0.02', endPrice: '0.018', alphaYield: '0.2', costs: '0.01' })).toBe('0.07');
    expect(totalReturn({ startPrice: '0', endPrice: '1', alphaYield: '0', costs: '0' })).toBeNull();
  });
});

describe('dissolution of a subnet', () => {
  it('pays the worked position 5 TAO out of a pot of 60', () => {
    const payouts = dissolutionPayouts({
      potRao: 60n * TAO,
      registrationBlock: 5_000_000,
      stakerAlphaRao: [1_000n * TAO, 8_000n * TAO],
      protocolAlphaRao: 3_000n * TAO,
      poolAlphaRao: 50_000n * TAO,
    });
    expect(payouts).toEqual([5n * TAO, 40n * TAO]);
  });

  it('counts the pool in for subnets registered later, and spends the pot to the rao', () => {
    const subnet = {
      potRao: 100n,
      registrationBlock: 8_334_451,
      stakerAlphaRao: [1n, 1n],
      protocolAlphaRao: 1n,
      poolAlphaRao: 0n,
    };
    expect(dissolutionPayouts(subnet)).toEqual([34n, 33n]);
    expect(dissolutionPayouts({ ...subnet, poolAlphaRao: 1n })).toEqual([25n, 25n]);
  });
});
