import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { watchArrivals } from '../../src/cli/client/hooks/arrivals.js';
import { addressWarnings } from '../../src/cli/client/hooks/hook-address.js';
import { neededKinds } from '../../src/cli/client/hooks/needed-kinds.js';
import { planHook } from '../../src/cli/client/hooks/plan-hook.js';
import { noArrival } from '../../src/cli/client/hooks/test-hook.js';
import { readReachedAs } from '../../src/config/reached-as.js';
import type { DeliveriesAnswer } from '../../src/server/api/contract.js';
import type { Automation } from '../../src/triggers/automation.js';
import { comment, manual, mergeGroup, pullRequest, push, release } from '../../src/triggers/index.js';
import { type FakeGithub, startFakeGithub } from '../support/fake-github/github.js';
import { openPlace, type Place, SECRET } from '../support/harness/place.js';
import { type HookyardProcess, startHookyard } from '../support/harness/process.js';
import { type ScriptedApi, scriptedApi } from '../support/scripted-api.js';

const TOKEN = 'ghp_canary5550123456';
const URL_HERE = 'https://hooks.example/webhooks/github';
const AUTOMATIONS = `import { automation, push, release, review } from 'hookyard/workflow';
export const build = automation({ on: push() }, async () => {});
export const publish = automation({ on: release({ repositories: ['acme/*'] }) }, async () => {});
export const elsewhere = automation({ on: review({ sources: ['gitlab'] }) }, async () => {});
`;
const SOURCES = `{
  github: {
    kind: 'github',
    secrets: [env('HOOK_SECRET'), env('OLD_SECRET')],
    repositories: ['acme/*'],
    api: { url: process.env.GITHUB_API ?? '', token: optionalEnv('GITHUB_TOKEN') },
  },
  gitlab: {
    kind: 'gitlab',
    secrets: [env('HOOK_SECRET')],
    api: { url: process.env.GITLAB_API ?? 'https://gitlab.example', token: optionalEnv('GITLAB_TOKEN') },
  },
  azure: {
    kind: 'azure-devops',
    url: 'https://dev.azure.com/acme',
    secrets: [env('HOOK_SECRET')],
    api: { token: optionalEnv('GITHUB_TOKEN') },
  },
  stripe: { kind: 'stripe', secrets: [env('HOOK_SECRET')] },
}`;

let place: Place;
let github: FakeGithub;
beforeAll(async () => {
  place = await openPlace({ sources: SOURCES, automations: AUTOMATIONS });
});
afterEach(() => github?.close());

/** `hookyard connect` against the stand-in of GitHub. */
async function connect(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const ended = await place.hookyard(['connect', ...args], {
    GITHUB_API: github.url,
    GITHUB_TOKEN: TOKEN,
    OLD_SECRET: 'the-secret-before-this-one',
    HOOKYARD_PUBLIC_URL: 'https://hooks.example/',
    ...env,
  });
  for (const secret of [SECRET, TOKEN]) expect(ended.out + ended.err).not.toContain(secret);
  return ended;
}

const EVENTS = [
  'push',
  'pull_request',
  'issue_comment',
  'commit_comment',
  'pull_request_review_comment',
  'pull_request_review',
  'release',
];

test('a webhook is made with what the automations need, tested, and left alone the second time', async () => {
  github = await startFakeGithub({ token: TOKEN });
  const first = await connect(['github', 'acme/app']);
  expect(first.code).toBe(0);
  expect(github.hooks).toEqual([
    {
      id: 1,
      active: true,
      events: EVENTS,
      config: { url: URL_HERE, content_type: 'json', insecure_ssl: '0', secret: SECRET },
    },
  ]);
  expect(first.out).toContain(`Address   ${URL_HERE}\n`);
  expect(first.out).toContain('Webhook   created\n');
  expect(readReachedAs(place.data)).toBe('https://hooks.example');
  expect(first.out).toContain('whether it arrived was not checked: No Hookyard server answers');
  const changes = ['POST /repos/acme/app/hooks', 'POST /repos/acme/app/hooks/1/pings'];
  expect(github.changes()).toEqual(changes);

  const second = await connect(['github', 'acme/app', '--json', '--no-test']);
  expect([second.code, JSON.parse(second.out)]).toEqual([
    0,
    {
      source: 'github',
      repository: 'acme/app',
      url: URL_HERE,
      done: 'nothing to change',
      id: '1',
      events: EVENTS,
      warnings: [],
    },
  ]);
  expect(github.changes()).toEqual(changes);
});

