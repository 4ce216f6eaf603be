import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { AWAY_MEMO } from '../../../src/runs/names.js';
import { toPairs } from '../../../src/runs/search-attributes.js';
import { VIEWS } from '../../../src/server/page/views/index.js';
import { type Receiver, startReceiver } from '../../support/harness/receiver.js';
import { row } from '../../support/harness/rows.js';
import { testClient, unique } from '../../support/temporal.js';
import { pushEvent } from '../../triggers/sample-events.js';
import { hasBrowser, startBrowser, watchedPage } from './browser.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const HOSTILE = [
  '<script>hostile("script")</script>',
  '<img src=x onerror=\'hostile("image")\'>',
  '"><svg onload=hostile("svg")>',
  '\' autofocus onfocus=hostile("focus") x=\'',
  '</title></script><iframe srcdoc="<script>parent.hostile(1)</script>">',
  '<a href="javascript:hostile(1)">x</a>',
  '<style>body{display:none}</style><link rel=stylesheet href=//evil.example/x.css>',
  '<base href=//evil.example/><form action=//evil.example/>',
  '\u202e\u2066right to left',
  'long '.repeat(5) + 'x'.repeat(2_000),
];

/** A line in each colour of terminals, and one in it behind. */
const COLOURS = [30, 90].flatMap((base) =>
  Array.from(
    { length: 8 },
    (_, at) => `\u001b[${base + at}mtext\u001b[0m and \u001b[${base + 10 + at}mbehind\u001b[0m`,
  ),
);

/** Paths of every view, with what is there to be seen. A view of one thing has to be named here: there is no other way to know which. */
function pathsOf(ids: readonly string[], runs: string): string[] {
  const known: Readonly<Record<string, readonly string[]>> = {
    '/deliveries': [`/deliveries?text=${encodeURIComponent(HOSTILE[2] ?? '')}`, '/deliveries?text=nothing'],
    '/deliveries/:id': ids.slice(0, 3).map((id) => `/deliveries/${id}`),
    '/runs': ['/runs?repository=nothing'],
    // It is followed, and so never done with asking: what it executes log-browser.test.ts tries.
    '/runs/*id/logs/:part': [],
    '/runs/*id': HOSTILE.map((_, at) => `/runs/${runs}/${at}`),
    '/deliveries/:id/edit': ids.slice(0, 3).map((id) => `/deliveries/${id}/edit`),
    '/automations/:id': ['/automations/ci'],
  };
  return VIEWS.flatMap(({ path }) => {
    const isOfOne = /[:*]/.test(path);
    if (isOfOne && !known[path]) throw new Error(`nothing is tried of the view ${path}`);
    return [...(isOfOne ? [] : [path]), ...(known[path] ?? [])];
  });
}

