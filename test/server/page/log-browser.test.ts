import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../../src/server/app.js';
import { type Listening, listen } from '../../../src/server/listen.js';
import { openSqliteStore } from '../../../src/store/sqlite/open.js';
import type { NewLogLine, Store } from '../../../src/store/store.js';
import { keepLog } from '../../support/harness/log.js';
import { testConfig } from '../../support/harness/receiver-config.js';
import { testClient, unique } from '../../support/temporal.js';
import { hasBrowser, startBrowser, watchedPage } from './browser.js';

const HOSTILE = [
  '<script>hostile("script")</script>',
  '<img src=x onerror=\'hostile("image")\'>',
  '</code></li></ol></main></script><svg onload=hostile("svg")>',
  '\u001b[31m<b onmouseover=hostile(1)>\u001b[0m"><style>body{display:none}</style>',
  '\u001b]8;;javascript:hostile("link")\u0007click\u001b]8;;\u0007',
  '\u001b]8;;https://evil.example/"onclick=hostile(1)\u0007click\u001b]8;;\u0007',
  '::group::<iframe srcdoc="<script>parent.hostile(1)</script>">',
  '\u202e\u2066right to left',
  '\u001b[38;2;1;2',
  'x'.repeat(8_192),
];

/** Scrolls on until there is enough, for as long as that may take on a busy machine: one part after the other is read. */
async function scrollUntil(page: Page, to: string, isEnough: () => Promise<boolean>): Promise<void> {
  for (const until = Date.now() + 60_000; Date.now() < until && !(await isEnough()); ) {
    await page.evaluate(to);
    await page.waitForTimeout(150);
  }
}
const TO_TOP = 'scrollTo(0, 0)';
const TO_END = 'scrollTo(0, document.documentElement.scrollHeight)';