test('a webhook of the same address is brought up to date, and what else it tells of stays', async () => {
  github = await startFakeGithub({ token: TOKEN });
  github.hooks.push({ id: 1, active: false, events: ['push', 'fork'], config: { url: URL_HERE } });
  const dry = await connect(['github', 'acme/app', '--dry-run']);
  expect([dry.code, github.changes()]).toEqual([0, []]);
  expect(dry.out).toContain(
    'Webhook   would update: it is not active; it does not send pull_request, issue_comment, commit_comment, pull_request_review_comment, pull_request_review, release\n',
  );
  const { code, out } = await connect(['github', 'acme/app', '--no-test']);
  expect([code, github.hooks]).toMatchObject([
    0,
    [
      {
        id: 1,
        active: true,
        events: [
          'push',
          'fork',
          'pull_request',
          'issue_comment',
          'commit_comment',
          'pull_request_review_comment',
          'pull_request_review',
          'release',
        ],
      },
    ],
  ]);
  expect(out).toContain('Webhook   updated: ');
});

test('--events says what is needed, --url where', async () => {
  github = await startFakeGithub({ token: TOKEN });
  const args = [
    'github',
    'acme/app',
    '--events',
    'pull_request',
    '--url',
    'http://localhost:3000',
    '--dry-run',
    '--json',
  ];
  const { code, out } = await connect(args);
  expect([code, JSON.parse(out)]).toMatchObject([
    0,
    { url: 'http://localhost:3000/webhooks/github', done: 'would create', events: ['pull_request'] },
  ]);
  expect(JSON.parse(out).warnings).toEqual([
    expect.stringContaining('must be able to reach it'),
    expect.stringContaining('https'),
  ]);
});

test('what GitHub refuses ends with 1, and says which rights are needed', async () => {
  github = await startFakeGithub({ token: TOKEN });
  const unknown = await connect(['github', 'acme/unknown']);
  expect(unknown.code).toBe(1);
  expect(unknown.err).toContain('GitHub answered 404');
  expect(unknown.err).toContain('admin:repo_hook');
  const token = await connect(['github', 'acme/app'], { GITHUB_TOKEN: 'ghp_another' });
  expect(token.code).toBe(1);
  expect(token.err).toContain('GitHub answered 401');
  expect(github.hooks).toEqual([]);
});

test.each([
  [['github', 'acme/app'], { HOOKYARD_PUBLIC_URL: '' }, 'set server.publicUrl (or HOOKYARD_PUBLIC_URL), or give --url'],
  [['github', 'acme/app', '--url', 'nonsense'], {}, '--url takes an address'],
  [['github', 'acme/app', '--url', URL_HERE], {}, '--url must end before /webhooks'],
  [['github', 'acme/app', '--url', 'https://hooks.example/?to=here'], {}, '--url must have no query'],
  [['github', 'acme/app', '--events', 'push,frob'], {}, '--events takes a list of push, tag'],
  [
    ['github', 'acme/app'],
    { GITHUB_TOKEN: '' },
    'set sources.github.api.token or .app; it names an environment variable',
  ],
  [['github', 'acme/../app'], {}, 'may not speak for acme/../app'],
  [['gitlab', 'acme/../app'], { GITLAB_TOKEN: TOKEN }, 'is not a repository'],
  [['github', 'other/app'], {}, 'add it to sources.github.repositories'],
  [['azure', 'acme/app'], {}, "Webhooks of azure-devops can't be set by hookyard connect"],
  [['stripe', 'acme/app'], {}, 'has no repositories'],
  [['github', 'acme/app'], { GITHUB_API: 'http://127.0.0.1:1' }, 'GitHub did not answer'],
])('hookyard connect %s %j could not be tried, and ends with 2', async (args, env, words) => {
  github = await startFakeGithub({ token: TOKEN });
  const { code, out, err } = await connect(args, env as Record<string, string>);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(words);
});

