import { describe, expect, test } from 'vitest';
import { sourceRemote } from '../../../src/activities/git/remote.js';
import { azureDevops } from '../../../src/providers/azure-devops/webhook/index.js';
import { MalformedPayload } from '../../../src/providers/webhook-scheme.js';
import { Secret } from '../../../src/secrets/secret.js';
import { describeKind } from '../conformance.js';
import { recorded } from '../recorded.js';
import { azureFixtures as fixtures } from './fixtures.js';

const url = 'https://dev.azure.example/acme';

describeKind('azure-devops', {
  make: (secrets) => azureDevops({ secrets: [...secrets], username: 'hookyard', url }),
  sign: (_, { secret }) => ({ authorization: `Basic ${Buffer.from(`hookyard:${secret}`).toString('base64')}` }),
  credential: 'authorization',
  signsBody: false,
  fixtures,
});

const context = { source: 's', deliveryId: 'd', receivedAt: '2026-11-24T08:00:00.000Z' };
const kind = azureDevops({ secrets: [new Secret('a secret of sixteen')], username: 'hookyard', url });
const keyOf = (payload: unknown) => kind.deliveryKey({ headers: {}, body: Buffer.from('{}'), payload });
const push = fixtures[0].body as { resource: { repository: { project: object } } };

test('the right password under another name verifies nothing', async () => {
  const headers = { authorization: `Basic ${Buffer.from('eve:a secret of sixteen').toString('base64')}` };
  expect(await kind.verify({ headers, body: Buffer.from('{}') }, 0)).toBe(false);
});

test('the key is the notification of the subscription, or the id of the event', () => {
  expect(keyOf(push)).toBe('d21a27a6-3b89-45fb-9af9-0fe220348c1d:1');
  expect(keyOf({ ...push, notificationId: undefined })).toBe('6544f94b-ce5d-4bc1-b4be-30559b589d15');
  expect(keyOf({})).toBeUndefined();
});

test('a body without eventType is malformed', () => {
  expect(() => kind.eventName({ headers: {}, body: Buffer.from('{}'), payload: {} })).toThrow(MalformedPayload);
});

test.each(['..', 'a/b', 'a\\b', 'a\nb', 'a?b', ''])('a project called %j is malformed', (name) => {
  const repository = { ...push.resource.repository, project: { name } };
  const payload = { ...push, resource: { ...push.resource, repository } };
  expect(() => kind.normalise(payload, 'git.push', context)).toThrow(MalformedPayload);
});

test('a service identity is a bot', () => {
  const pushedBy = { displayName: 'Build Service', uniqueName: 'Build\\ad9e1dcf-6055-4fc7-a146-5511ab5ab1e8' };
  const payload = { ...push, resource: { ...push.resource, pushedBy } };
  expect(kind.normalise(payload, 'git.push', context)).toMatchObject({ event: { sender: { bot: true } } });
});

test('recorded payloads are all told of, the samples of the settings page among them', () => {
  const kinds = { 'git.push': 'push', 'ms.vss-code.git-pullrequest-comment-event': 'comment' };
  for (const { file, body } of recorded('azure-devops')) {
    const payload = kind.parse({ headers: {}, body });
    const event = kind.eventName({ headers: {}, body, payload });
    const answer = kind.normalise(payload, event, context);
    const expected = Object.entries(kinds).find(([name]) => event === name)?.[1] ?? 'pull_request';
    expect(answer, file).toMatchObject({ event: { kind: expected } });
    expect(kind.deliveryKey({ headers: {}, body, payload }), file).toMatch(/^[\w:-]+$/);
  }
});

