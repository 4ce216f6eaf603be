import { describe, expect, test } from 'vitest';
import { commandsIn } from '../../src/intake/comments/commands-in.js';
import { schemeOf } from '../../src/providers/known-sources.js';
import { refName } from '../../src/providers/shapes.js';
import { eventsOf, MalformedPayload } from '../../src/providers/webhook-scheme.js';
import { detailsOf } from '../../src/runs/page.js';
import { pullRequestPayload, pushPayload, repository, SHA } from '../support/harness/payloads.js';
import { pushEvent } from '../triggers/sample-events.js';
import { azureFixtures } from './azure-devops/fixtures.js';
import { gitlabFixtures } from './gitlab/fixtures.js';
import { expectPromises } from './properties-promises.js';
import { context, seedsOf, sentAs } from './properties-seeds.js';
import { sourceOf } from './senders.js';

/** Each of these was a bug that the properties have found. */

const github = schemeOf(sourceOf('github'));
const toldBy = (event: string, payload: unknown) => {
  const answer = github.normalise(payload, event, context);
  return 'ignored' in answer ? answer : eventsOf(answer)[0];
};

test.each(['a\u2028../b', 'x/', '/x', 'x.', '.x', 'a//b', 'a/.b', 'x.lock', 'a.lock/b', '@{-1}', '\ud800'])(
  'a ref that git could not have is refused: %j',
  (name) => expect(refName.safeParse(`refs/heads/${name}`).success).toBe(false),
);

test.each(['main', 'a\u202eb', 'a\u2029b', '-x', '$(id)', ';id', 'ünï/🎉', 'a.b', 'x.locked', '@', 'it\'s-"q"'])(
  'a ref that git may have is read: %j',
  (name) => expect(refName.safeParse(`refs/heads/${name}`).success).toBe(true),
);

test('a ref of a push is never a branch without a name', () => {
  expect(() => toldBy('push', pushPayload({ ref: 'refs/heads/' }))).toThrow(MalformedPayload);
});

test('a repository whose owner leads up a path is refused', () => {
  for (const owner of ['.', '..'])
    expect(() => toldBy('push', pushPayload({ repository: { ...repository, full_name: `${owner}/x` } }))).toThrow(
      MalformedPayload,
    );
});

test('the time of a comment is ISO 8601 in UTC, and not whatever text stands there', () => {
  const comment = (created_at: string) => ({
    action: 'created',
    comment: { id: 1, body: 'x', commit_id: SHA, created_at },
    repository,
  });
  expect(toldBy('commit_comment', comment('2019-05-15T17:20:39+02:00'))).toMatchObject({
    comment: { createdAt: '2019-05-15T15:20:39.000Z' },
  });
  expect(toldBy('commit_comment', comment('<b>'))).not.toHaveProperty('comment.createdAt');
});

test('the branch of a status is left out when it can be none, and the status is told all the same', () => {
  const status = (name: string) => ({ sha: SHA, state: 'success', context: 'build', branches: [{ name }], repository });
  expect(toldBy('status', status('main'))).toHaveProperty('branch', 'main');
  for (const name of ['a\nb', '../..']) expect(toldBy('status', status(name))).not.toHaveProperty('branch');
  const pipeline = gitlabFixtures.find(({ headers }) => headers?.['x-gitlab-event'] === 'Pipeline Hook');
  const { object_attributes, ...rest } = (pipeline ?? gitlabFixtures[0]).body as { object_attributes: object };
  const body = { ...rest, object_attributes: { ...object_attributes, ref: 'a\nb' } };
  const answer = schemeOf(sourceOf('gitlab')).normalise(body, 'Pipeline Hook', context);
  expect('event' in answer && answer.event).toMatchObject({ kind: 'status' });
  expect('event' in answer && answer.event).not.toHaveProperty('branch');
});

test('a release of a tag that can be none is refused', () => {
  const release = { action: 'published', release: { tag_name: '../..' }, repository };
  expect(() => toldBy('release', release)).toThrow(MalformedPayload);
});

