import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hasBrowser, startBrowser, watchedPage } from './browser.js';

const ASSETS = new URL('../../../assets/', import.meta.url);
/** Longer than the page waits between two readings. */
const TWO_READINGS_MS = 5_000;

describe.skipIf(!hasBrowser)('a page that reads itself again', () => {
  let browser: Browser;
  let server: Server;
  let main: string;
  let footer: string;
  let page: Page;

  beforeAll(async () => {
    browser = await startBrowser();
    server = createServer((req, res) => {
      const isScript = /^\/[\w-]+\.js$/.test(req.url ?? '');
      res.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
      const html = `<!doctype html><title>x</title><script type="module" src="/page.js"></script><main data-every="2">${main}</main><footer>${footer}</footer>`;
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
    footer = '';
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

  test('leaves what is open, and what was folded, as it is, also where its line tells how long ago something was', async () => {
    const folds = (ago: string, more = '') =>
      `${more}<details data-key="1"><summary>One, ${ago}</summary>of one</details>
       <details data-key="2" open><summary>Two, ${ago}</summary>of two</details>`;
    main = `<p>old</p>${folds('3 s ago')}`;
    await page.reload();
    await page.getByText('Two').click();
    await page.getByText('One').click();
    await page.mouse.move(600, 500);
    main = `<p>new</p>${folds('6 s ago', '<details data-key="0" open><summary>Other</summary>of other</details>')}`;
    await page.getByText('new').waitFor();
    const isOpen = () => page.evaluate('[...document.querySelectorAll("details")].map((fold) => fold.open)');
    expect(await isOpen()).toEqual([true, true, false]);
    expect(await page.evaluate('document.activeElement.textContent')).toBe('One, 6 s ago');
  });

  test('leaves the focus on the question of what it was about, and on the text that is scrolled by keys', async () => {
    const ask = (of: string) => `<details class="ask" data-key="hold ${of}"><summary>Pause …</summary></details>`;
    main = `<p>old</p>${ask('a')}${ask('b')}<pre tabindex="0">text</pre>`;
    await page.reload();
    await page.locator('summary').nth(1).focus();
    main = `<p>new</p>${ask('0')}${ask('a')}${ask('b')}<pre tabindex="0">text</pre>`;
    await page.getByText('new').waitFor();
    expect(await page.evaluate('document.activeElement.parentElement.dataset.key')).toBe('hold b');
    await page.locator('pre').focus();
    main = main.replace('new', 'newer');
    await page.getByText('newer').waitFor();
    expect(await page.evaluate('document.activeElement.tagName')).toBe('PRE');
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
    const old = main;
    main = NEWER;
    await page.waitForTimeout(TWO_READINGS_MS);
    expect(await page.getByRole('button').textContent()).toBe('Approve b');
    // There is nothing new for the moment between the two.
    main = old;
    await page.mouse.move(600, 500);
    await page.mouse.down();
    main = NEWER;
    await page.waitForTimeout(TWO_READINGS_MS);
    expect(await page.getByRole('button').textContent()).toBe('Approve b');
    await page.mouse.up();
    await page.getByText('new').waitFor();
  });

  test.each<[string, string, (field: Locator) => Promise<unknown>, (field: Locator) => Promise<unknown>]>([
    ['a line', '<input id="f" value="a">', (field) => field.fill('b'), (field) => field.fill('a')],
    ['a text', '<textarea id="f">a</textarea>', (field) => field.fill('b'), (field) => field.fill('a')],
    ['a number', '<input id="f" type="number" value="2">', (field) => field.fill('3'), (field) => field.fill('2')],
    [
      'a choice',
      '<select id="f"><option>a<option>b</select>',
      (field) => field.selectOption('b'),
      (field) => field.selectOption('a'),
    ],
    [
      'a choice that was made before',
      '<select id="f"><option>a<option selected>b</select>',
      (field) => field.selectOption('a'),
      (field) => field.selectOption('b'),
    ],
    ['a tick', '<input id="f" type="checkbox">', (field) => field.check(), (field) => field.uncheck()],
  ])('keeps what was filled in and left, until it is as it was: %s', async (_, field, change, undo) => {
    main = `<p>old</p><form>${field}</form>`;
    await page.reload();
    const at = page.locator('#f');
    await change(at);
    await at.blur();
    main = NEWER;
    await page.waitForTimeout(TWO_READINGS_MS);
    expect(await page.getByText('old').count()).toBe(1);
    // What has the focus stays until it is left, though it is as it was.
    await at.focus();
    await undo(at);
    await at.blur();
    await page.getByText('new').waitFor();
  });

  test('reads itself again where nothing was filled in, whatever its fields hold', async () => {
    main = `<p>old</p><form><input type="hidden" name="payload" value="a&#10;b"><input type="search" value="a&#10;b">
      <input type="number" value="1e+21"><textarea>\n\na\r\nb</textarea>
      <select><option>a<option>b</select><select><option>a<option selected>b</select></form>`;
    await page.reload();
    main = NEWER;
    await page.getByText('new').waitFor();
  });

  test('is paused by who wants to read in peace, in this tab, until they go on', async () => {
    footer = '<span>as of then</span><button class="pause" hidden>Stop updating</button>';
    await page.reload();
    await page.getByRole('button', { name: 'Stop updating' }).click();
    main = NEWER;
    await page.waitForTimeout(TWO_READINGS_MS);
    expect(await page.getByText('old').count()).toBe(1);
    await page.reload();
    const goOn = page.getByRole('button', { name: 'Go on updating' });
    await goOn.waitFor();
    main = NEWER.replace('new', 'changed');
    footer = footer.replace('then', 'later');
    await goOn.click();
    await page.getByText('changed').waitFor();
    // The button has the focus still, and the time beside it is that of what is shown.
    expect(await page.getByText('as of later').count()).toBe(1);
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Stop updating');
  });

  test('begins anew where a log has come, which has a script of its own', async () => {
    await page.evaluate('globalThis.isOld = true');
    main = '<p>new</p><div class="log"></div>';
    await page.getByText('new').waitFor();
    expect(await page.evaluate('globalThis.isOld')).toBeUndefined();
  });
});