describe.skipIf(!hasBrowser)('a browser', { timeout: 180_000 }, () => {
  let client: Awaited<ReturnType<typeof testClient>>;
  let receiver: Receiver;
  let browser: Browser;
  let paths: string[];
  const taskQueue = unique('hostile');
  const prefix = `ci/${taskQueue}`;
  const log = { workflowId: `${prefix}/0`, job: 'test' };

  beforeAll(async () => {
    client = await testClient();
    receiver = await startReceiver({ client, config: { taskQueue, uiUrl: 'http://ui.example' } });
    browser = await startBrowser();
    const ids: string[] = [];
    for (const text of HOSTILE) {
      const event = pushEvent({
        branch: text,
        repository: { id: '1', fullName: text, url: 'javascript:hostile("address")', private: false },
        sender: { login: text, bot: false },
        commit: { sha: 'a'.repeat(40), message: text, author: text, url: 'javascript:hostile("commit")' },
      });
      const kept = row([`ci/github/${text.slice(0, 100)}`], event);
      await receiver.store.inbox.accept({
        ...kept,
        key: `${kept.key} ${text}`,
        eventName: text,
        headers: { 'user-agent': text },
        body: Buffer.from(JSON.stringify({ text, html: `${text}</script>` })),
        verdicts: [...kept.verdicts, { automation: text, outcome: 'filtered', because: text }],
      });
      ids.push(kept.id);
      // Nobody works on it: it stays open.
      const short = text.slice(0, 100);
      await client.workflow.start('ci', {
        ...{ taskQueue, workflowId: `${prefix}/${ids.length - 1}`, memo: { [AWAY_MEMO]: text } },
        typedSearchAttributes: toPairs({ HookyardRepository: short, HookyardBranch: short, HookyardCommit: short }),
      });
    }
    await receiver.store.logs.append(
      log,
      [...HOSTILE, ...COLOURS, '\u001b[7minverse'].map((text) => ({
        at: Date.now(),
        stream: 'stdout',
        attempt: 1,
        step: 'npm test',
        text,
      })),
    );
    // Temporal lists a run a moment after it has begun.
    await vi.waitFor(
      async () => {
        const { runs } = await (await fetch(`${receiver.url}/runs.json`)).json();
        if (runs.length < HOSTILE.length) throw new Error(`${runs.length} runs are listed`);
      },
      { timeout: 30_000, interval: 500 },
    );
    paths = [
      ...pathsOf(ids, prefix),
      '/sign-in',
      `/sign-in?to=${encodeURIComponent('/"><script>hostile(1)</script>')}`,
      '/nowhere<x>',
    ];
  });
  afterAll(async () => {
    await browser?.close();
    for (const at of HOSTILE.keys()) await client?.workflow.getHandle(`${prefix}/${at}`).terminate();
    await receiver?.close();
    await client?.close();
  });

  test('executes nothing of what others have sent, breaks no rule of the policy, and asks nobody else', async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const { page, bad } = await watchedPage(context, receiver.url);
    for (const path of paths) {
      await page.goto(`${receiver.url}${path}`);
      for (const summary of await page.locator('summary').all()) await summary.click();
      await page.keyboard.press('?');
      await page.keyboard.press('Escape');
    }
    await page.waitForLoadState('networkidle');
    // A page that is not there is an error of the console, and nothing else is.
    expect(bad.filter((one) => !/status of 404/.test(one))).toEqual([]);
    await context.close();
  });

  test('would notice what was executed, and what broke a rule', async () => {
    const context = await browser.newContext();
    const { page, bad } = await watchedPage(context, receiver.url);
    await page.goto(receiver.url);
    await page.evaluate(`
      const image = document.createElement('img');
      image.src = 'https://evil.example/x.png';
      document.body.append(image);
      hostile('test');
    `);
    await expect
      .poll(() => bad.join('\n'))
      .toMatch(/policy: img-src[\s\S]*executed: test|executed: test[\s\S]*policy: img-src/);
    await context.close();
  });

  test.each([
    ['wide', 1280],
    ['a phone', 360],
  ] as const)(
    'shows every view without an obstacle that axe knows, and nothing sticks out: %s, %i px, light and dark',
    async (_, width) => {
      // Its script is put into the page, which the policy forbids.
      const context = await browser.newContext({ viewport: { width, height: 800 }, bypassCSP: true });
      const page = await context.newPage();
      const obstacles = async (rules: object) => {
        const found = (await page.evaluate(`axe.run(document, ${JSON.stringify(rules)})`)) as {
          violations: { id: string; nodes: { html: string }[] }[];
        };
        return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`);
      };
      // Runs differ in their texts alone, and looks in their colours: no text is markup, and no rule but these knows a colour.
      const alike = HOSTILE.slice(1, -1).map((_, at) => `/runs/${prefix}/${at + 1}`);
      const ofColours = { runOnly: ['color-contrast', 'link-in-text-block'] };
      for (const path of [...paths, `/runs/${log.workflowId}/logs/${log.job}`]) {
        const at = path.slice(0, 60);
        await page.emulateMedia({ colorScheme: 'light' });
        await page.goto(`${receiver.url}${path}`);
        await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
        const sticksOut = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect(sticksOut, at).toBeLessThanOrEqual(0);
        if (alike.includes(path)) continue;
        await page.evaluate(AXE);
        expect(await obstacles({}), at).toEqual([]);
        await page.emulateMedia({ colorScheme: 'dark' });
        expect(await obstacles(ofColours), `${at}, dark`).toEqual([]);
      }
      await context.close();
    },
  );

  test('goes through a list and shows its keys without a mouse', async () => {
    const context = await browser.newContext();
    const { page, bad } = await watchedPage(context, receiver.url);
    await page.goto(receiver.url);
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await page.waitForURL(`${receiver.url}/deliveries`);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const second = await page.locator('tbody tr').nth(1).locator('a').first().getAttribute('href');
    expect(await page.evaluate("document.activeElement.getAttribute('href')")).toBe(second);
    await page.keyboard.press('/');
    await page.keyboard.type('right to left');
    await page.keyboard.press('Enter');
    await page.waitForURL(/text=right/);
    expect(await page.locator('tbody tr').count()).toBe(1);
    await page.keyboard.press('Escape');
    await page.locator('main').click({ position: { x: 1, y: 1 } });
    await page.keyboard.press('?');
    await page.locator('dialog').waitFor();
    expect(await page.locator('dialog').textContent()).toContain('Deliveries');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('dialog').count()).toBe(0);
    expect(bad).toEqual([]);
    await context.close();
  });

  test('works without script: a search, and a replay that asks first', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${receiver.url}/deliveries`);
    await page.fill('input[name=text]', 'right to left');
    await page.click('button:has-text("Show")');
    await page.click('tbody a');
    await page.click('summary:has-text("Replay")');
    await page.click('button:has-text("Replay")');
    expect(await page.locator('[role=status]').textContent()).toContain('Replayed');
    await context.close();
  });
});

test.runIf(!hasBrowser)(
  'no browser is here: set CHROMIUM_PATH, or install Debian’s chromium, to try the page in one',
  () => {
    expect(hasBrowser).toBe(false);
  },
);
