import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, startBrowser } from './browser.js';
import { outboundList } from './sample-answers.js';
import { ANSWERS, shown } from './sample-views.js';

const ASSETS = new URL('../../../assets/', import.meta.url);
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** As much as makes what scrolls by itself do so. */
const LONG = Array.from({ length: 80 }, (_, at) => `${at} ${'long '.repeat(40)}`).join('\n');
/** Fields of answers that hold texts of any length. */
const TEXTS = new Set(['answer', 'body', 'error', 'message', 'payload', 'text']);

/** Returns the answer with long texts. */
function withLong(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return TEXTS.has(key) ? `${value}\n${LONG}` : value;
  if (Array.isArray(value)) return value.map((item) => withLong(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withLong(item, name)]));
}

const message = 'order-4711';
const named = { ...outboundList, messages: outboundList.messages.filter((one) => one.message === message) };

/** How wide a window is, and what its colours are. */
const IN = [
  [1280, 'light'],
  [800, 'light'],
  [360, 'light'],
  [1280, 'dark'],
] as const;

/** Every view, and that of a message to an endpoint. */
const SHOWN: readonly (readonly [string, Record<string, string>, unknown])[] = [
  ...Object.entries(ANSWERS).map(([path, answer]) => [path, {}, answer] as const),
  ['/outbound', { message }, named],
];

describe.skipIf(!hasBrowser)('in a browser', () => {
  let browser: Browser;
  let server: Server;
  let html = '';
  let url: string;

  beforeAll(async () => {
    browser = await startBrowser();
    server = createServer((req, res) => {
      const [, name, type] = /^\/hooks\/assets\/([\w-]+\.(css|js|svg))$/.exec(req.url ?? '') ?? [];
      const types = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' } as const;
      res.setHeader('content-type', type ? types[type as keyof typeof types] : 'text/html; charset=utf-8');
      res.end(name ? readFileSync(new URL(name, ASSETS)) : html);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
  });

  test('keys are switched off by who needs that, for as long as they want, and on by a click', async () => {
    const page = await browser.newPage();
    html = await shown('/deliveries', ANSWERS['/deliveries']);
    await page.goto(url);
    const dialog = page.getByRole('dialog', { name: 'Keys' });
    const listens = dialog.getByLabel('Listen to keys');
    const focused = () => page.evaluate('document.activeElement.tagName');
    await page.keyboard.press('?');
    expect(await dialog.textContent()).toContain('g h Home');
    await listens.uncheck();
    await page.keyboard.press('Escape');
    for (const isAnew of [false, true]) {
      if (isAnew) await page.reload();
      for (const key of ['j', '?']) await page.keyboard.press(key);
      expect(await focused()).toBe('BODY');
      expect(await dialog.count()).toBe(0);
    }
    await page.getByRole('button', { name: 'Keys' }).click();
    await listens.check();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.keyboard.press('j');
    expect(await focused()).toBe('A');
    await page.close();
  });

  test.each(SHOWN)(
    'the view %s has no obstacle that axe knows, with all that it can show: %j',
    async (path, query, answer) => {
      const page = await browser.newPage();
      html = await shown(path, withLong(answer), { query });
      for (const [width, colorScheme] of IN) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        await page.goto(url);
        await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
        await page.evaluate(AXE);
        const { violations } = (await page.evaluate('axe.run()')) as {
          violations: { id: string; nodes: { html: string }[] }[];
        };
        const found = violations.map(
          ({ id, nodes }) => `${width} px, ${colorScheme}: ${id}: ${nodes[0]?.html.slice(0, 200)}`,
        );
        expect(found).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      }
      await page.close();
    },
  );
});
