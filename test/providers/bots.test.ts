import { expect, test } from 'vitest';
import { schemeOf } from '../../src/providers/known-sources.js';
import type { ProviderKind } from '../../src/providers/source.js';
import { repository, SHA } from '../support/harness/payloads.js';
import { context, seedsOf } from './properties-seeds.js';
import { sourceOf } from './senders.js';

const told = (kind: ProviderKind, name: string, body: unknown) => {
  const answer = schemeOf(sourceOf(kind)).normalise(body, name, context);
  return 'event' in answer ? answer.event : answer;
};

const pushed = (sender: object, author: object = {}) => ({
  ref: 'refs/heads/main',
  before: 'b'.repeat(40),
  after: SHA,
  head_commit: { id: SHA, author },
  repository,
  sender,
});

const gitlabPush = (user_username: string) => {
  const body = seedsOf('gitlab').find(({ event }) => event === 'Push Hook')?.body as object;
  return told('gitlab', 'Push Hook', { ...body, user_username });
};

test.each([
  'project_42_bot_1f0c',
  'group_42_bot',
  'service_account_6018816a18e515214e0c34c2b33523fc',
  'service_account_group_345_6018816a18e515214e0c34c2b33523fc',
  'service_account_project_345_6018816a18e515214e0c34c2b33523fc',
])('an account of GitLab that people do not sign in as is a bot: %s', (login) => {
  expect(gitlabPush(login)).toMatchObject({ sender: { login, bot: true } });
});

test.each(['ada', 'service_account_fan', 'my_service_account_6018816a18e515214e0c34c2b33523fc'])(
  'a person at GitLab is no bot: %s',
  (login) => {
    expect(gitlabPush(login)).toMatchObject({ sender: { login, bot: false } });
  },
);

test.each([
  ['gitea', 'gitea-actions'],
  ['forgejo', 'forgejo-actions'],
] as const)('the account as which workflows of %s act is a bot', (kind, login) => {
  expect(told(kind, 'push', pushed({ id: -2, login, username: login }))).toMatchObject({
    sender: { login, bot: true },
  });
});

test('a person who is called so elsewhere is no bot', () => {
  const sender = { login: 'gitea-actions', type: 'User' };
  expect(told('github', 'push', pushed(sender))).toMatchObject({ sender: { bot: false } });
});

test.each(['gitea', 'forgejo', 'gogs', 'github'] as const)(
  'a commit whose author has no account at %s is by the name that stands in it',
  (kind) => {
    const author = { name: 'renovate', email: 'bot@renovate.example', username: '' };
    expect(told(kind, 'push', pushed({ login: 'ada' }, author))).toMatchObject({ commit: { author: 'renovate' } });
    const known = { ...author, username: 'rene' };
    expect(told(kind, 'push', pushed({ login: 'ada' }, known))).toMatchObject({ commit: { author: 'rene' } });
  },
);
