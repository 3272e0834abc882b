import { Logger } from '@nestjs/common';
import { Settings } from '../../src/config';
import { QuoteCheckRepository } from '../../src/database';
import { DueJobs } from '../../src/reconciliation/due-jobs.service';
import { QuoteSpotCheck } from '../../src/reconciliation/quote-spot-check.service';
import { ReconciliationRig } from '../support/reconciliation-rig';

const SLIPPAGE = '/api/dtao/slippage';

describe('the spot check of a quote', () => {
  let rig: ReconciliationRig;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    rig = await ReconciliationRig.start();
  });

  afterAll(async () => {
    await rig?.stop();
    Logger.overrideLogger(['log', 'warn', 'error']);
  });

  beforeEach(async () => {
    Logger.overrideLogger(false);
    await rig.recover();
    await rig.dataSource.query('TRUNCATE quote_checks, recurring_jobs');
  });

  const check = () => rig.get(QuoteSpotCheck).check();
  const newest = async () => (await rig.get(QuoteCheckRepository).list(1))[0];
  const spoil = (): void => {
    rig.simulator.addFault({ match: SLIPPAGE, fault: { kind: 'corrupt_row', field: 'output_tokens', value: '1000' } });
  };

  it('agrees to a few millionths with the reserves of the same block, in both directions', async () => {
    const seen = new Set<string>();
    for (let turn = 0; turn < 6; turn += 1) {
      expect(await check()).toBe('pass');
      const found = await newest();
      expect(found).toMatchObject({ tolerance: '0.000005', reasonCode: null });
      expect(found?.quoteBlock).toBe(found?.poolBlock);
      seen.add(found?.direction ?? '');
    }
    expect(seen).toEqual(new Set(['stake', 'unstake']));
    expect(new Set((await rig.get(QuoteCheckRepository).list(6)).map(({ netuid }) => netuid)).size).toBe(3);
  });

  it('finds a quote beyond tolerance, comes back to it first, and forgets it once it agrees', async () => {
    spoil();
    expect(await check()).toBe('fail');
    const failed = await newest();
    expect((await rig.get(QuoteCheckRepository).latest())?.agreement).toBe('fail');
    await rig.recover();
    expect(await check()).toBe('pass');
    expect(await newest()).toMatchObject({ netuid: failed?.netuid, direction: failed?.direction, agreement: 'pass' });
  });

  it('says why when TaoStats gives no quote, and leaves standing what was found before', async () => {
    spoil();
    await check();
    rig.simulator.clearFaults();
    rig.simulator.addFault({ match: SLIPPAGE, fault: { kind: 'status', status: 500 } });
    expect(await check()).toBe('skipped');
    expect(await newest()).toMatchObject({
      agreement: 'skipped',
      reasonCode: 'taostats/unavailable',
      difference: null,
    });
    expect((await rig.get(QuoteCheckRepository).latest())?.agreement).toBe('fail');
  });

  it('is due in its interval for one of all processes, and never with an interval of 0', async () => {
    const due = rig.get(DueJobs);
    const claims = await Promise.all([due.takeQuoteCheck(), due.takeQuoteCheck(), due.takeQuoteCheck()]);
    expect(claims.filter((claimed) => claimed)).toHaveLength(1);
    expect(await due.takeQuoteCheck()).toBe(false);
    await rig.dataSource.query("UPDATE recurring_jobs SET next_due_at = clock_timestamp() - interval '1 day'");
    rig.get(Settings).quoteCheckIntervalHours = 0;
    expect(await due.takeQuoteCheck()).toBe(false);
    rig.get(Settings).quoteCheckIntervalHours = 6;
    expect(await due.takeQuoteCheck()).toBe(true);
  });

  it('is part of a reconciliation, as a drift of prices and not as a missing balance', async () => {
    spoil();
    await check();
    await rig.recover();
    const run = await rig.reconcile();
    expect(run).toMatchObject({ verdict: 'drift', quantities: 'pass', driftRaised: [] });
    expect(run.checks.find((found) => found.check === 'R9')).toMatchObject({ verdict: 'drift', failed: 1 });
  });
});