test('the address of a pull request’s commit is no longer than others, however long the pull request’s is', () => {
  const url = `https://github.com/${'x'.repeat(3_000)}`;
  const event = toldBy('pull_request', pullRequestPayload({}, { html_url: url }));
  expect(event).toMatchObject({ commit: { url: expect.stringMatching(/^.{1,2000}$/) } });
});

describe('a name of Azure DevOps', () => {
  const azure = schemeOf(sourceOf('azure-devops'));
  const [fixture] = azureFixtures;
  const named = (name: string) => {
    const { resource, ...body } = structuredClone(fixture.body) as { resource: { repository: { name: string } } };
    resource.repository.name = name;
    return () => azure.normalise({ ...body, resource }, 'git.push', context);
  };

  test('a name of Azure DevOps that holds half a character is refused, and does not break the address made of it', () => {
    expect(named('shop\ud800')).toThrow(MalformedPayload);
  });

  test('a name of Azure DevOps is no longer than names there are, so that the address made of it is bounded', () => {
    expect(named('商'.repeat(65))).toThrow(MalformedPayload);
    expect(named('商'.repeat(64))).not.toThrow();
  });
});

test('a payload nested by the thousand is left out of its event, which could not be stored with it', () => {
  const nested = (depth: number) => JSON.parse(`${'['.repeat(depth)}1${']'.repeat(depth)}`) as unknown;
  const stripe = schemeOf(sourceOf('stripe'));
  const dataOf = (data: unknown) => stripe.normalise({ id: 'evt_1', type: 'x', data }, 'x', context);
  expect(dataOf(nested(400))).toHaveProperty('event.data');
  expect(dataOf(nested(2_000))).not.toHaveProperty('event.data');
  expect(dataOf(nested(2_000))).toMatchObject({ event: { kind: 'generic', type: 'x', id: 'evt_1' } });
});

describe('a fence in a comment', () => {
  test('a fence in a comment is not closed by a line of backticks and tildes', () => {
    expect(commandsIn('```\n```~~~\n/deploy\n```')).toEqual([]);
  });

  test('a fence in a comment is not opened by code that ends in its own line', () => {
    expect(commandsIn('```code```\n/deploy')).toEqual([{ name: 'deploy', args: [] }]);
  });
});

describe('the details of a run', () => {
  const withUrl = (url: string) => detailsOf(pushEvent({ commit: { sha: SHA, url } }));

  test('the details of a run hold no backtick of an address, which would break its link', () => {
    expect(withUrl('https://x.example/?`a`')).toContain('](https://x.example/?%60a%60)');
  });

  test('the details of a run hold no letter that turns the direction of what follows', () => {
    expect(detailsOf(pushEvent({ commit: { sha: SHA, message: 'a\u061cb\u202ec' } }))).toContain('- message: abc');
  });
});

const kinds = [
  'github',
  'gitea',
  'forgejo',
  'gitlab',
  'bitbucket-cloud',
  'bitbucket-data-center',
  'azure-devops',
] as const;

/** The value, with each link in it made as long as a link may be. */
function withLongLinks(value: unknown): unknown {
  if (typeof value === 'string' && /^https?:/.test(value)) return value.padEnd(2_000, 'x');
  if (Array.isArray(value)) return value.map(withLongLinks);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withLongLinks(inner)]));
}

test.each(kinds)('a link that is made from a long one is no longer than a link may be: %s', (kind) => {
  const source = schemeOf(sourceOf(kind));
  const events = seedsOf(kind).flatMap(({ event, body }) => {
    const payload = withLongLinks(body);
    const sent = sentAs(kind, Buffer.from(JSON.stringify(payload)), event);
    const answer = source.normalise(payload, source.eventName({ ...sent, payload }), context);
    return 'ignored' in answer ? [] : eventsOf(answer);
  });
  expect(events.length).toBeGreaterThan(0);
  events.forEach(expectPromises);
});
