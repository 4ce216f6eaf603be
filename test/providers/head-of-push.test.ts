import { expect, test } from 'vitest';
import type { HookyardEvent } from '../../src/events/event.js';
import { schemeOf } from '../../src/providers/known-sources.js';
import { push } from '../../src/triggers/index.js';
import { match } from '../../src/triggers/match.js';
import { repository, SHA } from '../support/harness/payloads.js';
import { context } from './properties-seeds.js';
import { sourceOf } from './senders.js';

const OLD = 'b'.repeat(40);
const commit = (id: string, change: object = {}) => ({
  id,
  message: 'Release 2\n\nIt is done.',
  url: `https://git.example/acme/shop/commit/${id}`,
  author: { name: 'Ada', email: 'ada@x.example', username: 'ada' },
  ...change,
});

/** What Gogs tells: commits, the newest first, and no head commit beside them. */
const pushed = (commits: unknown, change: object = {}) => ({
  ref: 'refs/heads/main',
  before: OLD,
  after: SHA,
  commits,
  repository,
  sender: { login: 'ada' },
  ...change,
});

function read(kind: 'github' | 'gitea' | 'forgejo' | 'gogs', payload: object): HookyardEvent {
  const answer = schemeOf(sourceOf(kind)).normalise(payload, 'push', context);
  if (!('event' in answer)) throw new Error('it is no event');
  return answer.event;
}

const runs = (event: HookyardEvent, options: Parameters<typeof push>[0]) => match({ on: [push(options)] }, event).runs;

test.each(['github', 'gitea', 'forgejo', 'gogs'] as const)(
  'a push at %s that names no head commit is filtered by that which it lists',
  (kind) => {
    const event = read(kind, pushed([commit(SHA), commit('c'.repeat(40), { message: 'Start [skip ci]' })]));
    expect(event).toMatchObject({
      commit: { sha: SHA, message: 'Release 2\n\nIt is done.', author: 'ada', url: expect.stringContaining(SHA) },
    });
    expect(runs(event, { messages: ['Release *'], authors: ['ada'] })).toBe(true);
    expect(runs(event, { authors: ['eve'] })).toBe(false);
    expect(runs(read(kind, pushed([commit(SHA, { message: 'Fix it [skip ci]' })])), {})).toBe(false);
  },
);

test('the head commit that a push names counts before one that it lists', () => {
  const event = read('gitea', pushed([commit(SHA)], { head_commit: commit(SHA, { message: 'As it is' }) }));
  expect(event).toMatchObject({ commit: { message: 'As it is' } });
});

test('a push that does not list its head, or not as a commit, tells of it by its name alone', () => {
  const others = [null, [], [commit(OLD)], [commit(SHA, { message: 7 })]];
  for (const commits of others) expect(read('gogs', pushed(commits))).toMatchObject({ commit: { sha: SHA } });
  for (const commits of others) expect(read('gogs', pushed(commits))).not.toHaveProperty('commit.message');
});

test('a push counts although what it lists of its commits is malformed', () => {
  const spoilt = [[null], [{ message: 'x' }], [commit(SHA, { added: 'a' })], 'x', {}];
  for (const kind of ['github', 'gitea', 'forgejo', 'gogs'] as const)
    for (const commits of spoilt) {
      const event = read(kind, pushed(commits, { head_commit: { id: 7 } }));
      expect(event).toMatchObject({ kind: 'push', branch: 'main', commit: { sha: SHA } });
      expect(event).not.toHaveProperty('changedFiles');
    }
  const project = { id: 1, path_with_namespace: 'acme/shop', web_url: 'https://git.example/acme/shop' };
  const { normalise } = schemeOf(sourceOf('gitlab'));
  for (const commits of spoilt)
    expect(normalise(pushed(commits, { project }), 'Push Hook', context)).toMatchObject({
      event: { kind: 'push', commit: { sha: SHA } },
    });
  // An annotated tag is told to be unpeeled then.
  expect(read('github', pushed([], { ref: 'refs/tags/v1', head_commit: { id: 7 } }))).toMatchObject({
    kind: 'tag',
    commit: { sha: SHA },
    unpeeled: true,
  });
});