describe.skipIf(!hasBrowser)('a log in a browser', { timeout: 180_000 }, () => {
  const taskQueue = unique('log');
  const run = `ci/${taskQueue}/1`;
  const path = `/runs/${run}/logs/test`;
  let client: Awaited<ReturnType<typeof testClient>>;
  let browser: Browser;
  let folder: string;
  let store: Store;
  let server: Listening;
  let stop: () => Promise<void>;

  const start = async (port: number) => {
    const stopping = new AbortController();
    const deps = { config: testConfig({ taskQueue }), sources: {}, store, client, automations: () => [] };
    const app = createApp({ ...deps, log: keepLog().log, wake: () => undefined, stopping: stopping.signal });
    server = await listen(app, { host: '127.0.0.1', port });
    stop = () => {
      stopping.abort();
      return server.close(1_000);
    };
  };
  const write = (job: string, texts: readonly string[], step = 'npm test') =>
    store.logs.append(
      { workflowId: run, job },
      texts.map((text): NewLogLine => ({ at: Date.now(), stream: 'stdout', attempt: 1, step, text })),
    );

  beforeAll(async () => {
    client = await testClient();
    folder = await mkdtemp(join(tmpdir(), 'hookyard-log-page-'));
    store = await openSqliteStore({ path: join(folder, 'store.db') });
    browser = await startBrowser();
    // Nobody works on it: it stays open until it is ended here.
    await client.workflow.start('ci', { taskQueue, workflowId: run });
    await start(0);
  });
  afterAll(async () => {
    await browser?.close();
    await stop?.();
    await client?.close();
    await store?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  test('hostile output executes nothing and breaks no rule of the policy, whether it is there or comes', async () => {
    await write('hostile', HOSTILE);
    const context = await browser.newContext();
    const { page, bad } = await watchedPage(context, server.url);
    await page.goto(`${server.url}/runs/${run}/logs/hostile?line=1`);
    await write('hostile', HOSTILE);
    await page.locator('#L20').waitFor();
    for (const element of await page.locator('.log code span, .log summary').all())
      await element.hover({ timeout: 2_000 }).catch(() => undefined);
    expect(await page.locator('.log code').nth(0).textContent()).toBe(HOSTILE[0]);
    expect(await page.locator('#L11 code').textContent()).toBe(HOSTILE[0]);
    expect(await page.locator('.log a[href^="javascript"]').count()).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(bad).toEqual([]);
    await context.close();
  });

  test('groups of lines that come are folded as those that are there: each in its own, up to its end', async () => {
    await write('groups', ['before']);
    const context = await browser.newContext();
    const { page, bad } = await watchedPage(context, server.url);
    await page.goto(`${server.url}/runs/${run}/logs/groups`);
    await page.locator('#L1').waitFor();
    await write('groups', ['::group::Install', 'a', '--- no title here', '::endgroup::', 'between', '--- Tests', 'b']);
    await page.locator('#L8').waitFor();
    await write('groups', ['+++ More', 'c']);
    await page.locator('#L10').waitFor();
    const groups = await page.evaluate(
      `[...document.querySelectorAll('.log-group')].map((group) => [
         group.firstElementChild.textContent, ...[...group.querySelectorAll('li')].map((line) => line.id)])`,
    );
    expect(groups).toEqual([
      ['Install', 'L2', 'L3', 'L4', 'L5'],
      ['Tests', 'L7', 'L8'],
      ['More', 'L9', 'L10'],
    ]);
    expect(await page.locator('.log li').count()).toBe(10);
    expect(await page.locator('.log-title').count()).toBe(0);
    expect(bad).toEqual([]);
    await context.close();
  });

  test('lines are read on at both ends, and only so many are on the page', async () => {
    await write(
      'long',
      Array.from({ length: 6_000 }, (_, at) => `line ${at + 1}`),
    );
    const context = await browser.newContext();
    const { page } = await watchedPage(context, server.url);
    await page.goto(`${server.url}/runs/${run}/logs/long#L3000`);
    await page.locator('#L3000.at').waitFor();
    await scrollUntil(page, TO_END, async () => (await page.locator('#L5500').count()) > 0);
    await page.locator('#L5500').waitFor({ state: 'attached' });
    expect(await page.locator('.log li').count()).toBeLessThanOrEqual(3_200);
    const numbers = (await page.evaluate(
      '[...document.querySelectorAll(".log li")].map((li) => Number(li.id.slice(1)))',
    )) as number[];
    expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] ?? 0) + at));
    await context.close();
  });

  test('what is written while somebody has scrolled far up is there when they come back, without a gap', async () => {
    const lines = Array.from({ length: 5_000 }, (_, at) => `line ${at + 1}`);
    await write('far', lines);
    const context = await browser.newContext();
    const { page } = await watchedPage(context, server.url);
    await page.goto(`${server.url}/runs/${run}/logs/far?line=5000`);
    await write('far', ['line 5001']);
    await page.locator('#L5001').waitFor();
    await scrollUntil(page, TO_TOP, async () => (await page.locator('#L5001').count()) === 0);
    expect(await page.locator('#L5001').count()).toBe(0);
    await write('far', ['line 5002']);
    await page.waitForTimeout(1_500);
    expect(await page.locator('#L5002').count()).toBe(0);
    await scrollUntil(page, TO_END, async () => (await page.locator('#L5002').count()) > 0);
    await page.getByText('Followed as it is written.').waitFor();
    await write('far', ['line 5003']);
    await page.locator('#L5003').waitFor({ state: 'attached' });
    const numbers = (await page.evaluate(
      '[...document.querySelectorAll(".log li")].map((li) => Number(li.id.slice(1)))',
    )) as number[];
    expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] ?? 0) + at));
    await context.close();
  });

  test('a stream that was refused is asked for again, and not by who may look no longer', async () => {
    await write('refused', ['first']);
    const context = await browser.newContext();
    const { page } = await watchedPage(context, server.url);
    let status = 503;
    await page.route('**/logs/live?*', (route) => (status === 200 ? route.continue() : route.fulfill({ status })));
    await page.goto(`${server.url}/runs/${run}/logs/refused`);
    await page.getByText('The server does not answer; it is asked again.').waitFor();
    status = 200;
    await write('refused', ['second']);
    await page.locator('#L2').waitFor({ timeout: 20_000 });
    status = 401;
    await page.goto(`${server.url}/runs/${run}/logs/refused`);
    await page.getByText('You are not signed in any more: read this page again.').waitFor();
    await context.close();
  });

  test('nothing is followed while nobody looks', async () => {
    await write('hidden', ['first']);
    const context = await browser.newContext();
    const { page } = await watchedPage(context, server.url);
    await page.goto(`${server.url}/runs/${run}/logs/hidden`);
    await page.getByText('Followed as it is written.').waitFor();
    const hide = (isHidden: boolean) =>
      page.evaluate(
        `Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${isHidden} });
         document.dispatchEvent(new Event('visibilitychange'))`,
      );
    await hide(true);
    await write('hidden', ['second']);
    await page.waitForTimeout(1_500);
    expect(await page.locator('#L2').count()).toBe(0);
    await hide(false);
    await page.locator('#L2').waitFor();
    await context.close();
  });

  test('a log that keeps its end in sight stops where somebody scrolls up, reads or writes, and by a button that is in sight', async () => {
    const lines = Array.from({ length: 300 }, (_, at) => `line ${at + 1}`);
    await write('down', lines);
    let last = 300;
    const context = await browser.newContext({ viewport: { width: 1000, height: 600 } });
    const { page } = await watchedPage(context, server.url);
    await page.goto(`${server.url}/runs/${run}/logs/down?line=300`);
    await page.getByText('Followed as it is written.').waitFor();
    const more = async () => {
      await write('down', ['more', 'more', 'more']);
      last += 3;
      await page.locator(`#L${last}`).waitFor({ state: 'attached' });
    };
    const toEnd = async () =>
      Number(await page.evaluate('document.documentElement.getBoundingClientRect().bottom - innerHeight'));
    const atRest = async () => {
      let y = await page.evaluate('scrollY');
      for (let was: unknown; was !== y; y = await page.evaluate('scrollY')) {
        was = y;
        await page.waitForTimeout(300);
      }
      return y;
    };
    const isLeft = async () => {
      const y = await atRest();
      await more();
      expect(await page.evaluate('scrollY')).toBe(y);
    };
    const follow = page.getByRole('button', { name: 'Follow' });
    const stop = page.getByRole('button', { name: 'Stop scrolling' });
    await more();
    expect(await toEnd()).toBeLessThan(1);
    for (const up of [
      () => page.keyboard.press('PageUp'),
      () => page.keyboard.press('ArrowUp'),
      // As the bar and a finger do.
      () => page.evaluate('scrollBy(0, -300)'),
      () => page.mouse.wheel(0, -100),
      () => stop.click(),
    ]) {
      await stop.waitFor();
      await up();
      await follow.waitFor();
      await isLeft();
      expect((await follow.boundingBox())?.y).toBeGreaterThan(0);
      expect((await follow.boundingBox())?.y).toBeLessThan(600);
      await follow.click();
      await more();
      expect(await toEnd()).toBeLessThan(1);
    }
    await page.evaluate('getSelection().selectAllChildren(document.querySelector(".log li:last-child code"))');
    await isLeft();
    await page.evaluate('getSelection().removeAllRanges()');
    await more();
    expect(await toEnd()).toBeLessThan(1);
    await page.evaluate('document.querySelector("#log-text").focus({ preventScroll: true })');
    await isLeft();
    await context.close();
  });

  test('a log that is read from its beginning is followed from where its end is reached, and tells how it ended', async () => {
    const other = `ci/${taskQueue}/2`;
    await client.workflow.start('ci', { taskQueue, workflowId: other });
    const key = { workflowId: other, job: 'test' };
    const note = (text: string): NewLogLine => ({ at: Date.now(), stream: 'note', attempt: 1, text });
    const line = (text: string): NewLogLine => ({
      at: Date.now(),
      stream: 'stdout',
      attempt: 1,
      step: 'npm test',
      text,
    });
    const filler = Array.from({ length: 400 }, (_, at) => line(`line ${at + 2}`));
    await store.logs.append(key, [note('step 1 of 1: npm test'), ...filler]);
    const context = await browser.newContext();
    const { page } = await watchedPage(context, server.url);
    await page.goto(`${server.url}/runs/${other}/logs/test?line=1`);
    expect(await page.locator('#L401').count()).toBe(0);
    await scrollUntil(page, TO_END, async () => (await page.locator('#L401').count()) > 0);
    await store.logs.append(key, [{ ...line('src/a.ts:1:2: error: no'), at: Date.now() + 60_000 }]);
    await page.locator('#L402').waitFor();
    // Its step has its name above already.
    expect(await page.locator('.log-title').count()).toBe(0);
    // Since its step began, which was before the page was there.
    expect(Number(await page.locator('#L402 time').textContent())).toBeGreaterThanOrEqual(60);
    expect(await page.locator('.log-steps').textContent()).toContain('running');
    await store.logs.append(key, [note('npm test: failed with exit code 1 after 1.0 s')]);
    await client.workflow.getHandle(other).terminate();
    await page.getByText('This is the end.').waitFor({ timeout: 30_000 });
    await page.getByText('npm test failed.').waitFor();
    expect(await page.locator('.log-steps').textContent()).toContain('failed');
    expect(await page.getByRole('button', { name: 'Follow' }).count()).toBe(0);
    await context.close();
  });

  test('a log is followed to its end, through a restart of the server and into the next step', async () => {
    await write('test', ['first', 'second'], 'npm ci');
    const context = await browser.newContext();
    const { page } = await watchedPage(context, server.url);
    await page.goto(`${server.url}${path}`);
    await write('test', ['third'], 'npm ci');
    await page.locator('#L3').waitFor();
    const { port } = server;
    await stop();
    await write('test', ['while it was away'], 'npm test');
    await start(port);
    await page.locator('#L4').waitFor({ timeout: 30_000 });
    expect(await page.locator('.log-title').last().textContent()).toBe('npm test');
    await write('test', ['last'], 'npm test');
    await client.workflow.getHandle(run).terminate();
    await page.getByText('This is the end.').waitFor({ timeout: 30_000 });
    const numbers = await page.evaluate('[...document.querySelectorAll(".log li")].map((li) => li.id)');
    expect(numbers).toEqual(['L1', 'L2', 'L3', 'L4', 'L5']);
    await context.close();
  });
});
