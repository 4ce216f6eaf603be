import type { Page } from 'playwright-core';
import type { Shot } from './photographer.js';
import type { Played } from './story.js';

/** Views of a Hookyard that has just been started. */
export const emptyShots: readonly Shot[] = [
  ...['home', 'deliveries', 'runs', 'lanes', 'automations', 'sources', 'outbound'].map((view) => ({
    name: `empty-${view}`,
    path: view === 'home' ? '/' : `/${view}`,
  })),
  { name: 'sign-in', path: '/sign-in' },
  {
    name: 'sign-in-refused',
    path: '/sign-in',
    act: async (page) => {
      await page.locator('input[type=password]').fill('not the token');
      await page.locator('main button').first().click();
      await page.locator('.refused').waitFor();
    },
  },
  { name: 'nothing-here', path: '/runs/ci/nobody/knows' },
];

/** Returns the views of what there is to be seen. */
export function shotsOf(played: Played): readonly Shot[] {
  const log = (run: string, job: string) => `/runs/${run}/logs/${job}`;
  return [
    { name: 'home', path: '/' },
    { name: 'deliveries', path: '/deliveries' },
    { name: 'deliveries-found-none', path: '/deliveries?text=nothing+of+this+kind' },
    { name: 'delivery-filtered', path: `/deliveries/${played.filtered}` },
    { name: 'delivery-started', path: `/deliveries/${played.started}` },
    { name: 'delivery-edited', path: `/deliveries/${played.started}/edit`, act: editBranch },
    { name: 'runs', path: '/runs' },
    { name: 'run-passed', path: `/runs/${played.green}` },
    { name: 'run-failed', path: `/runs/${played.red}` },
    {
      ...{ name: 'temporal-timeline', path: played.redInTemporal, isOfWindow: true },
      act: showTimeline,
    },
    { name: 'run-in-progress', path: `/runs/${played.matrix}` },
    { name: 'run-superseded', path: `/runs/${played.superseded}` },
    { name: 'run-approval', path: `/runs/${played.approval}` },
    { name: 'run-fork', path: `/runs/${played.fork}` },
    { name: 'run-in-lane', path: `/runs/${played.inLane}` },
    {
      name: 'run-cancel-asked',
      path: `/runs/${played.holder}`,
      act: (page) => page.locator('details.ask summary').first().click(),
    },
    { name: 'log-failed', path: log(played.red, 'test-20'), isOfWindow: true },
    { name: 'log-passed', path: `${log(played.green, 'test-22')}?line=1` },
    {
      ...{ name: 'log-live', path: log(played.matrix, 'test-24'), isOfWindow: true },
      act: (page) => page.getByText('Followed as it is written.').waitFor(),
    },
    { name: 'log-search', path: `${log(played.red, 'test-20')}?text=cart` },
    { name: 'lanes', path: '/lanes' },
    { name: 'automations', path: '/automations' },
    { name: 'automation', path: '/automations/ci' },
    { name: 'automation-by-hand', path: '/automations/rollback' },
    { name: 'sources', path: '/sources' },
    { name: 'outbound', path: '/outbound' },
    { name: 'outbound-refused', path: `/outbound?message=${encodeURIComponent(played.refusedMessage)}` },
    { name: 'keys', path: `/runs/${played.matrix}`, isOfWindow: true, act: showKeys },
  ];
}

/** Makes a push to another branch of it, and asks what would become of that. */
async function editBranch(page: Page): Promise<void> {
  const payload = page.locator('textarea');
  await payload.fill((await payload.inputValue()).replace('refs/heads/main', 'refs/heads/production'));
  await page.getByRole('button', { name: 'What would become of it' }).click();
  await page.getByText('What you changed').waitFor();
}

/** It lies below what the run was given and has returned, and its UI scrolls within the window. */
async function showTimeline(page: Page): Promise<void> {
  const { width = 0 } = page.viewportSize() ?? {};
  await page.setViewportSize({ width, height: 1_800 });
  await page
    .getByText(/• .*unit tests$/)
    .first()
    .waitFor();
}

async function showKeys(page: Page): Promise<void> {
  await page.keyboard.press('?');
  await page.locator('dialog').waitFor();
}