describe("GitLab's test is a real push", () => {
  let gitlab: ScriptedApi;
  afterEach(() => gitlab.close());
  const hooks = '/api/v4/projects/acme%2Fapp/hooks';
  const hook = {
    id: 4,
    url: 'https://hooks.example/webhooks/gitlab',
    push_events: true,
    note_events: true,
    confidential_note_events: true,
    merge_requests_events: true,
    releases_events: true,
    token_present: true,
  };

  async function connectGitlab(...more: string[]) {
    github = await startFakeGithub({ token: TOKEN });
    return connect(['gitlab', 'acme/app', ...more], { GITLAB_API: gitlab.url, GITLAB_TOKEN: TOKEN });
  }

  test("GitLab's test, a real push, is only sent again when that is asked for, and its refusal ends with 1", async () => {
    gitlab = await scriptedApi(['private-token', TOKEN]);
    const list = { ask: `GET ${hooks}?page=1&per_page=100`, answer: [hook] };
    gitlab.expects(list);
    const quiet = await connectGitlab();
    expect(quiet.code).toBe(0);
    expect(quiet.out).toContain('Webhook   nothing to change\n');
    expect(quiet.out).toContain('not sent again, since it is a real push event');
    gitlab.expects(
      list,
      { ask: `POST ${hooks}/4/test/push_events`, status: 422, answer: { message: 'failed' } },
      { ask: 'GET /api/v4/projects/acme%2Fapp', answer: { empty_repo: false } },
    );
    const asked = await connectGitlab('--test');
    expect(asked.code).toBe(1);
    expect(asked.out).toContain("GitLab's test is a real push event");
    expect(asked.out).toContain('Refused   GitLab could not deliver its test push');
  });
});

describe('with a server that runs', () => {
  let server: HookyardProcess | undefined;
  afterEach(() => server?.kill('SIGTERM'));

  test('the ping is waited for where a server runs, and its delivery is named', async () => {
    github = await startFakeGithub({ token: TOKEN, sends: true });
    const more = { GITHUB_API: github.url, OLD_SECRET: 'the-secret-before-this-one' };
    server = await startHookyard(['server'], {
      data: String(place.env.HOOKYARD_DATA),
      env: { ...place.env, ...more, HOOKYARD_PORT: '0' },
    });
    const { code, out } = await connect(['github', 'acme/app', '--url', server.url, '--json']);
    const { done, test } = JSON.parse(out);
    expect([code, done, test.kind]).toEqual([0, 'created', 'arrived']);
    const explained = await place.hookyard(['explain', test.delivery, '--json'], more);
    expect(JSON.parse(explained.out)).toMatchObject({ id: test.delivery, eventName: 'ping', source: 'github' });
  });
});

describe('the kinds that are needed', () => {
  const all: Pick<Automation, 'on' | 'builtIn'>[] = [
    { on: [push({ repositories: ['acme/*', '!acme/old'] }), manual()] },
    { on: [pullRequest({ sources: ['gitlab'] })] },
    { on: [release({ repositories: ['other/app'] }), { kind: 'generic' }] },
    { on: [comment({ commands: ['retest'] })] },
    { on: [mergeGroup({ repositories: ['acme/queued'] })] },
    { on: [mergeGroup({ actions: ['destroyed'] })], builtIn: true },
  ];

  test.each([
    ['github', 'acme/app', ['push', 'comment']],
    ['github', 'acme/old', ['comment']],
    ['github', 'acme/queued', ['push', 'merge_group', 'comment']],
    ['gitlab', 'other/app', ['pull_request', 'comment', 'release']],
  ])('the kinds that are needed at %s for %s are those that automations listen to', (source, repository, kinds) => {
    expect(neededKinds(all, { source, repository })).toEqual(kinds);
  });
});

