import { once } from 'node:events';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openRepository } from '../../support/harness/repository.js';
import { push, sendPush } from '../../support/harness/send-push.js';
import { openStage, type Stage } from '../../support/harness/stage.js';
import { hasBrowser, startBrowser, watchedPage } from './browser.js';

const SECRET = 'a secret of the tests of acts';
/** What the proxy in front says of who looks; nothing where nobody has signed in. */
const ANNA = { 'x-forwarded-user': 'anna' };
const BEN = { 'x-forwarded-user': 'ben' };
const DEADLINE_MS = 60_000;
/** What is answered to one visitor at a time. */
const ROOM = 24;

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
    /**
     * With script, the page has not been left, the focus is at the beginning of what is new, and nothing was against the
     * rules. What was done is looked for together with the focus: the page reads itself again some seconds later, and then
     * neither is there any more.
     */
    async function isWell({ page, bad }: { page: Page; bad: readonly string[] }, text: string): Promise<void> {
      await page.locator(hasScript ? 'main:focus .done' : '.done', { hasText: text }).waitFor();
      expect(bad).toEqual([]);
      if (!hasScript) return;
      expect(await page.evaluate('globalThis.isSame')).toBe(true);
      expect(page.url()).not.toContain('done=');
    }

    test('cancels a run', async () => {
      const { run } = await pushed('stays');
      await becomes(run, 'RUNNING');
      const at = await opened(`/runs/${run}`, { hasScript });
      await press(at.page, { button: 'Cancel', key: 'c', asks: { fields: 0 } });
      await isWell(at, 'Cancelled');
      await becomes(run, 'CANCELLED');
      if (hasScript) await at.page.locator('h1 .badge', { hasText: 'cancelled' }).waitFor();
    });

    test('goes on with what has failed in a run, and comes back to that', async () => {
      const { run } = await pushed('breaks');
      await becomes(run, 'FAILED');
      const at = await opened(`/runs/${run}`, { hasScript });
      await press(at.page, { button: 'Go on from what failed', key: 'r Tab' });
      await isWell(at, 'This is the new run.');
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
      await isWell(at, 'Approved');
      await becomes(run, 'COMPLETED');
    });

    test('writes why it is rejected, and approves nothing by that: not by Enter, nor by the wrong button', async () => {
      const { run } = await pushed('asks');
      await becomes(run, 'RUNNING');
      const { page } = await opened(`/runs/${run}`, { hasScript });
      for (let tries = 0; !hasScript && tries < 100; tries++) {
        if ((await page.locator('form.approval').count()) > 0) break;
        await page.reload();
      }
      await isAsked(page);
      const why = page.getByLabel('Why not');
      await why.fill('not on a Friday');
      await why.press('End');
      await why.press('Enter');
      await page.keyboard.type('nor on a Monday');
      expect(await why.inputValue()).toBe('not on a Friday\nnor on a Monday');
      expect(await statusOf(run)).toBe('RUNNING');
      await page.getByRole('button', { name: 'Approve', exact: true }).click();
      await page.locator('[role=alert], main', { hasText: 'nothing was approved' }).first().waitFor();
      expect(await statusOf(run)).toBe('RUNNING');
      if (!hasScript) await page.goBack();
      await why.fill('not on a Friday');
      await why.blur();
      await press(page, { button: 'Reject', key: 'a Tab' });
      await done(page, 'Rejected');
      await becomes(run, 'COMPLETED');
    });

    test('replays a delivery', async () => {
      const { run, delivery } = await pushed('stays');
      await becomes(run, 'RUNNING');
      const at = await opened(`/deliveries/${delivery}`, { hasScript });
      await press(at.page, { button: 'Replay', key: 'r', asks: { fields: 0 } });
      await isWell(at, 'Replayed');
      expect(await at.page.locator('main').textContent()).toContain(`${run}/replay`);
    });

    test('pauses a lane, says why, and lets it go on', async () => {
      const { run } = await pushed('queues');
      expect(run).not.toBe('');
      const at = await opened('/lanes', { hasScript });
      await press(at.page, { button: 'Pause', key: 'p', asks: { fields: 1 } });
      await isWell(at, 'The lane has been changed.');
      await at.page.locator('main .badge', { hasText: 'paused' }).waitFor();
      const resume = at.page.getByRole('button', { name: 'Resume' });
      await (hasScript ? resume.press('Enter') : resume.click());
      await at.page.locator('main .badge', { hasText: 'paused' }).waitFor({ state: 'detached' });
    });
  });

  test('finds what was edited and judged in the form again, where the page is reloaded or gone back to', async () => {
    const { delivery } = await pushed('stays');
    const { page } = await opened(`/deliveries/${delivery}/edit`);
    const payload = page.getByLabel('Payload');
    const received = await payload.inputValue();
    const edited = received.replaceAll('refs/heads/stays', 'refs/heads/elsewhere');
    expect(edited).not.toBe(received);
    await payload.fill(edited);
    const judge = async () => {
      await page.getByRole('button', { name: 'What would become of it' }).click();
      await page.getByRole('heading', { name: 'What you changed' }).waitFor();
    };
    await judge();
    await page.reload();
    await page.getByRole('alert').filter({ hasText: 'is in the form again' }).waitFor();
    expect(await payload.inputValue()).toBe(edited);
    await judge();
    await page.locator('.crumbs a').last().click();
    await page.waitForURL(new RegExp(`/deliveries/${delivery}$`));
    await page.goBack();
    await expect.poll(() => payload.inputValue(), { timeout: DEADLINE_MS }).toBe(edited);
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
    await alert.filter({ hasText: 'Send it again to be sure: it is done once at most' }).waitFor();
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

  const held: ClientRequest[] = [];
  /** Begins downloads that nobody reads on, as many as anna has room for. */
  async function takeAllRoom(run: string): Promise<void> {
    const line = { at: 1, stream: 'stdout', attempt: 1, step: 'x', text: 'x'.repeat(8_000) } as const;
    for (let part = 0; part < 10; part++)
      await stage.installation.store.logs.append({ workflowId: run, job: 'long' }, Array(100).fill(line));
    const address = `${stage.receiver.url}/logs/text?run=${encodeURIComponent(run)}&job=long`;
    // Other pages are open, which take room for a moment.
    for (const until = Date.now() + DEADLINE_MS; held.length < ROOM && Date.now() < until; ) {
      const req = httpRequest(address, { headers: ANNA, agent: false }).end();
      const [{ statusCode }] = (await once(req, 'response')) as [IncomingMessage];
      req.on('error', () => undefined);
      if (statusCode === 200) held.push(req);
      else req.destroy();
    }
    expect(held).toHaveLength(ROOM);
  }
  const giveBack = () => {
    for (const req of held.splice(0)) req.destroy();
  };
  afterEach(giveBack);

  test('is told that an act was done where the page after it is refused, and presses again without doing it twice', async () => {
    const { run, delivery } = await pushed('breaks');
    await becomes(run, 'FAILED');
    const { page } = await opened(`/runs/${run}`);
    await takeAllRoom(run);
    const again = page.getByRole('button', { name: 'Run again' });
    const alert = page.getByRole('alert');
    await again.click();
    await alert.filter({ hasText: 'This is the new run.' }).waitFor();
    await alert.filter({ hasText: 'too much is asked for at the same time' }).waitFor();
    await alert.filter({ hasText: 'It was done' }).waitFor();
    const link = await alert.getByRole('link', { name: 'See what came of it' }).getAttribute('href');
    expect(link).toMatch(/\/runs\/.*replay-1$/);
    giveBack();
    await expect
      .poll(async () => (await page.request.get(`${stage.receiver.url}/runs/${run}`)).status(), {
        timeout: DEADLINE_MS,
      })
      .toBe(200);
    await again.click();
    await page.waitForURL(link ?? '');
    await done(page, 'This is the new run.');
    const { dispatches } = (await stage.installation.store.inbox.find(delivery)) ?? {};
    expect(dispatches?.map(({ workflowId }) => workflowId)).toEqual([run, `${run}/replay-1`]);
    // From where it leads to, it is another act.
    await becomes(`${run}/replay-1`, 'FAILED');
    await page.getByRole('button', { name: 'Run again' }).click();
    await expect.poll(async () => (await stage.installation.store.inbox.find(delivery))?.dispatches.length).toBe(3);
  });

  test('presses again after an answer was lost, also where the page was read anew meanwhile, and starts one run', async () => {
    const { run, delivery } = await pushed('breaks');
    await becomes(run, 'FAILED');
    const { page } = await opened(`/runs/${run}`);
    // The server does it, and its answer never arrives.
    const lose: Parameters<typeof page.route>[1] = async (route) => {
      await route.fetch();
      await route.abort();
    };
    await page.route('**/runs/rerun', lose);
    const again = page.getByRole('button', { name: 'Run again' });
    await again.click();
    await page.getByRole('alert').filter({ hasText: 'done once at most' }).waitFor();
    await page.unroute('**/runs/rerun', lose);
    const onceOf = () => page.locator('form.act input[name=once]').first().getAttribute('value');
    const before = await onceOf();
    await page.evaluate(`document.querySelector('form.act input[name=once]').value = 'another-than-before'`);
    expect(await onceOf()).not.toBe(before);
    await again.click();
    await done(page, 'This is the new run.');
    const { dispatches } = (await stage.installation.store.inbox.find(delivery)) ?? {};
    expect(dispatches?.map(({ workflowId }) => workflowId)).toEqual([run, `${run}/replay-1`]);
  });

  test('goes through lists and from view to view by keys', async () => {
    for (let count = 0; count < 2; count++) await pushed('stays');
    const { page } = await opened('/deliveries');
    const focused = () => page.evaluate('document.activeElement.getAttribute("href")');
    const links = await page
      .locator('tbody tr')
      .evaluateAll((rows) =>
        rows.map((row) =>
          (row as { querySelector(of: string): { getAttribute(name: string): string } })
            .querySelector('a')
            .getAttribute('href'),
        ),
      );
    const [first, second] = links;
    for (const [key, expected] of [
      ...[
        ['j', first],
        ['j', second],
        ['k', first],
        ['k', first],
      ],
    ] as const) {
      await page.keyboard.press(key);
      expect(await focused(), key).toBe(expected);
    }
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press('k');
    expect(await focused()).toBe(links.at(-1));
    for (const [keys, heading] of [
      ['g r', 'Runs'],
      ['g l', 'Lanes'],
      ['g d', 'Deliveries'],
      ['g h', ''],
    ] as const) {
      for (const key of keys.split(' ')) await page.keyboard.press(key);
      const title = page.locator('h1', { hasText: heading });
      // The next keys are listened to once the script of this page runs, which may be after it is seen.
      await page.locator(`.scripted nav a[data-keys="${keys}"][aria-current="page"]`).waitFor();
      expect(await title.count()).toBe(1);
    }
    // One that is not followed by a known one does nothing, nor do those that somebody writes with.
    for (const key of ['g', 'x', 'r']) await page.keyboard.press(key);
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Keys' });
    await dialog.waitFor();
    for (const said of ['row before', 'Runs', 'Lanes']) expect(await dialog.textContent()).toContain(said);
    await page.keyboard.press('Escape');
    expect(new URL(page.url()).pathname).toBe('/');
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
