import type { Page } from 'playwright-core';
import { DEMO_WALLETS } from '../simulator';
import {
  accessibilityViolations,
  buildPage,
  describeInBrowser,
  PageBrowser,
  saveScreenshot,
} from '../support/page-browser';
import { TreasuryWorld } from '../support/treasury-world';

jest.setTimeout(120_000);

const LOOKS = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [1280, 375].map((width) => ({ colorScheme, width })),
);

describeInBrowser()('the page', () => {
  let browser: PageBrowser;
  let world: TreasuryWorld;

  beforeAll(async () => {
    buildPage();
    browser = await PageBrowser.start();
    // One wallet: its whole past is walked within seconds.
    const [wallet = ''] = DEMO_WALLETS;
    world = await TreasuryWorld.start({ WALLET_ADDRESSES: wallet });
    await world.firstSync();
    await world.fault({ match: '/api/dtao/pool/latest', fault: { kind: 'empty_data' } });
    await world.sync('pools', 'protected');
  });

  afterEach(async () => {
    await browser.closePages();
    expect(browser.complaints).toEqual([]);
  });

  afterAll(async () => {
    await browser.stop();
    await world.stop();
  });

  const isTooWide = (page: Page): Promise<boolean> =>
    page.evaluate('document.documentElement.scrollWidth > innerWidth');

  it.each(LOOKS)('is accessible and fits at $width px in the $colorScheme scheme', async ({ colorScheme, width }) => {
    const page = await browser.open(world.service.url, { colorScheme, viewport: { width, height: 900 } });
    await page.getByText('live', { exact: true }).waitFor();
    await page.getByRole('rowheader', { name: 'Pools' }).getByText('protected', { exact: true }).waitFor();
    if (colorScheme === 'light' && width === 1280) await saveScreenshot(page, 'trust');
    for (const summary of await page.getByText('View as table').all()) await summary.click();
    expect(await accessibilityViolations(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);

    await page.getByRole('link', { name: 'Treasury', exact: true }).click();
    await page.getByRole('region', { name: 'Holdings by subnet' }).waitFor();
    await page.getByRole('region', { name: 'Subnets and their pools' }).waitFor();
    await page.getByRole('region', { name: 'What changed, 1M' }).getByText('adds up, trusted').waitFor();
    await page.locator('canvas').first().waitFor();
    if (colorScheme === 'light' && width === 1280) await saveScreenshot(page, 'treasury');
    await page
      .getByRole('region', { name: 'Holdings by subnet' })
      .getByRole('rowheader')
      .getByRole('button')
      .first()
      .click();
    for (const summary of await page.getByText('View as table').all()) await summary.click();
    expect(await accessibilityViolations(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
  });

  it('goes where its keys say', async () => {
    const page = await browser.open(world.service.url);
    await page.getByRole('heading', { name: 'Datasets' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.getByRole('heading', { name: 'Subnets' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('root');
    await page.getByText('1 of 129 subnets').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys and words' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.keyboard.press('.');
    await page.getByRole('button', { name: 'Hide amounts', pressed: true }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    await page.getByRole('heading', { name: 'Datasets' }).waitFor();
  });

  it('says what the portfolio is worth and what could be taken out of it', async () => {
    const page = await browser.open(`${world.service.url}#treasury`);
    const value = page.getByLabel('Portfolio value');
    for (const name of ['Worth at the price', 'Half sold at once', 'All sold at once', 'Drawdown']) {
      await value.getByText(name).waitFor();
    }
    const { data } = await world.service.json<{ data: { nav: { executable_100_tao: string } } }>('/api/v1/portfolio');
    const [whole = ''] = data.nav.executable_100_tao.split('.');
    await value
      .getByText(whole.replace(/\B(?=(\d{3})+$)/g, ','))
      .first()
      .waitFor();
    await page.getByRole('region', { name: 'Holdings by subnet' }).getByText('Root').waitFor();
  });

  it('orders, finds and opens subnets, and shows a chart as a table too', async () => {
    await world.clearFaults();
    await world.sync('pools');
    const page = await browser.open(`${world.service.url}#treasury`);
    await page.getByLabel(/hide pools under/).uncheck();
    await page.getByText('129 of 129 subnets').waitFor();
    const table = page.getByRole('region', { name: 'Subnets and their pools' });
    await table.getByRole('button', { name: 'Price, τ' }).click();
    await table.getByRole('columnheader', { name: 'Price, τ' }).and(page.locator('[aria-sort=descending]')).waitFor();
    await page.getByLabel('Find a subnet').fill('7');
    await page.getByText('1 of 129 subnets').waitFor();
    await table.getByRole('rowheader').getByRole('button').click();
    await page.getByText(/Price in τ, \d+ stored points|A line needs two stored prices/).waitFor();
  });
});
