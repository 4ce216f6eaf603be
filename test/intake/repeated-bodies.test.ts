import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProviderKind } from '../../src/providers/source.js';
import { generic, push, tag } from '../../src/triggers/index.js';
import { kinds, senderOf } from '../providers/senders.js';
import { SECRET } from '../providers/signing.js';
import type { Answer } from '../support/harness/delivery.js';
import { pullRequestPayload, pushPayload } from '../support/harness/payloads.js';
import { type Receiver, startReceiver } from '../support/harness/receiver.js';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);
const ZERO = '0'.repeat(40);

let receiver: Receiver;
let now = Date.now();

const of = (kind: ProviderKind, options: object = {}) => ({
  secrets: [SECRET],
  options: { kind, ...senderOf(kind).settings, ...options },
});

beforeAll(async () => {
  receiver = await startReceiver({
    config: {
      sources: {
        ...Object.fromEntries(kinds.map((kind) => [kind, of(kind)])),
        minutes: of('token', { repeatedBody: '10 minutes' }),
        field: of('hmac', { keyField: 'message.id' }),
        header: of('token', { keyHeader: 'X-Id' }),
        'old-gitlab': of('gitlab', { acceptSecretToken: true }),
        'old-gitlab-minutes': { ...of('gitlab', { repeatedBody: '10 minutes' }), secrets: ['a plain secret token'] },
      },
    },
    automations: () => [{ name: 'all', on: [push(), tag(), generic()], file: 'automations/all.ts' }],
    now: () => now,
  });
});
afterAll(() => receiver.close());

