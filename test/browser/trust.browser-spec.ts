import type { Locator, Page } from 'playwright-core';
import { accessibilityViolations, buildPage, describeInBrowser, PageBrowser } from '../support/page-browser';
import { TcpRelay } from '../support/tcp-relay';
import { TreasuryWorld } from '../support/treasury-world';

jest.setTimeout(120_000);

const POOL = '/api/dtao/pool/latest';
const PRICE = '/api/price/latest';
const QUICK = { API_INITIAL_BACKOFF_SECONDS: '0.02', API_MAX_BACKOFF_SECONDS: '0.05' };
const CALM = { POOLS_REFRESH_MINUTES: '1440', SUBNETS_REFRESH_MINUTES: '1440', PRICE_REFRESH_MINUTES: '1440' };

const ALL_WELL = /^Healthy\. All \d+ datasets are fresh\.$/;

/** The row of a dataset. */
function rowOf(page: Page, dataset: string): Locator {
  return page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: new RegExp(`^${dataset}`) }) });
}

function status(page: Page): Locator {
  return page.getByLabel('Status', { exact: true });
}

describeInBrowser()('the trust tab', () => {
  let browser: PageBrowser;
  let world: TreasuryWorld;
  let relay: TcpRelay | undefined;

  beforeAll(async () => {
    buildPage();
    browser = await PageBrowser.start();
    world = await TreasuryWorld.start({ ...QUICK, ...CALM });
    await world.firstSync();
  });

  afterEach(async () => {
    await browser.closePages();
    // What a request of a test was refused with, or could not reach, the browser reports too.
    expect(browser.complaints.filter((text) => !text.startsWith('Failed to load resource'))).toEqual([]);
    await relay?.stop();
    await world.clearFaults();
    await world.openUpstream();
  });

  afterAll(async () => {
    await browser.stop();
    await world.stop();
  });

  it('says in one sentence that all is well, and that the data are simulated', async () => {
    const page = await browser.open(world.service.url);
    await status(page).getByText(ALL_WELL).first().waitFor();
    await page.getByText('Simulated data.').waitFor();
    await page.getByText('live', { exact: true }).waitFor();
    await rowOf(page, 'Pools').getByRole('cell', { name: '129', exact: true }).first().waitFor();
  });

  it('moves nothing on the page while a dataset is synced and comes to nothing new', async () => {
    const page = await browser.open(world.service.url);
    await status(page).getByText(ALL_WELL).first().waitFor();
    await page
      .getByRole('region', { name: 'Checks of the reconciliation' })
      .or(page.getByText('Nothing was compared'))
      .waitFor();
    await page.evaluate(`globalThis.shifted = 0; new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) globalThis.shifted += entry.value;
    }).observe({ type: 'layout-shift' });`);
    const before = await page.getByRole('rowheader').allInnerTexts();
    await world.sync('tao_price');
    await page.getByRole('region', { name: 'Runs, newest first' }).getByText('TAO price').nth(1).waitFor();
    expect((await page.getByRole('rowheader').allInnerTexts()).map((text) => text.split('\n')[0])).toEqual(
      before.map((text) => text.split('\n')[0]),
    );
    expect(await page.evaluate('globalThis.shifted')).toBeLessThan(0.01);
  });

  it('follows an outage from the refused answer to the recovery', async () => {
    const page = await browser.open(world.service.url);
    const row = rowOf(page, 'Pools');
    await row.getByText('on time').waitFor();

    await world.fault({ match: POOL, fault: { kind: 'empty_data' } });
    await page.getByRole('button', { name: 'Sync Pools' }).click();
    await page.getByLabel('Sync', { exact: true }).getByText('Pools: protected').waitFor();
    await row.getByText('protected', { exact: true }).waitFor();
    await row.getByText(/Refused since .*: pools: 0 valid rows/).waitFor();
    await row.getByRole('cell', { name: '129', exact: true }).first().waitFor();
    await status(page).getByText('Nothing was lost: the last good pools stand.').first().waitFor();
    await page.getByRole('listitem').getByText('the last answer was refused').waitFor();

    await world.clearFaults();
    await page.getByRole('button', { name: 'Sync Pools' }).click();
    await row.getByText('on time').waitFor();
    await status(page).getByText(ALL_WELL).first().waitFor();
    await row.getByText(/ok, 1 protected/).waitFor();
  });

  it('shows a throttled key as a countdown that ends by itself', async () => {
    const page = await browser.open(world.service.url);
    await world.fault({ match: PRICE, times: 1, fault: { kind: 'status', status: 429 } });
    await page.getByRole('button', { name: 'Sync TAO price' }).click();
    const countdown = page.getByRole('timer', { name: 'TaoStats pause' });
    await countdown.getByText(/^(0:\d\d|1:00)$/).waitFor();
    await status(page).getByText('TaoStats asked us to wait and calls resume by themselves').first().waitFor();
    await page.getByText('taostats/rate-limited').first().waitFor();
    await world.openUpstream();
    await countdown.waitFor({ state: 'detached' });
  });

  it('opens a run on its phases and its reason, and shows failures alone when asked', async () => {
    await world.fault({ match: POOL, times: 1, fault: { kind: 'empty_data' } });
    await world.sync('pools', 'protected');
    await world.sync('pools');
    const page = await browser.open(world.service.url);
    await page.getByLabel('failed only').check();
    const runs = page.getByRole('region', { name: 'Runs, newest first' });
    await runs.getByText('applied').first().waitFor({ state: 'detached' });
    await runs.getByText('protected').first().click();
    await runs.getByText('sync/insufficient-data').first().waitFor();
    await runs.getByRole('rowheader', { name: 'fetch' }).first().waitFor();
  });

  it('lists every run of a dataset beside the page, at an address of its own', async () => {
    await world.fault({ match: POOL, times: 1, fault: { kind: 'empty_data' } });
    await world.sync('pools', 'protected');
    await world.sync('pools');
    const page = await browser.open(world.service.url);
    await rowOf(page, 'Pools').getByRole('button', { name: 'Runs of Pools' }).click();
    const sheet = page.getByRole('dialog', { name: 'Runs of Pools' });
    await sheet.getByText('protected', { exact: true }).first().click();
    await sheet.getByText('sync/insufficient-data').first().waitFor();
    await sheet.getByRole('rowheader', { name: 'fetch' }).first().waitFor();
    expect(new URL(page.url()).hash).toBe('#trust/pools');
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.reload();
    await sheet.getByText('applied').first().waitFor();
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'hidden' });
    expect(new URL(page.url()).hash).toBe('#trust');
  });

  it('marks refused answers, 429 and the start of the service on the timeline', async () => {
    await world.fault({ match: POOL, times: 1, fault: { kind: 'empty_data' } });
    await world.sync('pools', 'protected');
    await world.fault({ match: PRICE, times: 1, fault: { kind: 'status', status: 429 } });
    const page = await browser.open(world.service.url);
    await page.getByRole('button', { name: 'Sync TAO price' }).click();
    await page.getByText(/^Disturbances as a table/).click();
    const table = page.getByRole('region', { name: 'Disturbances as a table' });
    await table
      .getByRole('row', { name: /answer refused Pools \d+ pools: 0 valid rows/ })
      .first()
      .waitFor();
    await table
      .getByRole('row', { name: /429 all/ })
      .first()
      .waitFor();
    await table.getByRole('row', { name: /service started all/ }).waitFor();
  });

  it('mutes an error in this browser until somebody wants to see it again', async () => {
    await world.fault({ match: POOL, times: 1, fault: { kind: 'status', status: 404 } });
    await world.sync('pools', 'failed');
    const page = await browser.open(world.service.url);
    const errors = page.getByRole('region', { name: 'Recent errors' });
    const error = errors.getByRole('listitem').filter({ hasText: 'HTTP 404' });
    await error.getByRole('button', { name: 'Mute 1 day' }).click();
    await error.waitFor({ state: 'detached' });
    await page.reload();
    await errors.getByLabel(/^show \d+ muted$/).check();
    await error.getByRole('button', { name: 'Unmute' }).click();
    await errors.getByLabel(/^show \d+ muted$/).waitFor({ state: 'detached' });
    await error.waitFor();
  });

  it('compares with a second reading when it is asked to, and shows what each check said', async () => {
    const page = await browser.open(world.service.url);
    const panel = page.getByRole('region', { name: 'Reconciliation', exact: true });
    await panel.getByText('Nothing was compared with a second reading yet.').waitFor();
    await panel.getByRole('button', { name: 'Reconcile now' }).click();
    await panel.getByLabel('Reconciliation', { exact: true }).getByText('Under way').waitFor();
    const checks = panel.getByRole('region', { name: 'Checks of the reconciliation' });
    await checks.getByRole('rowheader', { name: 'R10 figures within each pool' }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
  });

  it('wants a person when TaoStats refuses the key, and says what is to be done', async () => {
    await world.fault({ match: POOL, times: 1, fault: { kind: 'status', status: 401 } });
    const page = await browser.open(world.service.url);
    await page.getByRole('button', { name: 'Sync Pools' }).click();
    await status(page).getByText('TaoStats refuses the key.').first().waitFor();
    await status(page).getByText('Check TAOSTATS_API_KEY and restart.').first().waitFor();
    await rowOf(page, 'Pools').getByRole('cell', { name: '129', exact: true }).first().waitFor();
  });

  it('keeps the last figures when the service is away, and catches up on what it missed', async () => {
    relay = await TcpRelay.start(world.service.url);
    const page = await browser.open(relay.url);
    await page.getByText('live', { exact: true }).waitFor();
    await world.sync('tao_price');
    await relay.cut();
    await page.getByRole('alert').getByText('The service does not answer').waitFor();
    await rowOf(page, 'Pools').getByRole('cell', { name: '129', exact: true }).first().waitFor();
    await world.sync('tao_price');
    await relay.restore();
    await page.getByText(/caught up on \d+ missed events/).waitFor();
    await page.getByText('The service does not answer').waitFor({ state: 'detached' });
    await page.getByText('live', { exact: true }).waitFor();
  });

  it('reads the trust pack once more when the first reading was older than the event', async () => {
    const page = await browser.openAtFixedTime(world.service.url);
    await page.getByText('live', { exact: true }).waitFor();
    // What the service's look of every two seconds has not seen yet.
    let olderUntilMs = Infinity;
    await page.route('**/api/v1/trust-pack', async (route) => {
      const pack = await world.service.json<{ datasets: Record<string, object> }>('/api/v1/trust-pack');
      const older = { ...pack.datasets['tao_price'], open_run: { state: 'queued' } };
      const isOlder = Date.now() < olderUntilMs;
      await route.fulfill({ json: isOlder ? { ...pack, datasets: { ...pack.datasets, tao_price: older } } : pack });
    });
    await world.sync('tao_price');
    olderUntilMs = Date.now() + 2_000;
    await rowOf(page, 'TAO price').getByText('queued').waitFor();
    await rowOf(page, 'TAO price').getByText('queued').waitFor({ state: 'detached' });
  });

  it('asks every few seconds while there is no stream', async () => {
    const page = await browser.open('about:blank');
    await page.route('**/api/v1/events', (route) => route.fulfill({ status: 503 }));
    await page.goto(world.service.url);
    await page.getByText('asking every 5 s').waitFor();
    await world.fault({ match: POOL, times: 1, fault: { kind: 'empty_data' } });
    await world.sync('pools', 'protected');
    await rowOf(page, 'Pools').getByText('protected', { exact: true }).waitFor();
    await world.sync('pools');
    await page.unroute('**/api/v1/events');
    await page.getByText('live', { exact: true }).waitFor();
  });

  it('follows the reconciliation that was asked for, also when others have ended after it', async () => {
    const page = await browser.open(world.service.url);
    await page.route('**/api/v1/reconciliation/runs?*', (route) => route.fulfill({ json: { data: [] } }));
    const panel = page.getByRole('region', { name: 'Reconciliation', exact: true });
    await panel.getByRole('button', { name: 'Reconcile now' }).click();
    await panel.getByText('Under way').waitFor();
    await panel.getByText('Under way').waitFor({ state: 'detached' });
  });

  it('tells what became of a sync of everything', async () => {
    const page = await browser.open(world.service.url);
    await page.getByRole('button', { name: 'Sync now' }).click();
    await page
      .getByLabel('Sync', { exact: true })
      .getByText(/TAO price: nothing new/)
      .waitFor();
  });
});

