import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProviderKind } from '../../src/providers/source.js';
import { pullRequest, push, tag } from '../../src/triggers/index.js';
import { senderOf } from '../providers/senders.js';
import { SECRET } from '../providers/signing.js';
import type { Answer } from '../support/harness/delivery.js';
import { type Receiver, startReceiver } from '../support/harness/receiver.js';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);
const ZERO = '0'.repeat(40);
const KINDS = ['gitlab', 'gitea', 'forgejo', 'gogs', 'bitbucket-cloud'] as const;

let receiver: Receiver;
let now = Date.now();

beforeAll(async () => {
  const of = (kind: ProviderKind) => ({ secrets: [SECRET], options: { kind, ...senderOf(kind).settings } });
  receiver = await startReceiver({
    config: { sources: Object.fromEntries(KINDS.map((kind) => [kind, of(kind)])) },
    automations: () => [{ name: 'all', on: [push(), tag(), pullRequest()], file: 'automations/all.ts' }],
    now: () => now,
  });
});
afterAll(() => receiver.close());

/** A delivery: the provider's name for the event, and the payload. */
type Told = readonly [event: string, payload: object];

async function send(kind: ProviderKind, [event, payload]: Told, key?: string): Promise<Answer> {
  const body = Buffer.from(JSON.stringify(payload));
  const response = await fetch(`${receiver.url}/webhooks/${kind}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...senderOf(kind).headers(body, now, event),
      ...(key && { 'x-gitea-delivery': key }),
    },
    body,
  });
  now += 100;
  return (await response.json()) as Answer;
}

/** How many runs each of the deliveries starts. */
async function runs(kind: ProviderKind, ...told: readonly Told[]): Promise<number[]> {
  const counts: number[] = [];
  for (const one of told) {
    const answer = await send(kind, one);
    if (answer.duplicate) expect(answer.repeats).toBe('event');
    counts.push(answer.duplicate ? 0 : (answer.runs ?? []).length);
  }
  return counts;
}

/** A time at which no delivery of another test is remembered. */
const later = () => {
  now += 3_600_000;
};

const project = { id: 2, path_with_namespace: 'acme/lamp', web_url: 'https://gitlab.example/acme/lamp' };
const pushed = (ref: string, before: string, after: string) => ({
  event_name: ref.startsWith('refs/tags/') ? 'tag_push' : 'push',
  ref,
  before,
  after,
  checkout_sha: after === ZERO ? null : after,
  project,
});
const merge = (action: string, updated_at: string) => ({
  object_kind: 'merge_request',
  event_type: 'merge_request',
  project,
  user: { username: 'mila' },
  object_attributes: {
    iid: 7,
    title: 'Dim the lamp',
    state: 'opened',
    source_branch: 'dim',
    target_branch: 'main',
    source_project_id: 2,
    target_project_id: 2,
    url: 'https://gitlab.example/acme/lamp/-/merge_requests/7',
    last_commit: { id: A },
    action,
    updated_at,
  },
});
const system = (payload: object): Told => ['System Hook', payload];
const projects = (payload: { event_name?: string; object_kind?: string }): Told => {
  const names = { push: 'Push Hook', tag_push: 'Tag Push Hook', merge_request: 'Merge Request Hook' };
  return [names[(payload.event_name ?? payload.object_kind) as keyof typeof names], payload];
};

describe('what a system hook of GitLab tells', () => {
  const events: readonly [string, { event_name?: string; object_kind?: string }][] = [
    ['push', pushed('refs/heads/main', A, B)],
    ['tag', pushed('refs/tags/v1', ZERO, A)],
    ['merge request', merge('open', '2026-01-01 10:00:00 UTC')],
  ];

  it.each(events)('of a %s starts a run, where no other hook does', async (_, payload) => {
    later();
    expect(await runs('gitlab', system(payload))).toEqual([1]);
  });

  it.each(events)(
    'of a %s and the hook of the project too starts one run, whichever comes first',
    async (_, payload) => {
      later();
      expect(await runs('gitlab', system(payload), projects(payload))).toEqual([1, 0]);
      later();
      expect(await runs('gitlab', projects(payload), system(payload))).toEqual([1, 0]);
    },
  );

  it('is ignored where it is about accounts and projects', async () => {
    const answer = await send('gitlab', system({ event_name: 'user_create', username: 'mila' }));
    expect(answer.ignored).toBe("no automation can listen to a system hook's user_create events");
    expect((await send('gitlab', system({}))).ignored).toContain('unnamed');
  });

  it('is ignored, with what to choose instead, where it is about all refs of a push at once', async () => {
    const changes = [{ before: A, after: B, ref: 'refs/heads/main' }];
    const answer = await send('gitlab', system({ event_name: 'repository_update', project, changes }));
    expect(answer.ignored).toBe('push and tag push events report the same: choose those in the system hook');
  });

  it('of all refs of a push says so where GitLab tells of them in no other way', async () => {
    const change = (ref: string, before = ZERO, after = A) => ({ ref, before, after });
    const told = async (...changes: object[]) =>
      (await send('gitlab', system({ event_name: 'repository_update', project, changes }))).ignored;
    const tags = ['v1', 'v2', 'v3', 'v4'].map((tag) => change(`refs/tags/${tag}`));
    expect(await told(...tags)).toContain('of 4 refs at once GitLab sends none unless push_event_hooks_limit');
    // GitLab counts branches and tags by themselves, and what is made, moved and deleted.
    const others = [change('refs/heads/a'), change('refs/tags/v0', A, B), change('refs/tags/v', A, ZERO)];
    expect(await told(...tags.slice(1), ...others)).not.toContain('push_event_hooks_limit');
  });

  it('of a branch that goes back and forth is a run for each move, in whatever order both hooks tell', async () => {
    const on = pushed('refs/heads/prod', A, B);
    const back = pushed('refs/heads/prod', B, A);
    later();
    const inTurns = [on, back, on, back].flatMap((move) => [projects(move), system(move)]);
    expect(await runs('gitlab', ...inTurns)).toEqual([1, 0, 1, 0, 1, 0, 1, 0]);
    later();
    const inBlocks = [...[on, back, on].map(projects), ...[on, back, on].map(system)];
    expect(await runs('gitlab', ...inBlocks)).toEqual([1, 1, 1, 0, 0, 0]);
    later();
    const crossed = [projects(on), system(on), system(back), projects(back), system(on), projects(on)];
    expect((await runs('gitlab', ...crossed)).reduce((sum, count) => sum + count)).toBe(3);
  });

  it('of moves back and forth is a run for each, also where either hook leaves one out', async () => {
    const on = pushed('refs/heads/edge', A, B);
    const back = pushed('refs/heads/edge', B, A);
    later();
    // The project's hook fails at the third move.
    const third = [projects(on), system(on), projects(back), system(back), system(on)];
    expect(await runs('gitlab', ...third)).toEqual([1, 0, 1, 0, 1]);
    later();
    // The system hook fails at the first.
    const first = [projects(on), projects(back), system(back), projects(on), system(on), projects(on), system(on)];
    expect((await runs('gitlab', ...first)).reduce((sum, count) => sum + count)).toBe(4);
  });

  it('is one run for each move, whatever the order of what both hooks tell', async () => {
    const on = pushed('refs/heads/any', A, B);
    const back = pushed('refs/heads/any', B, A);
    const orders = fc.shuffledSubarray(
      [on, back, on, back, on].flatMap((move) => [projects(move), system(move)]),
      {
        minLength: 10,
      },
    );
    await fc.assert(
      fc.asyncProperty(orders, async (told) => {
        later();
        expect((await runs('gitlab', ...told)).reduce((sum, count) => sum + count)).toBe(5);
      }),
      { numRuns: 15 },
    );
  });

  it('of changes of a merge request in one second is one for each, in whatever order both hooks tell', async () => {
    const done = (how: object) => ({ ...merge('update', '2026-01-01 10:00:00 UTC'), ...how });
    const labelled = done({ changes: { labels: { previous: [], current: [{ title: 'bug' }] } } });
    const moved = done({ changes: { target_branch: { previous: 'main', current: 'next' } } });
    later();
    // Labels bring no new code, another target does.
    const crossed = [system(labelled), projects(moved), projects(labelled), system(moved)];
    expect(await runs('gitlab', ...crossed)).toEqual([0, 1, 0, 0]);
    const by = (username: string) => done({ ...merge('approved', '2026-01-01 10:00:00 UTC'), user: { username } });
    later();
    const judged: Answer[] = [];
    for (const one of [system(by('ada')), projects(by('bob')), projects(by('ada')), system(by('bob'))])
      judged.push(await send('gitlab', one));
    expect(judged.map(({ duplicate }) => duplicate === true)).toEqual([false, false, true, true]);
  });

  it('of both hooks at the same moment starts one run', async () => {
    later();
    const move = pushed('refs/heads/at-once', A, B);
    const answers = await Promise.all([send('gitlab', projects(move)), send('gitlab', system(move))]);
    expect(answers.filter(({ duplicate }) => duplicate)).toHaveLength(1);
  });

  it('an hour after the other hook has told the same is another move', async () => {
    later();
    const move = pushed('refs/heads/env/prod', A, B);
    expect(await runs('gitlab', projects(move))).toEqual([1]);
    later();
    expect(await runs('gitlab', system(move))).toEqual([1]);
  });
});

const CLOUD_UUID = '{bc771cbf-829e-4c4b-b71f-a0eb3ac2b860}';
const cloudPullRequest = ({ sha, ...change }: { readonly sha: string }) => {
  const side = (name: string, hash: string) => ({
    branch: { name },
    commit: { hash },
    repository: { uuid: CLOUD_UUID, full_name: 'acme/shop' },
  });
  return {
    ...{
      id: 7,
      title: 'Sell more',
      state: 'OPEN',
      source: side('more', sha),
      destination: side('main', 'e'.repeat(12)),
    },
    ...change,
  };
};

const repository = { id: 31, full_name: 'acme/lamp', html_url: 'https://git.example/acme/lamp', private: true };

describe.each(['gitea', 'forgejo', 'gogs'] as const)('a tag of %s', (kind) => {
  const byPush = (ref: string, after: string): Told => ['push', { ref, before: ZERO, after, commits: [], repository }];
  const byCreate = (ref: string, sha: string): Told => ['create', { ref, sha, ref_type: 'tag', repository }];
  const byDelete = (ref: string): Told => ['delete', { ref, ref_type: 'tag', repository }];
  const gone = (ref: string): Told => ['push', { ref, before: A, after: ZERO, commits: [], repository }];

  it('starts a run where a webhook tells of pushes only, or of creations only', async () => {
    later();
    expect(await runs(kind, byPush('refs/tags/v1', A), byCreate('v2', A))).toEqual([1, 1]);
  });

  it('starts one run where both are told', async () => {
    later();
    expect(await runs(kind, byPush('refs/tags/v3', A), byCreate('v3', A))).toEqual([1, 0]);
    expect(await runs(kind, byCreate('refs/tags/v4', A), byPush('refs/tags/v4', A))).toEqual([1, 0]);
  });

  it('that is deleted and pushed again starts a run each time, and is deleted once each time', async () => {
    later();
    const cycle = [byCreate('v5', A), byPush('refs/tags/v5', A), gone('refs/tags/v5'), byDelete('v5')];
    const answers: (boolean | undefined)[] = [];
    for (const one of [...cycle, ...cycle]) answers.push((await send(kind, one)).duplicate);
    expect(answers).toEqual([undefined, true, undefined, true, undefined, true, undefined, true]);
  });

  it('of the same name in another repository, or at another commit, is another', async () => {
    later();
    const elsewhere: Told = ['create', { ref: 'v6', sha: A, ref_type: 'tag', repository: { ...repository, id: 32 } }];
    expect(await runs(kind, byPush('refs/tags/v6', A), elsewhere, byCreate('v6', B))).toEqual([1, 1, 1]);
  });
});

describe('new commits of a pull request at Bitbucket Cloud', () => {
  const told = (event: 'push' | 'updated', sha: string, change: object = {}): Told => [
    `pullrequest:${event}`,
    { repository: { uuid: CLOUD_UUID, full_name: 'acme/shop' }, pullrequest: cloudPullRequest({ ...change, sha }) },
  ];
  const [first, second] = ['a'.repeat(12), 'b'.repeat(12)];

  it('start a run where a webhook tells of either alone', async () => {
    later();
    expect(await runs('bitbucket-cloud', told('push', first), told('push', second))).toEqual([1, 1]);
    later();
    expect(await runs('bitbucket-cloud', told('updated', first), told('updated', first))).toEqual([1, 1]);
  });

  it('start one run where both are told, whichever comes first', async () => {
    later();
    const moves = [told('updated', first), told('push', first), told('push', second), told('updated', second)];
    expect(await runs('bitbucket-cloud', ...moves)).toEqual([1, 0, 1, 0]);
    // Another title.
    expect(await runs('bitbucket-cloud', told('updated', second, { title: 'Sell less' }))).toEqual([1]);
  });

  it('are not told again by what changes the target, the draft or the title, whatever comes in between', async () => {
    const { destination: main } = cloudPullRequest({ sha: first });
    const changes: readonly (readonly [object, object])[] = [
      [{}, { destination: { ...main, branch: { name: 'release' } } }],
      [{ draft: true }, { draft: false }],
      [{ title: 'WIP: Sell more' }, {}],
    ];
    for (const [before, after] of changes) {
      later();
      const pushed = [told('push', first, before), told('updated', first, before)] as const;
      const changed = told('updated', first, after);
      expect(await runs('bitbucket-cloud', pushed[0], changed, pushed[1]), JSON.stringify(after)).toEqual([1, 1, 0]);
      later();
      expect(await runs('bitbucket-cloud', pushed[0], changed), JSON.stringify(after)).toEqual([1, 1]);
    }
    later();
    // A payload without the field is of no draft.
    const plain = told('updated', second, { draft: false });
    expect(await runs('bitbucket-cloud', told('push', second), plain)).toEqual([1, 0]);
  });

  it('of another pull request, and of another repository, are others', async () => {
    later();
    const elsewhere: Told = [
      'pullrequest:updated',
      { repository: { full_name: 'acme/lamp' }, pullrequest: cloudPullRequest({ sha: first }) },
    ];
    expect(await runs('bitbucket-cloud', told('push', first), told('updated', first, { id: 8 }), elsewhere)).toEqual([
      1, 1, 1,
    ]);
  });
});

it('what repeats another telling is kept, so that it is known when it is sent again, however late', async () => {
  later();
  const pushedTag: Told = ['push', { ref: 'refs/tags/v7', before: ZERO, after: A, commits: [], repository }];
  const created: Told = ['create', { ref: 'v7', sha: A, ref_type: 'tag', repository }];
  const first = await send('gitea', pushedTag, 'the-first');
  expect(await send('gitea', created, 'the-second')).toMatchObject({
    duplicate: true,
    repeats: 'event',
    delivery: first.delivery,
    runs: first.runs,
  });
  const kept = await receiver.store.inbox.find('the-second');
  expect(kept).toMatchObject({
    eventName: 'create',
    ignored: `delivery ${first.delivery} has told of it, as push`,
    dispatches: [],
  });
  expect(JSON.parse(`${await receiver.store.inbox.body(kept?.id ?? '')}`)).toEqual(created[1]);
  later();
  expect(await send('gitea', created, 'the-second')).toMatchObject({ duplicate: true, repeats: 'key', runs: [] });
});