async function send(
  kind: ProviderKind,
  payload: unknown,
  {
    source = kind,
    event,
    headers = {},
  }: { source?: string; event?: string | undefined; headers?: Record<string, string> } = {},
): Promise<Answer & { status: number }> {
  const body = Buffer.from(JSON.stringify(payload));
  const signed = senderOf(kind).headers(body, now, event);
  const response = await fetch(`${receiver.url}/webhooks/${source}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...signed, ...headers },
    body,
  });
  return { status: response.status, ...((await response.json()) as Answer) };
}

const project = { id: 2, path_with_namespace: 'acme/shop', web_url: 'https://gitlab.example/acme/shop' };
const gitlabPush = (ref: string, before: string, after: string) => ({
  object_kind: ref.startsWith('refs/tags/') ? 'tag_push' : 'push',
  ref,
  before,
  after,
  checkout_sha: after === ZERO ? null : after,
  user_username: 'ada',
  project,
  commits: [],
  total_commits_count: 0,
});
const cloudPush = (before: string | null, after: string | null) => {
  const at = (hash: string | null) => (hash === null ? null : { type: 'tag', name: 'v1', target: { hash } });
  return {
    push: { changes: [{ old: at(before), new: at(after) }] },
    repository: {
      uuid: '{bc771cbf-829e-4c4b-b71f-a0eb3ac2b860}',
      full_name: 'acme/shop',
      links: { html: { href: 'https://bitbucket.org/acme/shop' } },
    },
    actor: { nickname: 'ada' },
  };
};

describe('the same body under a new id', () => {
  /** Those whose bodies hold a clock or an id of their own. */
  const guarded: Partial<Record<ProviderKind, 'key' | 'body'>> = {
    github: 'body',
    'bitbucket-data-center': 'body',
    'azure-devops': 'key',
    // The id is in the body; where it is not, the time is signed.
    stripe: 'key',
    slack: 'key',
  };

  it.each(kinds)('counts as a repeat at a source of %s only if no two events have the same bytes', async (kind) => {
    const { body, event } = senderOf(kind).bodies[0] ?? {};
    const dated = kind === 'bitbucket-data-center' ? { date: '2026-11-24T08:00:00+0000', ...(body as object) } : body;
    const first = await send(kind, dated, { event });
    expect(first.duplicate, JSON.stringify(first)).toBeUndefined();
    expect((await send(kind, dated, { event })).repeats).toBe(guarded[kind]);
  });

  it.each([
    ['check_run', { action: 'rerequested', check_run: { id: 1 } }],
    ['check_suite', { action: 'rerequested', check_suite: { id: 1 } }],
    ['check_run', { action: 'requested_action', check_run: { id: 1 } }],
    ['repository_dispatch', { action: 'deploy', client_payload: {} }],
    ['workflow_dispatch', { inputs: {}, ref: 'refs/heads/main' }],
    ['release', { action: 'edited', release: { id: 1, tag_name: 'v1', name: 'Forth again' } }],
  ])('is another event of GitHub where somebody may do so again: %s %o', async (event, payload) => {
    const told = { ...payload, repository: pushPayload({}).repository };
    expect(await send('github', told, { event })).not.toHaveProperty('duplicate');
    expect(await send('github', told, { event })).not.toHaveProperty('duplicate');
  });

  it.each([
    ['release', { action: 'published', release: { id: 1, tag_name: 'v1' }, repository: pushPayload({}).repository }],
    ['pull_request', pullRequestPayload({ action: 'edited' })],
  ])('is a repeat of GitHub where nobody may do so again: %s', async (event, payload) => {
    await send('github', payload, { event });
    expect((await send('github', payload, { event })).repeats).toBe('body');
  });

  it('is another event of Bitbucket Data Center where the body tells no time', async () => {
    const { body, event } = senderOf('bitbucket-data-center').bodies[0] ?? {};
    const { date: _, ...undated } = { date: '', extra: 'undated', ...(body as object) };
    await send('bitbucket-data-center', undated, { event });
    expect((await send('bitbucket-data-center', undated, { event })).repeats).toBeUndefined();
  });
});

describe('a ref that goes back and forth starts a run for each move', () => {
  const moves = async (kind: ProviderKind, event: string, payloads: readonly unknown[]) => {
    const answers: (Answer & { status: number })[] = [];
    for (const payload of payloads) {
      answers.push(await send(kind, payload, { event }));
      now += 1;
    }
    for (const answer of answers)
      expect([answer.status, answer.duplicate], JSON.stringify(answer)).toEqual([202, undefined]);
    return answers.map(({ runs = [] }) => runs.length);
  };

  it('a tag of GitLab that is deleted and pushed again', async () => {
    const made = gitlabPush('refs/tags/v1', ZERO, A);
    expect(await moves('gitlab', 'Tag Push Hook', [made, gitlabPush('refs/tags/v1', A, ZERO), made])).toEqual([
      1, 0, 1,
    ]);
  });

  it('a deploy branch of GitLab', async () => {
    const on = gitlabPush('refs/heads/env/prod', A, B);
    const back = gitlabPush('refs/heads/env/prod', B, A);
    expect(await moves('gitlab', 'Push Hook', [on, back, on, back, on])).toEqual([1, 1, 1, 1, 1]);
  });

  it('a tag of Bitbucket Cloud', async () => {
    const made = cloudPush(null, A);
    expect(await moves('bitbucket-cloud', 'repo:push', [made, cloudPush(A, null), made])).toEqual([1, 0, 1]);
  });

  it.each(['gitea', 'forgejo', 'gogs'] as const)('a branch of %s', async (kind) => {
    const on = pushPayload({ before: A, after: B, commits: [], head_commit: null });
    const back = pushPayload({ before: B, after: A, commits: [], head_commit: null });
    expect(await moves(kind, 'push', [on, back, on])).toEqual([1, 1, 1]);
  });

  it('a branch of GitHub within one second, and a captured body after it starts nothing', async () => {
    const change = { commits: [], head_commit: null, ref: 'refs/heads/back-and-forth' };
    const on = pushPayload({ ...change, before: A, after: B });
    const back = pushPayload({ ...change, before: B, after: A });
    expect(await moves('github', 'push', [on, back, on])).toEqual([1, 1, 1]);
    expect(await send('github', on, { event: 'push' })).toMatchObject({ duplicate: true, repeats: 'body' });
    expect(await send('github', on, { event: 'push' })).toMatchObject({ duplicate: true, repeats: 'body' });
  });

  it('but a push to another branch in between changes nothing', async () => {
    const change = { commits: [], head_commit: null };
    const on = pushPayload({ ...change, ref: 'refs/heads/one', before: A, after: B });
    await send('github', on, { event: 'push' });
    await send('github', pushPayload({ ...change, ref: 'refs/heads/two', before: B, after: A }), { event: 'push' });
    expect((await send('github', on, { event: 'push' })).repeats).toBe('body');
  });
});

describe('where a kind has no id', () => {
  it.each(['token', 'basic', 'hmac'] as const)(
    'each request to a source of %s is a delivery of its own',
    async (kind) => {
      for (const body of [{ action: 'deploy' }, {}, []]) {
        const answers = [await send(kind, body), await send(kind, body)];
        expect(answers.map(({ duplicate, runs = [] }) => [duplicate, runs.length])).toEqual([
          [undefined, 1],
          [undefined, 1],
        ]);
      }
    },
  );

  it('keyField names one, also within objects and as a number; without it, each request is one', async () => {
    const message = { message: { id: 17 }, text: 'one' };
    await send('hmac', message, { source: 'field' });
    expect(await send('hmac', { ...message, text: 'two' }, { source: 'field' })).toMatchObject({ repeats: 'key' });
    for (const body of [{}, { message: null }, { message: { id: {} } }, { message: { id: '' } }]) {
      await send('hmac', body, { source: 'field' });
      expect((await send('hmac', body, { source: 'field' })).repeats).toBeUndefined();
    }
    const odd = { message: { id: 'größer\u0000' } };
    await send('hmac', odd, { source: 'field' });
    expect((await send('hmac', odd, { source: 'field' })).repeats).toBe('key');
  });

  it('keyHeader names one, and a request without it is a delivery of its own', async () => {
    const with17 = { source: 'header', headers: { 'x-id': '17' } };
    await send('token', {}, with17);
    expect((await send('token', { other: 1 }, with17)).repeats).toBe('key');
    await send('token', {}, { source: 'header' });
    expect(await send('token', {}, { source: 'header' })).toMatchObject({ status: 202, runs: [expect.anything()] });
  });

  it('repeatedBody says for how long the same body is a repeat', async () => {
    const body = { nonce: randomUUID() };
    await send('token', body, { source: 'minutes' });
    now += 9 * 60_000;
    expect((await send('token', body, { source: 'minutes' })).repeats).toBe('body');
    now += 2 * 60_000;
    expect((await send('token', body, { source: 'minutes' })).repeats).toBeUndefined();
  });

  it('repeatedBody of a GitLab without ids does not lose a branch that goes back and forth', async () => {
    const old = { source: 'old-gitlab-minutes', event: 'Push Hook' };
    const headers = { 'x-gitlab-token': 'a plain secret token', 'webhook-signature': '', 'webhook-id': '' };
    const on = gitlabPush('refs/heads/main', A, B);
    const back = gitlabPush('refs/heads/main', B, A);
    const repeats: (string | undefined)[] = [];
    for (const payload of [on, on, back, on, on]) {
      repeats.push((await send('gitlab', payload, { ...old, headers })).repeats);
      now += 1_000;
    }
    expect(repeats).toEqual([undefined, 'body', undefined, undefined, 'body']);
  });
});
