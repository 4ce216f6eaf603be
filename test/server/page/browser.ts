import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** Where Debian puts its browser. */
const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** Whether there is a browser to test with. */
export const hasBrowser = existsSync(CHROMIUM);

/** Starts a browser without windows. It is one for a file of tests, which closes it. Rejects where there is none. */
export async function startBrowser(): Promise<Browser> {
  if (!hasBrowser)
    throw new Error(`There is no Chromium at ${CHROMIUM}: install Debian's package chromium, or set CHROMIUM_PATH`);
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** Runs in the browser before anything of a page does. `hostile` is what the hostile texts of these tests would call. */
const WATCH = `
  document.addEventListener('securitypolicyviolation', (event) =>
    noteBad('policy: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));
  globalThis.hostile = (what) => noteBad('executed: ' + what);
`;

/** A page of a browser that notes whatever should not happen. */
export interface WatchedPage {
  readonly page: Page;
  /** Violations of the policy, errors, dialogs, requests to elsewhere, and what hostile code was to set. */
  readonly bad: string[];
}

/** Opens a page that is watched. `origin`: the server's; nothing else may be asked. */
export async function watchedPage(context: BrowserContext, origin: string): Promise<WatchedPage> {
  const bad: string[] = [];
  const page = await context.newPage();
  await page.exposeFunction('noteBad', (what: string) => void bad.push(what));
  await page.addInitScript({ content: WATCH });
  page.on('pageerror', (error) => bad.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') bad.push(`console: ${message.text()}`);
  });
  page.on('dialog', (dialog) => {
    bad.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(origin)) bad.push(`request: ${request.url()}`);
  });
  return { page, bad };
}
