import { expect, test } from 'vitest';
import { authorToFind } from '../../src/triggers/author-to-find.js';
import { pullRequest } from '../../src/triggers/index.js';
import { pullRequestEvent } from './sample-events.js';

const untold = (change: object = {}, action: 'synchronize' | 'labeled' = 'synchronize') =>
  pullRequestEvent({ action }, { author: undefined, ...change } as never);
const ofBots = pullRequest({ authors: ['renovate'] });

test('an author is asked for with all else that has to be found out, and older workers wait for an approval', () => {
  const on = [pullRequest({ authors: ['renovate'], paths: ['src/**'] })];
  expect(authorToFind({ on }, untold())?.asks).toEqual({
    author: { lists: [['renovate']], skips: true },
    approval: true,
    paths: [['src/**']],
    skipMarker: true,
  });
});

test('one of the lists that would do is enough, and where a trigger refuses for a title no check is skipped', () => {
  const on = [ofBots, pullRequest({ authors: ['eve'], titles: ['x'] }), pullRequest({ authors: ['mila'] })];
  const each = [{ skipMarker: true }, { skipMarker: true }];
  expect(authorToFind({ on }, untold())?.asks.author).toEqual({ lists: [['renovate'], ['mila']], each });
});

test('what each trigger asks for beside its authors is kept beside its list', () => {
  const on = [pullRequest({ authors: ['renovate'], paths: ['*.lock'], skippable: false }), ofBots];
  const each = [{ paths: [['*.lock']] }, { skipMarker: true }];
  expect(authorToFind({ on }, untold())?.asks).toMatchObject({ author: { lists: [['renovate'], ['renovate']], each } });
});

test('an author is asked for beside a trigger that lets in who is not known and may refuse yet, and not beside one that may not', () => {
  const event = { ...untold(), commit: { sha: 'a'.repeat(40), message: 'Sell more' } };
  const askedBeside = (other: Parameters<typeof pullRequest>[0]) =>
    authorToFind({ on: [pullRequest(other), ofBots] }, event)?.asks;
  const paths = ['src/**'];
  const each = [{ paths: [paths] }, {}];
  const skips = true;
  expect(askedBeside({ paths })).toEqual({ author: { lists: [['*'], ['renovate']], each, skips }, approval: true });
  expect(askedBeside({ paths, authors: ['!renovate'] })?.author?.lists).toEqual([['!renovate'], ['renovate']]);
  expect(askedBeside({})).toBeUndefined();
  expect(askedBeside({ authors: ['!renovate'] })).toBeUndefined();
});

test('checks are skipped though another trigger is for other actions, repositories or base branches', () => {
  for (const other of [
    pullRequest({ actions: ['closed'] }),
    pullRequest({ repositories: ['acme/other'] }),
    pullRequest({ branches: ['release'] }),
  ])
    expect(authorToFind({ on: [ofBots, other] }, untold())?.asks).toMatchObject({ author: { skips: true } });
});

test("no author is asked for where that changes nothing, nor where the code may be a stranger's", () => {
  for (const [trigger, event] of [
    [ofBots, pullRequestEvent()],
    [ofBots, untold({ fork: true })],
    [pullRequest({ authors: ['renovate'], forks: true }), untold({ fork: true })],
    [ofBots, untold({}, 'labeled')],
    [pullRequest({ authors: ['renovate'], titles: ['x'] }), untold()],
    [pullRequest({ titles: ['x'] }), untold()],
  ] as const)
    expect(authorToFind({ on: [trigger] }, event)).toBeUndefined();
});
