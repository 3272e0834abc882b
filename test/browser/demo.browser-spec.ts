import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort } from '../support/free-port';
import { buildPage, describeInBrowser, PageBrowser } from '../support/page-browser';
import { ROOT } from '../support/source-files';

jest.setTimeout(240_000);

/** What the demo prints once it can be looked at: the commands that break it come before it. */
const INVITED = /Break it and look at the trust pack:\n([\s\S]*?)\n\nCtrl-C ends it/;

describeInBrowser()('the demo, which is a first run without a key', () => {
  let browser: PageBrowser;
  let demo: ChildProcess;
  let url: string;
  let said = '';

  beforeAll(async () => {
    buildPage();
    browser = await PageBrowser.start();
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const { PATH, HOME } = process.env;
    const program = ['-r', require.resolve('@swc-node/register'), join(ROOT, 'test/demo/demo.ts')];
    demo = spawn(process.execPath, [...program, '--port', String(port)], { cwd: ROOT, env: { PATH, HOME } });
    for (const stream of [demo.stdout, demo.stderr]) stream?.on('data', (bytes: Buffer) => (said += bytes.toString()));
    while (!INVITED.test(said)) {
      if (demo.exitCode !== null) throw new Error(`the demo ended: ${said}`);
      await new Promise((turn) => setTimeout(turn, 50));
    }
  });

  afterAll(async () => {
    await browser.stop();
    if (demo.exitCode === null) {
      demo.kill('SIGINT');
      await once(demo, 'exit');
    }
    expect(demo.exitCode).toBe(0);
  });

  afterEach(async () => {
    await browser.closePages();
    expect(browser.complaints).toEqual([]);
  });

  it('opens on one sentence, on what the wallets are worth, and says that none of it is real', async () => {
    const page = await browser.open(url);
    await page
      .getByLabel('Status', { exact: true })
      .getByText(/^Healthy\. All \d+ datasets are fresh\.$/)
      .first()
      .waitFor();
    await page.getByText('Simulated data.').waitFor();
    await page.getByRole('link', { name: 'Treasury', exact: true }).click();
    const value = page.getByLabel('Portfolio value');
    await value
      .getByText(/^[\d,]+\.\d\d τ$/)
      .nth(2)
      .waitFor();
    await value.getByText('trusted').waitFor();
    await page.getByText('Simulated data.').waitFor();
  });

  it('breaks by the commands that it prints, and the page says that nothing was lost', async () => {
    const page = await browser.open(url);
    await page.getByText('live', { exact: true }).waitFor();
    execFileSync('bash', ['-c', INVITED.exec(said)?.[1] ?? ''], { stdio: 'ignore' });
    await page
      .getByLabel('Status', { exact: true })
      .getByText('Nothing was lost: the last good pools stand.')
      .first()
      .waitFor();
  });
});
