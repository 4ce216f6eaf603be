import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hasBrowser, startBrowser, watchedPage } from './browser.js';

const ASSETS = new URL('../../../assets/', import.meta.url);
/** Longer than the page waits between two readings. */
const TWO_READINGS_MS = 5_000;

describe.skipIf(!hasBrowser)('a page that reads itself again', () => {
  let browser: Browser;
  let server: Server;
  let main: string;
  let page: Page;

  beforeAll(async () => {
    browser = await startBrowser();
    server = createServer((req, res) => {
      const isScript = /^\/[\w-]+\.js$/.test(req.url ?? '');
      res.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
      const html = `<!doctype html><title>x</title><script type="module" src="/page.js"></script><main data-every="2">${main}</main><footer></footer>`;
      res.end(isScript ? readFileSync(new URL(`.${req.url}`, ASSETS)) : html);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
  });

  beforeEach(async () => {
    main = '<p>old</p><a href="/b">b</a> <a href="/c">c</a><form><button name="b">Approve b</button></form>';
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    page = (await watchedPage(await browser.newContext(), url)).page;
    await page.goto(url);
  });
  afterEach(() => page.context().close());

  const NEWER = '<p>new</p><a href="/a">a</a> <a href="/b">b</a><form><button name="a">Approve a</button></form>';
  const focused = () => page.evaluate('document.activeElement.getAttribute("href") ?? document.activeElement.tagName');

  test('leaves the focus on its link, wherever that is then', async () => {
    await page.locator('a[href="/b"]').focus();
    main = NEWER;
    await page.getByText('new').waitFor();
    expect(await focused()).toBe('/b');
  });

  test('puts the focus on no other link where its own is gone', async () => {
    await page.locator('a[href="/c"]').focus();
    main = NEWER;
    await page.getByText('new').waitFor();
    expect(await focused()).toBe('BODY');
  });

  test('does not put another button where one has the focus', async () => {
    await page.getByRole('button').focus();
    main = NEWER;
    await page.waitForTimeout(TWO_READINGS_MS);
    expect(await page.getByRole('button').textContent()).toBe('Approve b');
    await page.getByRole('button').blur();
    await page.getByText('new').waitFor();
  });

  test('does not put another button below a pointer, nor below one that is pressed', async () => {
    await page.getByRole('button').hover();
    main = NEWER;
    await page.waitForTimeout(TWO_READINGS_MS);
    expect(await page.getByRole('button').textContent()).toBe('Approve b');
    await page.mouse.move(600, 500);
    await page.mouse.down();
    await page.waitForTimeout(TWO_READINGS_MS);
    expect(await page.getByRole('button').textContent()).toBe('Approve b');
    await page.mouse.up();
    await page.getByText('new').waitFor();
  });

  test('begins anew where a log has come, which has a script of its own', async () => {
    await page.evaluate('globalThis.isOld = true');
    main = '<p>new</p><div class="log"></div>';
    await page.getByText('new').waitFor();
    expect(await page.evaluate('globalThis.isOld')).toBeUndefined();
  });
});
