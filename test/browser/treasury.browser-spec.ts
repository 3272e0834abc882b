import type { Locator, Page } from 'playwright-core';
import { DEMO_WALLETS } from '../simulator';
import { accessibilityViolations, buildPage, describeInBrowser, PageBrowser } from '../support/page-browser';
import { TreasuryWorld } from '../support/treasury-world';

jest.setTimeout(120_000);

interface Changes {
  data: { complete: boolean; from_tao: string; to_tao: string; lines: { tao: string }[] };
}

/** `4,747.45`: what the page makes of a decimal text. */
function shown(decimal: string): string {
  const [whole = '', fraction = ''] = decimal.split('.');
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${fraction.slice(0, 2)}`;
}

function panel(page: Page, title: string | RegExp): Locator {
  return page.getByRole('region', { name: title });
}

describeInBrowser()('the treasury tab', () => {
  let browser: PageBrowser;
  let world: TreasuryWorld;

  beforeAll(async () => {
    buildPage();
    browser = await PageBrowser.start();
    // One wallet: its whole past is walked within seconds.
    const [wallet = ''] = DEMO_WALLETS;
    world = await TreasuryWorld.start({ WALLET_ADDRESSES: wallet, WALLET_REFRESH_MINUTES: '60' });
    await world.firstSync();
    await world.sync('pools');
    // The first run may have come before there was a pool to value it by.
    await world.syncNewPositions();
  });

  afterEach(async () => {
    await browser.closePages();
    expect(browser.complaints).toEqual([]);
  });

  afterAll(async () => {
    await browser.stop();
    await world.stop();
  });

  const open = (): Promise<Page> => browser.open(`${world.service.url}#treasury`);

  it('draws the value over the chosen period and says the same in a table', async () => {
    const page = await open();
    const value = panel(page, 'Value over time');
    for (const name of ['At the price', 'Half sold', 'All sold']) {
      await value.getByText(new RegExp(`^${name} [\\d,]+\\.\\d\\d τ$`)).waitFor();
    }
    await value.getByText(/^As TaoStats says, daily/).waitFor();
    await value.locator('canvas').first().waitFor();
    await value.getByText('View as table').first().click();
    await value.getByRole('region', { name: 'Values as a table' }).getByRole('row').nth(1).waitFor();
    await value.getByText('limits 15 % soft, 20 % hard').waitFor();
    await value.getByRole('button', { name: '1D' }).click();
    await value.getByRole('button', { name: '1D', pressed: true }).waitFor();
    await panel(page, 'What changed, 1D').waitFor();
    await value.getByText(/^As TaoStats says, daily/).waitFor({ state: 'detached' });
    expect(await accessibilityViolations(page)).toEqual([]);
  });

  it('names the days of a chart without doubt, and as UTC has them wherever the reader is', async () => {
    const page = await browser.open('about:blank', { locale: 'en-US', timezoneId: 'Pacific/Kiritimati' });
    await page.addInitScript(`globalThis.drawn = [];
      const { fillText } = CanvasRenderingContext2D.prototype;
      CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
        drawn.push(text);
        return fillText.call(this, text, ...rest);
      };`);
    await page.goto(`${world.service.url}#treasury`);
    await panel(page, 'Value over time').locator('canvas').first().waitFor();
    await page.waitForFunction('drawn.some((text) => /[A-Z]/.test(text))');
    const days = (await page.evaluate<string[]>('drawn')).filter((text) => /[A-Z]/.test(text));
    const inWords = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
    const past = Array.from({ length: 32 }, (_, ago) => inWords.format(Date.now() - ago * 86_400_000));
    expect(days.filter((day) => !past.includes(day))).toEqual([]);
  });

  it('leaves the line out where a value was not complete, and says why', async () => {
    await world.rows(
      `UPDATE nav_hours SET complete = false, mid = NULL, exec_50 = NULL, exec_100 = NULL,
         missing = '[{"input":"pools","reason":"the pools are stale"}]' WHERE scope = 'all'`,
    );
    const page = await open();
    const value = panel(page, 'Value over time');
    await value.getByText('One gap: no complete value then, so no line.').waitFor();
    await value.getByText('View as table').first().click();
    await value.getByRole('cell', { name: 'pools: the pools are stale' }).waitFor();
    await world.syncNewPositions();
  });

  it('says what changed, cause by cause, so that it adds up', async () => {
    await world.service.until<Changes>('/api/v1/changes', ({ data }) => data.complete);
    const page = await open();
    await page.getByRole('button', { name: '1D' }).click();
    const changes = panel(page, 'What changed, 1D');
    await changes.getByText('adds up, trusted').waitFor();
    const { data } = await world.service.json<Changes>('/api/v1/changes');
    await changes.getByRole('row', { name: `Opening ${shown(data.from_tao)}` }).waitFor();
    await changes.getByRole('row', { name: `Closing ${shown(data.to_tao)}` }).waitFor();
    await changes.getByText('View as table').click();
    const lines = changes.getByRole('region', { name: 'Changes as a table' }).getByRole('row');
    await lines.nth(data.lines.length).waitFor();
    expect(await lines.count()).toBe(data.lines.length + 1);
  });

  it('says so when the causes do not add up', async () => {
    const page = await open();
    const answer = await world.service.json<Changes>('/api/v1/changes');
    const lines = answer.data.lines.slice(1);
    await page.route('**/api/v1/changes*', (route) =>
      route.fulfill({ json: { ...answer, data: { ...answer.data, lines } } }),
    );
    await page.getByRole('button', { name: '1D' }).click();
    const changes = panel(page, 'What changed, 1D');
    await changes.getByText('does not reconcile').waitFor();
    await changes.getByText(/The causes miss the value by/).waitFor();
  });

  it('opens a holding on its positions and on what leaving it costs', async () => {
    const page = await open();
    const holdings = page.getByRole('region', { name: 'Holdings by subnet' });
    await holdings.getByRole('button', { name: 'All sold costs' }).click();
    await holdings.getByRole('rowheader').getByRole('button').first().click();
    await holdings.getByText(/^Positions on subnet \d+; they are sold as one/).waitFor();
    const exit = panel(page, 'Exit cost');
    await exit.getByText(/^100 % sold: [\d,.]+ τ, [\d.]+ % lost$/).waitFor();
    await exit.getByRole('combobox', { name: 'Subnet' }).selectOption('0');
    await exit.getByText(/^100 % sold: [\d,.]+ τ, 0 % lost$/).waitFor();
    await exit.getByText('View as table').click();
    const rows = exit.getByRole('region', { name: 'Exit cost as a table' }).getByRole('row');
    expect(await rows.count()).toBe(21);
    expect(await accessibilityViolations(page)).toEqual([]);
    expect(await page.getByRole('link', { name: 'CSV' }).getAttribute('href')).toBe('/api/v1/positions.csv');
  });

  it('says so when nothing is staked that could be sold', async () => {
    const page = await open();
    const answer = await world.service.json<{ data: object }>('/api/v1/portfolio');
    await page.route('**/api/v1/portfolio', (route) =>
      route.fulfill({ json: { ...answer, data: { ...answer.data, holdings: [] } } }),
    );
    await page.reload();
    const exit = panel(page, 'Exit cost');
    await exit.getByText('Nothing is staked that could be sold.').waitFor();
    expect(await exit.getByText('Reading the curve').count()).toBe(0);
    expect(await accessibilityViolations(page)).toEqual([]);
  });

  it('hides every amount of every panel with one key', async () => {
    const page = await open();
    await panel(page, 'Exit cost')
      .getByText(/^100 % sold/)
      .waitFor();
    await page.keyboard.press('.');
    await page.getByRole('button', { name: 'Hide amounts', pressed: true }).waitFor();
    const bare = await page.evaluate(
      `[...document.querySelectorAll('main *')].filter((element) => element.children.length === 0
         && /\\d\\.\\d\\d( τ)?$/.test(element.textContent) && !/%|\\$329/.test(element.textContent)
         && element.closest('.amount') === null && element.closest('#subnets, [aria-label="Subnets and their pools"]') === null
         && element.closest('[aria-label="TAO price"]') === null).map((element) => element.textContent)`,
    );
    expect(bare).toEqual([]);
  });
});
