import { expect, it } from 'vitest';
import { schemeOf } from '../../src/providers/known-sources.js';
import type { ProviderKind } from '../../src/providers/source.js';
import { pushPayload } from '../support/harness/payloads.js';
import { sourceOf } from './senders.js';

const context = { source: 'here', deliveryId: 'd1', receivedAt: '2026-11-24T08:00:00.000Z' };
const A = 'a'.repeat(40);
const B = 'b'.repeat(40);

function pushOf(kind: ProviderKind, eventName: string, payload: unknown) {
  const answer = schemeOf(sourceOf(kind)).normalise(payload, eventName, context);
  if (!('event' in answer) || answer.event.kind !== 'push') throw new Error('it is no push');
  return answer.event;
}

it('GitHub tells which files changed where its list is complete and the push was not forced', () => {
  expect(pushOf('github', 'push', pushPayload())).toMatchObject({
    changedFiles: ['README.md', 'src/basket.ts', 'src/cart.ts'],
    forced: false,
  });
});

it.each([
  ['was forced', { forced: true }, true],
  ['does not say whether it was forced', { forced: undefined }, undefined],
  ['says null', { forced: null }, undefined],
  ['counts more commits than it lists', { size: 2 }, false],
  ['counts more commits in all than it lists', { total_commits: 7 }, false],
  ['lists no commits', { commits: null }, false],
  ['does not list its head', { after: B, head_commit: null }, false],
] as const)('a push of GitHub that %s has unknown files', (_, change, forced) => {
  const event = pushOf('github', 'push', pushPayload(change));
  expect(event).not.toHaveProperty('changedFiles');
  expect(event.forced).toBe(forced);
});

/** They don't tell a forced push from another, however complete their list looks. */
it.each(['gitea', 'forgejo', 'gogs'] as const)('a push of %s has unknown files, and may have been forced', (kind) => {
  for (const total_commits of [undefined, 1, 7]) {
    const event = pushOf(kind, 'push', pushPayload({ created: undefined, forced: undefined, total_commits }));
    expect(event).not.toHaveProperty('changedFiles');
    expect(event).not.toHaveProperty('forced');
  }
});

it('a push of GitLab has unknown files, and may have been forced, unless its branch is new', () => {
  const commits = [
    { id: B, message: 'R', url: 'x', author: { name: 'M' }, added: [], modified: ['docs/a'], removed: [] },
  ];
  const project = { id: 2, path_with_namespace: 'acme/shop', web_url: 'https://gitlab.example/acme/shop' };
  const payload = { ref: 'refs/heads/main', before: A, after: B, project, user_username: 'ada', commits };
  for (const total_commits_count of [1, 21, null]) {
    const event = pushOf('gitlab', 'Push Hook', { ...payload, total_commits_count });
    expect(event).not.toHaveProperty('changedFiles');
    expect(event).not.toHaveProperty('forced');
  }
  expect(pushOf('gitlab', 'Push Hook', { ...payload, before: '0'.repeat(40) })).toMatchObject({ forced: false });
});