describeInBrowser()('the trust tab at a first start without TaoStats', () => {
  let browser: PageBrowser;
  let world: TreasuryWorld;

  beforeAll(async () => {
    buildPage();
    browser = await PageBrowser.start();
    const calm = { SYNC_REQUEST_INTERVAL_SECONDS: '600' };
    world = await TreasuryWorld.start({ ...QUICK, ...calm, TAOSTATS_BASE_URL: 'http://127.0.0.1:9' });
  });

  afterAll(async () => {
    await browser.stop();
    await world.stop();
  });

  it('says that nothing is known yet and why, and shows no figure that nobody has', async () => {
    const page = await browser.open(world.service.url);
    await status(page).getByText('No data yet.').first().waitFor();
    const row = rowOf(page, 'Pools');
    await row.getByText(/^never synced/).waitFor();
    await row.getByText('–').first().waitFor();
    await page.getByRole('heading', { name: 'Recent errors' }).waitFor();
    expect(await row.getByText(/^0$/).count()).toBe(0);
  });

  it('says which datasets of a sync are not synced now, why, and when they would be', async () => {
    const page = await browser.open(world.service.url);
    await page.getByRole('button', { name: 'Sync TAO price' }).click();
    const outcome = page.getByLabel('Sync', { exact: true });
    await outcome.getByText(/TAO price: failed/).waitFor();
    await page.getByRole('button', { name: 'Sync now' }).click();
    await outcome.getByText(/TAO price: not now, asked for a moment ago, again in \d+ min/).waitFor();
  });
});