describe('the address that is cloned from', () => {
  const config = {
    sources: {
      azure: { kind: 'azure-devops', url, clone: {} },
      folder: { kind: 'azure-devops', url, clone: { url: '/srv/git/{fullName}.git' } },
      hub: { kind: 'github', url: 'https://github.example', clone: {} },
      dc: { kind: 'bitbucket-data-center', url: 'https://git.example/bitbucket/', clone: {} },
    },
  } as unknown as Parameters<typeof sourceRemote>[0];
  const urlOf = (source: string, repository: string) => sourceRemote(config, { source, repository }).url;

  test('the address that is cloned from has its blanks and its letters escaped, and a path has not', () => {
    expect(urlOf('azure', 'My Project/Größe-Co')).toBe(`${url}/My%20Project/_git/Gr%C3%B6%C3%9Fe-Co`);
    expect(urlOf('folder', 'My Project/The Shop')).toBe('/srv/git/My Project/The Shop.git');
  });

  test('the address that is cloned from may be of a personal project', () => {
    expect(urlOf('dc', '~ada.l/shop')).toBe('https://git.example/bitbucket/scm/~ada.l/shop.git');
  });

  test.each([
    'shop',
    'a/../b',
    './b',
    '-x/b',
    'a/-b',
    ' a/b',
    'a/b ',
    'a/b;c',
    'a/$(id)',
    'a/b\nc',
    'a/b%2fc',
    'a/b?c',
    'a\\b/c',
    `a/${'b'.repeat(400)}`,
  ])('the address that is cloned from is never made of the name %j', (name) => {
    for (const source of ['azure', 'dc', 'hub'])
      expect(() => urlOf(source, name), source).toThrow("is not a repository's name");
  });

  test('the address that is cloned from takes no liberties that its provider does not', () => {
    for (const [source, name] of [
      ['hub', 'a/b c'],
      ['hub', '~a/b'],
      ['dc', 'a/b c'],
      ['dc', '~/b'],
      ['azure', '~a/b'],
    ])
      expect(() => urlOf(source ?? '', name ?? ''), `${name} of ${source}`).toThrow("is not a repository's name");
  });
});

describe('a vote', () => {
  const ada = { id: '1', displayName: 'Ada', uniqueName: 'ada@x.example', vote: 10 };
  const eve = { id: '2', displayName: 'Ada', uniqueName: 'eve@x.example', vote: 10 };
  const bob = { id: '3', displayName: 'Bob', uniqueName: 'bob@x.example' };
  const voteOf = (text: string, reviewers: readonly object[]) => {
    const resource = {
      ...{ pullRequestId: 2, status: 'active', title: 'x', createdBy: bob, reviewers },
      ...{ sourceRefName: 'refs/heads/a', targetRefName: 'refs/heads/main' },
      repository: push.resource.repository,
    };
    return kind.normalise({ resource, message: { text } }, 'git.pullrequest.updated', context);
  };

  test.each([
    ['Ada approved pull request 2 (x) in y', [ada], 'approved', 'ada@x.example'],
    ['Ada has approved and left suggestions on pull request 2 (x) in y', [ada], 'approved', 'ada@x.example'],
    ['Ada voted on pull request 2 (x) in y', [ada], 'approved', 'ada@x.example'],
    ['Ada rejected pull request 2 (x) in y', [ada], 'changes_requested', 'ada@x.example'],
  ])('is of whom the message names: %s', (text, reviewers, action, reviewer) => {
    expect(voteOf(text, reviewers)).toMatchObject({ event: { kind: 'review', action, reviewer } });
  });

  test.each([
    ['two people have the name', 'Ada approved pull request 2 (x) in y', [ada, eve]],
    ['the author has the name too', 'Bob approved pull request 2 (x) in y', [{ ...bob, id: '4' }]],
    ['the name only begins like theirs', 'Ada approved approved pull request 2 (x) in y', [ada]],
    ['the name goes on', 'Ada B approved pull request 2 (x) in y', [ada]],
  ])('is of nobody where %s', (_, text, reviewers) => {
    const answer = voteOf(text, reviewers);
    expect(answer).toMatchObject({ event: { kind: 'review', action: 'approved', reviewer: 'ghost' } });
    expect(answer).not.toHaveProperty('event.sender.id');
  });
});

test('a push is read although a commit of its list is malformed', () => {
  const resource = { ...push.resource, commits: [{ commitId: 7 }] };
  expect(kind.normalise({ ...push, resource }, 'git.push', context)).toMatchObject({ event: { kind: 'push' } });
});
