import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

/** The Chromium to test in: INKWASH_CHROMIUM, else the system's, else the one Playwright knows of. */
function executable(): string {
  const chosen = process.env['INKWASH_CHROMIUM'] ?? '/usr/bin/chromium';
  return existsSync(chosen) ? chosen : chromium.executablePath();
}

export function launchBrowser(): Promise<Browser> {
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: executable(),
    chromiumSandbox: !isRoot,
    args: [
      '--headless=new',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface OpenedPage {
  readonly page: Page;
  /** What the page complained about since it was opened. */
  readonly complaints: string[];
}

/** A fresh window (no memory of earlier starts unless given) at `url`. */
export async function openPage(
  browser: Browser,
  url: string,
  options: {
    width?: number;
    height?: number;
    /** What this window remembers, as in localStorage, without the "inkwash." prefix. */
    remembered?: Record<string, unknown>;
  } = {},
): Promise<OpenedPage> {
  const { width = 1280, height = 800, remembered = {} } = options;
  const context = await browser.newContext({ viewport: { width, height }, acceptDownloads: true });
  // The live preview colours drawings on its own; tests that mean it switch it on.
  const entries = Object.entries({ live: false, ...remembered }).map(([key, value]) => [
    `inkwash.${key}`,
    JSON.stringify(value),
  ]);
  await context.addInitScript((pairs: string[][]) => {
    for (const [key, value] of pairs) if (key && value) localStorage.setItem(key, value);
  }, entries);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
  await page.goto(url);
  return { page, complaints };
}
