import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRepository } from '../../support/harness/repository.js';
import { push, sendPush } from '../../support/harness/send-push.js';
import { openStage, type Stage } from '../../support/harness/stage.js';
import { hasBrowser, startBrowser, watchedPage } from './browser.js';

const SECRET = 'a secret of the tests of acts';
/** What the proxy in front says of who looks; nothing where nobody has signed in. */
const ANNA = { 'x-forwarded-user': 'anna' };
const BEN = { 'x-forwarded-user': 'ben' };
const DEADLINE_MS = 60_000;

/** What is to be pressed. */
interface Press {
  readonly button: string;
  readonly key: string;
  /** It asks first, and this many fields lie between the question and the button. */
  readonly asks?: { readonly fields: number };
}

async function click(page: Page, { button, asks }: Press): Promise<void> {
  if (asks) await page.locator('main summary', { hasText: button }).first().click();
  await page.getByRole('button', { name: button, exact: true }).first().click();
}

async function type(page: Page, { key, asks }: Press): Promise<void> {
  for (const one of key.split(' ')) await page.keyboard.press(one);
  if (asks) {
    await page.keyboard.press('Enter');
    for (let at = 0; at <= asks.fields; at++) await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
}

describe.skipIf(!hasBrowser)('a person in a browser', { timeout: 3 * DEADLINE_MS }, () => {
  let stage: Stage;
  let browser: Browser;
  let commit: string;
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    stage = await openStage({
      name: 'acts',
      automations: { folder: fileURLToPath(new URL('acting', import.meta.url)) },
      secret: SECRET,
      jobs: ({ folder }) => ({
        clone: `${folder}/repositories/{fullName}.git`,
        config: {
          server: {
            trustedProxies: ['127.0.0.1'],
            signIn: { proxy: { header: 'X-Forwarded-User', operators: ['anna'], viewers: ['ben'] } },
          },
        },
      }),
    });
    const repository = await openRepository(stage.installation.folder);
    for (const branch of ['stays', 'breaks', 'asks', 'queues']) commit = await repository.commit({ a: '1' }, branch);
    browser = await startBrowser();
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });

  async function opened(path: string, options: { headers?: Record<string, string>; hasScript?: boolean } = {}) {
    const { headers = ANNA, hasScript = true } = options;
    const context = await browser.newContext({ extraHTTPHeaders: headers, javaScriptEnabled: hasScript });
    contexts.push(context);
    const { page, bad } = await watchedPage(context, stage.receiver.url);
    page.setDefaultTimeout(DEADLINE_MS);
    await page.goto(`${stage.receiver.url}${path}`);
    // What is there is gone after the page was left.
    if (hasScript) await page.evaluate('globalThis.isSame = true');
    return { page, bad, context };
  }

  /** Sends a push, and returns the id of its delivery and the name of its run. */
  async function pushed(branch: string): Promise<{ readonly delivery: string; readonly run: string }> {
    const { body } = await sendPush(stage.receiver.url, {
      secret: SECRET,
      source: 'github',
      body: push(branch, commit),
    });
    return { delivery: body.delivery ?? '', run: body.runs?.[0] ?? '' };
  }

  const statusOf = async (run: string) =>
    (
      await stage.client.workflow
        .getHandle(run)
        .describe()
        .catch(() => undefined)
    )?.status.name;
  const becomes = (run: string, status: string) =>
    expect.poll(() => statusOf(run), { timeout: DEADLINE_MS, interval: 200 }).toBe(status);
  const isAsked = (page: Page) => page.getByRole('button', { name: 'Approve', exact: true }).waitFor();
  const done = (page: Page, text: string) => page.locator('.done', { hasText: text }).waitFor();

  describe.each([
    ['by clicks', { press: click, hasScript: true }],
    ['by keys', { press: type, hasScript: true }],
    ['without script', { press: click, hasScript: false }],
  ])('%s', (_, { press, hasScript }) => {
    /** With script, the page has not been left, the focus is at the beginning of what is new, and nothing was against the rules. */
    async function isWell({ page, bad }: { page: Page; bad: readonly string[] }): Promise<void> {
      expect(bad).toEqual([]);
      if (!hasScript) return;
      expect(await page.evaluate('globalThis.isSame')).toBe(true);
      expect(await page.evaluate('document.activeElement.id')).toBe('main');
      expect(page.url()).not.toContain('done=');
    }

    test('cancels a run', async () => {
      const { run } = await pushed('stays');
      await becomes(run, 'RUNNING');
      const at = await opened(`/runs/${run}`, { hasScript });
      await press(at.page, { button: 'Cancel', key: 'c', asks: { fields: 0 } });
      await done(at.page, 'Cancelled');
      await isWell(at);
      await becomes(run, 'CANCELLED');
      if (hasScript) await at.page.locator('h1 .badge', { hasText: 'cancelled' }).waitFor();
    });

    test('goes on with what has failed in a run, and comes back to that', async () => {
      const { run } = await pushed('breaks');
      await becomes(run, 'FAILED');
      const at = await opened(`/runs/${run}`, { hasScript });
      await press(at.page, { button: 'Go on from what failed', key: 'r Tab' });
      await done(at.page, 'This is the new run.');
      await isWell(at);
      const again = decodeURIComponent(new URL(at.page.url()).pathname.slice('/runs/'.length));
      expect(again).not.toBe(run);
      await becomes(again, 'COMPLETED');
      await at.page.goBack();
      await at.page.locator('main code', { hasText: new RegExp(`^${run}$`) }).waitFor();
    });

    test('approves what a run waits for', async () => {
      const { run } = await pushed('asks');
      await becomes(run, 'RUNNING');
      const at = await opened(`/runs/${run}`, { hasScript });
      for (let tries = 0; !hasScript && tries < 100; tries++) {
        if ((await at.page.locator('form.approval').count()) > 0) break;
        await at.page.reload();
      }
      await isAsked(at.page);
      await press(at.page, { button: 'Approve', key: 'a' });
      await done(at.page, 'Approved');
      await isWell(at);
      await becomes(run, 'COMPLETED');
    });

    test('replays a delivery', async () => {
      const { run, delivery } = await pushed('stays');
      await becomes(run, 'RUNNING');
      const at = await opened(`/deliveries/${delivery}`, { hasScript });
      await press(at.page, { button: 'Replay', key: 'r', asks: { fields: 0 } });
      await done(at.page, 'Replayed');
      await isWell(at);
      expect(await at.page.locator('main').textContent()).toContain(`${run}/replay`);
    });

    test('pauses a lane, says why, and lets it go on', async () => {
      const { run } = await pushed('queues');
      expect(run).not.toBe('');
      const at = await opened('/lanes', { hasScript });
      await press(at.page, { button: 'Pause', key: 'p', asks: { fields: 1 } });
      await done(at.page, 'The lane has been changed.');
      await isWell(at);
      await at.page.locator('main .badge', { hasText: 'paused' }).waitFor();
      const resume = at.page.getByRole('button', { name: 'Resume' });
      await (hasScript ? resume.press('Enter') : resume.click());
      await at.page.locator('main .badge', { hasText: 'paused' }).waitFor({ state: 'detached' });
    });
  });

  test('is told why an act was refused, and may try it again', async () => {
    const { run } = await pushed('stays');
    await becomes(run, 'RUNNING');
    const { page, context } = await opened(`/runs/${run}`);
    await page.locator('main summary', { hasText: 'Cancel' }).click();
    const cancel = page.getByRole('button', { name: 'Cancel', exact: true });
    const alert = page.getByRole('alert');
    await stage.receiver.down();
    await cancel.click();
    await alert.filter({ hasText: 'it is not known whether this was done' }).waitFor();
    await stage.receiver.up();
    await context.setExtraHTTPHeaders({});
    await cancel.click();
    await alert.filter({ hasText: 'You are not signed in any more' }).waitFor();
    expect(await alert.getByRole('link').getAttribute('href')).toContain('/sign-in?to=');
    await context.setExtraHTTPHeaders(ANNA);
    await stage.client.workflow.getHandle(run).terminate();
    await cancel.click();
    await alert.filter({ hasText: 'has ended already: terminated' }).waitFor();
    expect(await alert.count()).toBe(1);
    expect(await cancel.isVisible()).toBe(true);
  });

  test('who is a viewer sees no buttons, and is refused all the same', async () => {
    const { run } = await pushed('stays');
    await becomes(run, 'RUNNING');
    const { page } = await opened(`/runs/${run}`, { headers: BEN });
    expect(await page.locator('main button').count()).toBe(0);
    await page.keyboard.press('c');
    await page.keyboard.press('Enter');
    const status = await page.evaluate(
      `fetch('/runs/cancel', { method: 'POST', body: new URLSearchParams({ run: ${JSON.stringify(run)} }) }).then((answer) => answer.status)`,
    );
    expect(status).toBe(403);
    expect(await statusOf(run)).toBe('RUNNING');
  });
});