describe('the plan', () => {
  const hook = { id: '1', url: URL_HERE, active: true, events: ['push'] };
  const wanted = { url: `${URL_HERE}/`, events: ['push'] };

  test('hooks of other addresses do not count in the plan, and a slash at the end does not matter', () => {
    expect(planHook([{ ...hook, url: `${URL_HERE}2` }], wanted)).toEqual({ kind: 'create', events: ['push'] });
    expect(planHook([hook], wanted)).toEqual({ kind: 'nothing', id: '1', events: ['push'] });
    expect(planHook([{ ...hook, events: ['*'] }], wanted).kind).toBe('nothing');
  });

  test('trouble or --force has the hook written again', () => {
    expect(planHook([{ ...hook, warning: 'it has no secret' }], wanted)).toMatchObject({
      because: ['it has no secret'],
    });
    expect(planHook([hook], { ...wanted, force: true })).toMatchObject({
      kind: 'update',
      because: ['it was asked for'],
    });
  });
});

test.each([
  ['https://hooks.example/webhooks/a', 0],
  ['https://localhost/webhooks/a', 1],
  ['https://[::1]/webhooks/a', 1],
  ['http://10.0.0.7/webhooks/a', 2],
  ['https://172.32.0.1/webhooks/a', 0],
  ['http://hooks.example/webhooks/a', 1],
])('%s has %d warnings', (url, count) => {
  expect(addressWarnings(url)).toHaveLength(count);
});

describe('a test delivery', () => {
  const of = (id: string, eventName: string, fullName?: string) => ({
    id,
    eventName,
    receivedAt: 0,
    events: fullName ? [{ repository: { fullName } }] : [],
  });

  /** A server whose list is another at each question; the last one stays. */
  const server = (...lists: object[][]) => ({
    deliveries: async () =>
      ({ deliveries: (lists.length > 1 ? lists.shift() : lists[0]) ?? [] }) as unknown as DeliveriesAnswer,
  });
  const where = { source: 'gitea', repository: 'acme/app' };
  const soon = { deadlineMs: 20, everyMs: 1 };

  test('a test delivery is a new one of its event and repository', async () => {
    const [old, other, late] = [
      of('1', 'push', 'acme/app'),
      of('2', 'push', 'acme/other'),
      of('3', 'push', 'Acme/App'),
    ];
    const arrivals = await watchArrivals(server([old], [other, old], [of('4', 'ping'), late, other, old]), where);
    expect(await arrivals.next('push', { ...soon, deadlineMs: 20_000 })).toMatchObject({ id: '3' });
  });

  test('a test delivery that does not come is given up', async () => {
    const arrivals = await watchArrivals(server([of('1', 'push', 'acme/app')]), where);
    expect(await arrivals.next('push', soon)).toBeUndefined();
  });

  test('a test delivery that is not seen here is told of in the words of the provider', () => {
    const told = { at: '2026-03-01T09:00:00.000Z', event: 'ping' };
    expect(noArrival({ ...told, status: 401, ok: false }, 'ping')).toMatchObject({
      kind: 'lost',
      says: expect.stringContaining('was answered with 401'),
    });
    expect(noArrival({ ...told, ok: false }, 'ping').says).toContain('got no answer');
    expect(noArrival({ ...told, status: 202, ok: true }, 'ping').kind).toBe('answered');
    expect(noArrival(undefined, 'push').kind).toBe('lost');
  });
});
