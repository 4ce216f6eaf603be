import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** An image that is to be made, of one address. */
export interface Shot {
  /** Of its file, before what the variant adds. */
  readonly name: string;
  /** Of Hookyard's page; or the address of another one. */
  readonly path: string;
  /** What is done on the page before. */
  readonly act?: (page: Page) => Promise<unknown>;
  /** Of what is seen at first; else of the whole page. */
  readonly isOfWindow?: true;
}

const VARIANTS: readonly (readonly [suffix: string, BrowserContextOptions])[] = [
  ['', { viewport: { width: 1280, height: 860 } }],
  ['-dark', { viewport: { width: 1280, height: 860 }, colorScheme: 'dark' }],
  ['-phone', { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }],
];
/** In CSS pixels: what is below of a very long page is left out. */
const MAX_HEIGHT = 3_000;

/** Returns what makes the images of a shot in all variants, and tells how many it has made. */
export async function photographer(at: {
  readonly browser: Browser;
  readonly url: string;
  readonly out: string;
  readonly only: readonly string[];
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}): Promise<{ readonly photograph: (shot: Shot) => Promise<void>; readonly count: () => number }> {
  const { browser, url, out, only, say, signal } = at;
  await mkdir(out, { recursive: true });
  const contexts = await Promise.all(VARIANTS.map(([, options]) => browser.newContext(options)));
  let made = 0;
  return {
    count: () => made,
    async photograph({ name, path, act, isOfWindow }) {
      for (const [index, [suffix]] of VARIANTS.entries()) {
        const file = `${name}${suffix}.png`;
        const context = contexts[index];
        if (!context || (only.length > 0 && !only.some((part) => file.includes(part)))) continue;
        signal.throwIfAborted();
        const page = await context.newPage();
        await page.goto(new URL(path, url).href, { waitUntil: 'load' });
        await act?.(page);
        const height = await page.evaluate<number>('document.documentElement.scrollHeight');
        const { width = 0 } = page.viewportSize() ?? {};
        await page.screenshot({
          path: join(out, file),
          animations: 'disabled',
          ...(!isOfWindow && { fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(height, MAX_HEIGHT) } }),
        });
        await page.close();
        made += 1;
        say(`  ${file}`);
      }
    },
  };
}
