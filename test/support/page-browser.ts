import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { source as axe } from 'axe-core';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const ROOT = resolve(__dirname, '../..');
const WAIT_MS = 30_000;
/** A closed network refuses the browser's own calls home by the hundred; none of them is needed. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** `describe`, or its skipping twin with one clear line where there is no Chromium. */
export function describeInBrowser(): jest.Describe {
  if (chromiumPath() !== null) return describe;
  console.info('skipped: no Chromium at CHROMIUM_PATH or /usr/bin/chromium, so nobody looks at the page');
  return describe.skip;
}

function chromiumPath(): string | null {
  const path = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
  return existsSync(path) ? path : null;
}

/** The real page in a real browser. Keeps what the browser complained about. */
export class PageBrowser {
  readonly complaints: string[] = [];
  private readonly contexts: BrowserContext[] = [];

  private constructor(private readonly browser: Browser) {}

  static async start(): Promise<PageBrowser> {
    return new PageBrowser(await chromium.launch({ executablePath: chromiumPath() ?? '', args: ARGUMENTS }));
  }

  /** Opens `url` in a window of its own: nothing is shared with the windows before. */
  async open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({
      locale: 'en-GB',
      viewport: { width: 1280, height: 900 },
      reducedMotion: 'reduce',
      ...options,
    });
    this.contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(WAIT_MS);
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    await page.goto(url);
    return page;
  }

  /** As `open`, with a clock that stands: timers run, but nothing on the page ever becomes old enough to be read again. */
  async openAtFixedTime(url: string): Promise<Page> {
    const page = await this.open('about:blank');
    await page.clock.setFixedTime(new Date());
    await page.goto(url);
    return page;
  }

  async closePages(): Promise<void> {
    for (const context of this.contexts.splice(0)) await context.close();
  }

  async stop(): Promise<void> {
    await this.browser.close();
  }
}

/** Writes the page's files where the service reads them at its start. */
export function buildPage(): void {
  execFileSync(process.execPath, [join(ROOT, 'web/build.mjs')]);
}

/** What axe finds against WCAG 2.2 AA and its own best practices; empty when all is well. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async (rules) => {
    const { axe: runner } = globalThis as unknown as {
      axe: {
        run(target: unknown, options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
      };
    };
    const { violations } = await runner.run('html', { runOnly: rules });
    return violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(' ')}`);
  }, RULES);
}

/** Saves what the page shows as docs/images/<name>.png when SCREENSHOTS is set; tests alone must not change the documents. */
export async function saveScreenshot(page: Page, name: string): Promise<void> {
  if (process.env['SCREENSHOTS'] === undefined) return;
  await page.screenshot({ path: join(ROOT, 'docs/images', `${name}.png`), scale: 'css' });
}
