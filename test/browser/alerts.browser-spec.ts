import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { accessibilityViolations, buildPage, describeInBrowser, PageBrowser } from '../support/page-browser';
import { TreasuryWorld } from '../support/treasury-world';

jest.setTimeout(120_000);

const POOL = '/api/dtao/pool/latest';
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

describeInBrowser()('the alerts on the page', () => {
  let browser: PageBrowser;
  let world: TreasuryWorld;
  let receiver: Server;
  const received: string[] = [];

  beforeAll(async () => {
    buildPage();
    browser = await PageBrowser.start();
    receiver = createServer((request, response) => {
      request.on('data', (part: Buffer) => received.push(part.toString()));
      request.on('end', () => response.writeHead(204).end());
    });
    await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening));
    const { port } = receiver.address() as AddressInfo;
    world = await TreasuryWorld.start({
      ALERT_WEBHOOK_URLS: `ops=http://127.0.0.1:${port}/hook`,
      ALERT_WEBHOOK_SECRETS: SECRET,
      ALERT_ALLOW_PRIVATE_TARGETS: 'true',
      ALERT_SLACK_URLS: 'metadata=https://169.254.169.254/services/x',
      ALERT_GROUP_SECONDS: '0',
      POOLS_REFRESH_MINUTES: '1440',
    });
    await world.firstSync();
    await world.fault({ match: POOL, fault: { kind: 'empty_data' } });
    await world.sync('pools', 'protected');
    await world.service.until<{ data: { key: string; notified_at: string | null }[] }>('/api/v1/alerts', ({ data }) =>
      data.some(({ key, notified_at }) => key === 'dataset_protected:pools' && notified_at !== null),
    );
  });

  afterEach(async () => {
    await browser.closePages();
    expect(browser.complaints).toEqual([]);
  });

  afterAll(async () => {
    await browser.stop();
    await world.stop();
    receiver.close();
  });

  const panelOf = (page: Page): ReturnType<Page['getByRole']> =>
    page.getByRole('region', { name: 'Alerts', exact: true });

  it('are muted and unmuted where they stand', async () => {
    const page = await browser.open(world.service.url);
    const alert = panelOf(page).getByRole('listitem').filter({ hasText: 'dataset_protected: pools' });
    await alert.getByRole('combobox', { name: 'Mute dataset_protected' }).selectOption('8 h');
    await alert.getByText(/muted until/).waitFor();
    await alert.getByRole('button', { name: 'Unmute dataset_protected' }).click();
    await alert.getByRole('combobox', { name: 'Mute dataset_protected' }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
  });

  it('appear when the stream tells of them', async () => {
    const page = await browser.openAtFixedTime(world.service.url);
    await page.getByText('live', { exact: true }).waitFor();
    await panelOf(page).waitFor();
    await world.fault({ match: '/api/subnet/latest', fault: { kind: 'empty_data' } });
    await world.sync('subnets', 'protected');
    await panelOf(page)
      .getByText(/^dataset_protected: (\w+, )?subnets(, \w+)?, since/)
      .waitFor({ state: 'attached' });
  });

  it('are tried out on a channel, and the log says what came of it', async () => {
    const page = await browser.open(world.service.url);
    await panelOf(page).getByRole('button', { name: 'Test ops' }).click();
    await page.getByLabel('Alerts', { exact: true }).getByText('ops: delivered: the receiver answered 204').waitFor();
    expect(received.some((body) => body.includes('test'))).toBe(true);
    await panelOf(page)
      .getByText(/^Last deliveries/)
      .click();
    const log = panelOf(page).getByRole('region', { name: 'Deliveries as a table' });
    await log
      .getByRole('row', { name: /ops test delivered/ })
      .first()
      .waitFor();
  });

  it('say which rule refuses a channel’s target', async () => {
    const page = await browser.open(world.service.url);
    const channel = panelOf(page).getByRole('listitem').filter({ hasText: 'metadata' });
    await channel.getByText(/^Refused by target\/metadata-address: /).waitFor();
    await channel.getByRole('button', { name: 'Test metadata' }).click();
    await page
      .getByLabel('Alerts', { exact: true })
      .getByText(/metadata: refused by target\/metadata-address, nothing was sent/)
      .waitFor();
  });
});
